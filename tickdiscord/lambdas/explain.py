"""Evaluates an expression and shows what every part of it came to: for `eval --trace` and for reports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from tickdiscord import gotext
from tickdiscord.diagnostics import Source, Span
from tickdiscord.lambdas.codegen import Probe
from tickdiscord.lambdas.compiler import checked_plan
from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.failure import Failure
from tickdiscord.lambdas.plan import Plan, State
from tickdiscord.lambdas.specialise import Specialised, specialise
from tickdiscord.lambdas.text import duration_text, text_of
from tickdiscord.lambdas.textbytes import whole
from tickdiscord.lambdas.types import TIME_REFERENCE, TYPE_OF, Conflict, Operand, Type
from tickdiscord.points.model import Value
from tickdiscord.syntax import tree

LEVELS = 12
"""What is nested deeper shows as `…` in the text of a part; it has parts of its own."""


class Unevaluated(Enum):
    """The type of `NOT_EVALUATED`."""

    NOT_EVALUATED = "not evaluated"


NOT_EVALUATED = Unevaluated.NOT_EVALUATED
"""Stands for the value of a part that a short circuit or an earlier failure left out."""

Result = Value | Failure | Conflict | Unevaluated | None
"""What a part came to; None is a reference that the point lacks."""


LITERALS = (tree.Integer, tree.Float, tree.Duration, tree.String, tree.Bool, tree.Regex)


@dataclass(frozen=True, slots=True)
class Explained:
    """A part of an expression, what it came to, and its own parts; literals, which are what they are, are left out."""

    text: str
    span: Span
    type: Type | None
    result: Result
    parts: tuple["Explained", ...]

    @property
    def shown(self) -> str:
        """The result as a script would write it, or the message of the failure."""
        return result_text(self.result, self.type)

    def lines(self) -> Iterator[str]:
        """The parts as an indented tree, `text = value` a line."""
        pending: list[tuple[int, Explained]] = [(0, self)]
        while pending:
            level, part = pending.pop()
            yield f"{'  ' * level}{part.text} = {part.shown}"
            pending.extend((level + 1, each) for each in reversed(part.parts))


def explain(
    expression: tree.Expression,
    row: Mapping[str, Operand],
    environment: Environment,
    source: Source | None = None,
    state: State | None = None,
) -> Explained:
    """Evaluate an expression for one point, and say what every part came to.

    `row` holds the point's fields and tags by name, and its time under `time`. Parts are evaluated as in earnest: what
    a short circuit leaves out is `NOT_EVALUATED`, and `state`, which the lambda's `new_state` made, moves on.

    Raises:
        DiagnosticError: something is wrong with the expression whatever the data.
    """
    return Explainer(expression, environment, source)(row, state)


class Explainer:
    """Explains one expression for many points, as `explain` does for one.

    Raises:
        DiagnosticError: something is wrong with the expression whatever the data.
    """

    def __init__(self, expression: tree.Expression, environment: Environment, source: Source | None = None) -> None:
        self.plan = checked_plan(expression, environment, source)
        self._seen: dict[int, object] = {}
        self._specialised: dict[tuple[Type, ...], Specialised] = {}

    def __call__(self, row: Mapping[str, Operand], state: State | None = None) -> Explained:
        plan = self.plan
        values = [row.get(name, 0 if name == TIME_REFERENCE else None) for name in plan.references]
        types = tuple(
            Type.TIME if name == TIME_REFERENCE else TYPE_OF[type(value)]
            for name, value in zip(plan.references, values, strict=True)
        )
        specialised = self._specialised.get(types)
        if specialised is None:
            specialised = self._specialised[types] = specialise(plan, types, Probe(self._see))
        self._seen.clear()
        self._seen[len(plan.steps) - 1] = specialised.row(*values, plan.new_state() if state is None else state)
        return _explained(plan, dict(zip(plan.references, values, strict=True)), self._seen, specialised.types)

    def _see(self, number: int, value: object) -> object:
        self._seen[number] = value
        return value


def _explained(
    plan: Plan, row: Mapping[str, Operand], results: Mapping[int, object], types: tuple[Type | None, ...]
) -> Explained:
    stack: list[Explained | None] = []
    for number, step in enumerate(plan.steps):
        parts = tuple(part for part in stack[len(stack) - step.arity :] if part)
        del stack[len(stack) - step.arity :]
        node = step.node
        if isinstance(node, LITERALS) and len(plan.steps) > 1:
            stack.append(None)
            continue
        if isinstance(node, tree.Reference) and number not in results:
            result: Result = row[node.name]
        else:
            result = _result(results.get(number, NOT_EVALUATED), parts)
        stack.append(Explained(text_of(node, LEVELS), node.span, types[number] if types else None, result, parts))
    return next(each for each in stack if each)


def _result(seen: object, parts: tuple[Explained, ...]) -> Result:
    """What a part came to: a failure of one of its own parts, if there was nothing else."""
    if isinstance(seen, str):
        return whole(seen)
    if isinstance(seen, bool | int | float | Failure):
        return seen
    return next((part.result for part in parts if isinstance(part.result, Failure)), NOT_EVALUATED)


def result_text(result: Result, type: Type | None) -> str:
    """A result as a script would write it, or in words."""
    match result:
        case None:
            return "missing"
        case Failure():
            return result.message
        case Conflict() | Unevaluated():
            return result.value
        case bool():
            return "TRUE" if result else "FALSE"
        case int() if type is Type.DURATION:
            return duration_text(result)
        case int() if type is Type.TIME:
            return gotext.rfc3339(result)
        case float():
            return text_of(tree.Float(result)) if abs(result) < 1e21 else gotext.format_float(result)
        case int():
            return str(result)
        case str():
            return text_of(tree.String(result))
