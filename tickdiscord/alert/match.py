"""`match:` of a handler file: the condition under which a handler hears of an event."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from tickdiscord.alert.event import Published
from tickdiscord.alert.instrument import Watched, watch
from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import Diagnostic, Severity, Source, warning
from tickdiscord.lambdas import EVERYWHERE, Environment, Failure, State, Type, Vocabulary, compile_lambda
from tickdiscord.lambdas.library import Function, Signature, Takes
from tickdiscord.lambdas.walk import postorder
from tickdiscord.syntax import tree
from tickdiscord.syntax.formatter import format_expression

MISSING = "TD534"

CONSTANTS: Mapping[str, int] = {level.name: int(level) for level in Level}
"""The names that `level()` is compared with."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A `match` as it is written, and the text that it stands in."""

    expression: tree.Expression
    source: Source


@dataclass(slots=True)
class Held:
    """The event that is being looked at."""

    published: Published | None = None


@dataclass(frozen=True, slots=True)
class Scene(Environment):
    """What a match may depend on: what every lambda may, and the event."""

    held: Held = field(default_factory=Held)

    @property
    def published(self) -> Published:
        """The event."""
        assert self.held.published is not None
        return self.held.published


def _changed(scene: Scene) -> bool:
    return scene.published.event.state.level != scene.published.previous


def _level(scene: Scene) -> int:
    return int(scene.published.event.state.level)


def _name(scene: Scene) -> str:
    return scene.published.event.name


def _task_name(scene: Scene) -> str:
    return scene.published.event.task


def _duration(scene: Scene) -> int:
    return scene.published.event.state.duration


def _of_event(name: str, doc: str, result: Type, behaviour: Callable[[Scene], object]) -> Function:
    return Function(name, doc, (), (Signature((), result, behaviour),), (), Takes.ENVIRONMENT, volatile=True)


FUNCTIONS = (
    _of_event("changed", "Whether the level is another than the topic knew of the event's id.", Type.BOOL, _changed),
    _of_event("level", "The level, to be compared with OK, INFO, WARNING and CRITICAL.", Type.INT, _level),
    _of_event("name", "The measurement.", Type.STRING, _name),
    _of_event("taskName", "The task whose alert it is.", Type.STRING, _task_name),
    _of_event("alertDuration", "How long the alert has not been OK.", Type.DURATION, _duration),
)
"""Kapacitor: `matchHandler`."""

VOCABULARY = Vocabulary(
    functions={**EVERYWHERE.functions, **{each.name: each for each in FUNCTIONS}},
    references=frozenset({Type.STRING}),
)
"""Beside its own functions a match has those of every lambda; its references are tags."""


class Match:
    """A compiled match. `trouble` hears of events that it cannot be evaluated for: they do not match.

    Raises:
        DiagnosticError: it is wrong whatever the event.
    """

    def __init__(
        self,
        condition: Condition,
        world: Environment,
        trouble: Callable[[Diagnostic], None],
        watched: Watched | None = None,
    ) -> None:
        self._held = Held()
        scene = Scene(world.clock, world.zone, world.random, self._held)
        expression = with_constants(condition.expression)
        seen = watch(watched)
        self._lambda = compile_lambda(expression, scene, condition.source, CONSTANTS, "`match`", VOCABULARY, seen)
        self._state: State | None = self._lambda.new_state() if self._lambda.stateful else None
        self._condition = condition
        self._trouble = trouble

    def __call__(self, published: Published) -> bool:
        """Whether an event matches. Kapacitor: one that lacks a tag which is named does not."""
        tags = published.event.tags
        missing = next((name for name in self._lambda.references if name not in tags), None)
        if missing is not None:
            self._tell(f"`{published.event.state.id}` has no tag `{missing}`, so that it does not match")
            return False
        self._held.published = published
        found = self._lambda.row(tags, self._state)
        if isinstance(found, Failure):
            self._trouble(dataclasses.replace(found.diagnostic(self._condition.source), severity=Severity.WARNING))
        return found is True

    def __str__(self) -> str:
        return format_expression(self._condition.expression)

    @property
    def stateful(self) -> bool:
        """Whether it has functions that remember events, such as `count()`."""
        return self._lambda.stateful

    def snapshot(self) -> object:
        """The state of functions that have one, such as `count()`."""
        return self._state

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` gave."""
        if self._lambda.stateful and state is not None:
            self._state = cast("State", state)

    def _tell(self, message: str) -> None:
        condition = self._condition
        hint = "a reference in `match` is a tag of the event: one that the alert groups by, or that its points have"
        self._trouble(warning(MISSING, message, condition.expression.span, hint, condition.source))


def with_constants(expression: tree.Expression) -> tree.Expression:
    """The expression with the numbers of the levels in place of their names."""
    stack: list[tree.Expression] = []
    for node, arity in postorder(expression):
        operands = stack[len(stack) - arity :]
        del stack[len(stack) - arity :]
        stack.append(_rebuilt(node, operands))
    return stack[-1]


def _rebuilt(node: tree.Expression, operands: Sequence[tree.Expression]) -> tree.Expression:
    match node:
        case tree.Identifier(name=name) if name in CONSTANTS:
            return tree.Integer(CONSTANTS[name], span=node.span)
        case tree.Binary():
            left, right = operands
            return dataclasses.replace(node, left=left, right=right)
        case tree.Unary():
            return dataclasses.replace(node, operand=operands[0])
        case tree.Function():
            return dataclasses.replace(node, args=tuple(operands))
        case tree.Lambda():
            return dataclasses.replace(node, expression=operands[0])
        case _:
            return node
