"""What is known of a lambda before any types are: its nodes in evaluation order, its references, its states."""

from collections.abc import Mapping
from dataclasses import dataclass

from tickdiscord.diagnostics import Source
from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.library import Function, Takes
from tickdiscord.lambdas.vocabulary import EVERYWHERE, Vocabulary
from tickdiscord.lambdas.walk import postorder
from tickdiscord.syntax import tree

State = list[list[float]]
"""The state of a lambda for one group: a list of numbers for each stateful function in it. They may be infinite."""


@dataclass(frozen=True, slots=True)
class Step:
    """A node of the tree, with how many of the values before it are its operands."""

    node: tree.Expression
    arity: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked expression, ready to be specialised on types."""

    expression: tree.Expression
    steps: tuple[Step, ...]
    """The nodes in evaluation order; a node's number is its index here."""
    references: tuple[str, ...]
    slots: Mapping[int, int]
    """The place in the state, by the number of the call."""
    stateful: tuple[Function, ...]
    """The function that each place of the state belongs to."""
    volatile: bool
    environment: Environment
    source: Source | None
    condition: str = ""
    """Whose condition it is, such as `.crit()`; empty if it need not be a bool."""
    vocabulary: Vocabulary = EVERYWHERE

    @property
    def by_environment(self) -> bool:
        """Whether it may come to something else in another environment."""
        names = (step.node.name for step in self.steps if isinstance(step.node, tree.Function))
        return any(self.vocabulary.functions[name].takes is Takes.ENVIRONMENT for name in names)

    def new_state(self) -> State:
        """The state of a group that has seen nothing yet."""
        return [function.initial() for function in self.stateful if function.initial]


def plan(
    expression: tree.Expression,
    environment: Environment,
    source: Source | None,
    condition: str = "",
    vocabulary: Vocabulary = EVERYWHERE,
) -> Plan:
    """The plan of an expression that has passed the check."""
    steps = tuple(Step(node, arity) for node, arity in postorder(expression))
    references = dict.fromkeys(step.node.name for step in steps if isinstance(step.node, tree.Reference))
    calls = [vocabulary.functions[step.node.name] for step in steps if isinstance(step.node, tree.Function)]
    slots, stateful = _slots(steps, vocabulary)
    volatile = any(function.volatile for function in calls)
    names = tuple(references)
    return Plan(expression, steps, names, slots, stateful, volatile, environment, source, condition, vocabulary)


def _slots(steps: tuple[Step, ...], vocabulary: Vocabulary) -> tuple[dict[int, int], tuple[Function, ...]]:
    """Where each call keeps its state.

    Kapacitor: all calls of a function in one lambda share one state, so `count() + count()` is 3 at first; a lambda
    that came in by a var has states of its own.
    """
    slots: dict[int, int] = {}
    stateful: list[Function] = []
    pending: list[list[int]] = []
    for number, step in enumerate(steps):
        mine = [call for calls in pending[len(pending) - step.arity :] for call in calls] if step.arity else []
        del pending[len(pending) - step.arity :]
        if isinstance(step.node, tree.Function) and vocabulary.functions[step.node.name].initial:
            mine.append(number)
        if isinstance(step.node, tree.Lambda) or number == len(steps) - 1:
            _share(mine, steps, slots, stateful, vocabulary)
            mine = []
        pending.append(mine)
    return slots, tuple(stateful)


def _share(
    calls: list[int],
    steps: tuple[Step, ...],
    slots: dict[int, int],
    stateful: list[Function],
    vocabulary: Vocabulary,
) -> None:
    scope: dict[str, int] = {}
    for number in calls:
        node = steps[number].node
        if isinstance(node, tree.Function):
            if node.name not in scope:
                scope[node.name] = len(stateful)
                stateful.append(vocabulary.functions[node.name])
            slots[number] = scope[node.name]
