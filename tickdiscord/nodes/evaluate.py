"""Lambdas at work in a node: their operands out of a chunk, their state per group, and what becomes of failures."""

from collections.abc import Callable

from tickdiscord.alert.instrument import watch
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.lambdas import Failure, State, compile_lambda, of_chunk
from tickdiscord.lambdas.walk import postorder
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Value
from tickdiscord.syntax import tree


def is_plain(wanted: tree.Lambda) -> bool:
    """Whether the value of a lambda depends on the fields and tags of the point at hand, and on nothing else.

    A lambda that calls a function counts as one that does not, whatever the function.
    """
    return not any(
        isinstance(node, tree.Function) or (isinstance(node, tree.Reference) and node.name == "time")
        for node, _ in postorder(wanted.expression)
    )


class Evaluator:
    """A lambda of a node, compiled, with one state per group if it is stateful.

    `label` is whose lambda it is, as messages say it: `.crit()`. With `condition` it must be a bool.

    Raises:
        DiagnosticError: the lambda is wrong whatever the data.
    """

    def __init__(
        self, wanted: tree.Lambda, label: str, node: Node, context: Context, *, condition: bool = False
    ) -> None:
        self._label = label
        self._node = node
        self._context = context
        self._lambda = compile_lambda(
            wanted.expression,
            context.environment,
            context.source,
            context.variables,
            label if condition else "",
            watch=watch(context.watched(node, label)),
        )
        self.states: dict[Group, State] = {}
        self.stateful = self._lambda.stateful
        self.volatile = self._lambda.volatile
        self.references = self._lambda.references
        context.needs.one_by_one |= self.volatile

    def column(self, chunk: Chunk) -> list[Value | Failure]:
        """The value for each point of a chunk, in order; a failure where it has none."""
        if self.stateful:
            return list(map(self.rows(chunk), range(len(chunk))))
        return self._lambda.column(of_chunk(chunk, self.references), len(chunk))

    def rows(self, chunk: Chunk) -> Callable[[int], Value | Failure]:
        """A function from a row's index to its value, for lambdas that are not evaluated for every point."""
        run, references, groups = self._lambda.row, self.references, chunk.groups
        columns = of_chunk(chunk, references)
        state = self._state if self.stateful else None

        def value(index: int) -> Value | Failure:
            operands = {name: column[index] for name, column in zip(references, columns, strict=True)}
            return run(operands, state and state(groups[index]))

        return value

    def failed(self, failure: Failure) -> None:
        """Report that the lambda has no value for a point."""
        self._context.trouble(self._node, self._label, self.diagnostic(failure))

    def diagnostic(self, failure: Failure) -> Diagnostic:
        """A failure with its place in the script."""
        return failure.diagnostic(self._context.source)

    def snapshot(self) -> object:
        """Its states in all groups, as plain data; numbers, of which some may be infinite."""
        return by_group(self.states, _copy)

    def restore(self, plain: object) -> None:
        """Go on from what `snapshot` gave."""
        self.states.update(of_groups(plain, self._context.groups, _copy))

    def forget(self, group: Group) -> None:
        """The group has ended."""
        self.states.pop(group, None)

    def restart(self) -> None:
        """Forget every state, as at the beginning of a batch where a node begins anew with each."""
        self.states.clear()

    def _state(self, group: Group) -> State | None:
        state = self.states.get(group)
        if state is None:
            state = self.states[group] = self._lambda.new_state()
        return state


def _copy(state: State) -> State:
    return [list(numbers) for numbers in state]


class Predicate(Evaluator):
    """A lambda that must be a bool. A failure is reported, and not true."""

    def __init__(self, wanted: tree.Lambda, label: str, node: Node, context: Context) -> None:
        super().__init__(wanted, label, node, context, condition=True)

    def passing(self, chunk: Chunk) -> list[int]:
        """The indexes of the points it is true for."""
        values = self.column(chunk)
        passing = [index for index, value in enumerate(values) if value is True]
        if len(passing) + values.count(False) != len(values):
            for value in values:
                if isinstance(value, Failure):
                    self.failed(value)
        return passing
