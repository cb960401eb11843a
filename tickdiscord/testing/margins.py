"""The margin of a condition: how far its values are from where it would be decided otherwise.

- `"x" < 5` with x = 4 holds with a margin of 20%: the difference of both sides, as a part of the threshold. With x = 6
  it does not, and the margin is -20%. The threshold is the right side, or the left one if it alone has no fields in it.
- A threshold of 0 has no part: there the margin is the difference itself, `absolute`.
- `<`, `<=`, `>` and `>=` of numbers (and durations, times) have such margins. Everything else is yes or no: equality,
  regexes, bools, functions that give bools. Their margin is infinite.
- AND has the least of its sides' margins, OR the greatest, `!` the opposite one; a side that was not asked, since the
  other had decided, is asked for this. One that has no value then, for a field is missing, can never hold.
- A condition that fails on a point has no margin there.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tickdiscord.diagnostics import Source
from tickdiscord.gotext import format_float
from tickdiscord.lambdas import Environment, Explained, Explainer, Operand
from tickdiscord.lambdas.explain import LITERALS, NOT_EVALUATED, result_text
from tickdiscord.lambdas.walk import children, postorder
from tickdiscord.syntax import tree

ORDERED = ("<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a condition is from being decided otherwise: `distance` is never negative, and may be infinite.

    `text` is the comparison that decides about it, `value` and `threshold` are its sides.
    """

    holds: bool
    distance: float
    absolute: bool = False
    """Whether the distance is no part of the threshold, which is 0."""
    text: str = ""
    value: str = ""
    threshold: str = ""

    @property
    def signed(self) -> float:
        """The distance; negative, perhaps -0.0, if the condition does not hold."""
        return math.copysign(self.distance, 1 if self.holds else -1)

    @property
    def rank(self) -> tuple[bool, float]:
        """Margins are ordered by this; one that holds is above one that does not, though both be 0."""
        return self.holds, self.signed

    def nearer_than(self, distance: float) -> bool:
        """Whether it is less than a distance; 5.1 is 2% from 5, though that is no number that floats can hold."""
        return self.distance < distance * (1 - 1e-9)

    @property
    def finite(self) -> bool:
        return math.isfinite(self.distance)

    @property
    def opposite(self) -> "Margin":
        """That of the negated condition."""
        return self if self is NEVER else replace(self, holds=not self.holds)

    def __str__(self) -> str:
        """`-3.2%`, `+0.5` of a threshold that is 0."""
        return f"{'+' if self.holds else '-'}{part_text(self.distance, absolute=self.absolute)}"


NEVER = Margin(False, math.inf)
"""Of what has no value, whatever else it is asked with."""


def part_text(part: float, *, absolute: bool = False) -> str:
    """A part as people write it."""
    if not math.isfinite(part):
        return "∞"
    return format_float(_short(part)) if absolute else f"{format_float(_short(100 * part))}%"


def part(text: str) -> float:
    """`5%` or `0.05` as a number.

    Raises:
        ValueError: it is neither, or negative.
    """
    try:
        found = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise ValueError(f"`{text}` is no part") from None
    if not 0 <= found < math.inf:
        raise ValueError(f"`{text}` is no part of anything")
    return found


def _short(number: float) -> float:
    return float(f"{number:.3g}")


def combined(margins: Sequence[Margin | None], *, every: bool) -> Margin | None:
    """The margin of several conditions that must all hold, or of which one must; unknown ones are left out."""
    choose = min if every else max
    return choose((each for each in margins if each is not None), key=lambda each: each.rank, default=None)


class Gauge:
    """Says the margins of one condition."""

    def __init__(self, condition: tree.Expression, environment: Environment, source: Source | None = None) -> None:
        self._condition = condition
        self._environment = environment
        self._source = source
        self._skeleton = list(_skeleton(condition))
        self._again: dict[int, Explainer] = {}
        self._constant: dict[int, bool] = {}

    def of(self, explained: Explained, row: Mapping[str, Operand]) -> Margin | None:
        """The margin of what was explained for a point; None if it has no value there."""
        if not isinstance(explained.result, bool):
            return None
        parts = dict(_paired(self._condition, explained))
        stack: list[Margin | None] = []
        for node in self._skeleton:
            match node:
                case tree.Lambda():
                    pass
                case tree.Unary():
                    operand = stack.pop()
                    stack.append(operand and operand.opposite)
                case tree.Binary(operator="AND" | "OR" as operator):
                    right, left = stack.pop(), stack.pop()
                    stack.append(combined([left, right], every=operator == "AND"))
                case _:
                    stack.append(self._atom(node, parts.get(id(node)), row))
        return stack[-1]

    def _atom(self, node: tree.Expression, part: Explained | None, row: Mapping[str, Operand]) -> Margin | None:
        """The margin of what is not made up of other conditions; None if nobody knows."""
        if isinstance(node, tree.Bool):
            return Margin(node.value, math.inf)
        if part is None or part.result is NOT_EVALUATED:
            part = self._asked_again(node, row)
        if part is None:
            return None
        if not isinstance(part.result, bool):
            return NEVER
        if isinstance(node, tree.Binary) and node.operator in ORDERED:
            left, right = self._sides(node, part, row)
            if left is not None and right is not None:
                return self._compared(node, part, left, right)
        return Margin(part.result, math.inf, text=part.text)

    def _compared(self, node: tree.Binary, part: Explained, left: "_Side", right: "_Side") -> Margin:
        value, threshold = left, right
        if self._is_constant(node.left) and not self._is_constant(node.right):
            value, threshold = right, left
        difference = 0.0 if value.number == threshold.number else abs(float(value.number) - float(threshold.number))
        absolute = threshold.number == 0
        distance = difference if absolute else difference / abs(float(threshold.number))
        if math.isnan(distance):
            distance = math.inf
        return Margin(part.result is True, distance, absolute, part.text, value.text, threshold.text)

    def _sides(self, node: tree.Binary, part: Explained, row: Mapping[str, Operand]) -> "list[_Side | None]":
        found = dict(_paired(node, part))
        return [self._side(each, found.get(id(each)), row) for each in (node.left, node.right)]

    def _side(self, node: tree.Expression, part: Explained | None, row: Mapping[str, Operand]) -> "_Side | None":
        if isinstance(node, LITERALS):
            value: object = getattr(node, "value", None)
            text = getattr(node, "text", "") or str(value)
        else:
            if part is None or part.result is NOT_EVALUATED:
                part = self._asked_again(node, row)
            value, text = (part.result, result_text(part.result, part.type)) if part else (None, "")
        return _Side(value, text) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def _asked_again(self, node: tree.Expression, row: Mapping[str, Operand]) -> Explained | None:
        """What a part comes to that was left out; None if it remembers earlier points, so that asking changes it."""
        explainer = self._again.get(id(node))
        if explainer is None:
            explainer = self._again[id(node)] = Explainer(node, self._environment, self._source)
        return None if explainer.plan.stateful else explainer(row)

    def _is_constant(self, node: tree.Expression) -> bool:
        found = self._constant.get(id(node))
        if found is None:
            found = self._constant[id(node)] = not any(isinstance(each, tree.Reference) for each, _ in postorder(node))
        return found


@dataclass(frozen=True, slots=True)
class _Side:
    """A side of a comparison."""

    number: int | float
    text: str


def _skeleton(condition: tree.Expression) -> Iterator[tree.Expression]:
    """The nodes that make a condition out of others, each behind its parts, and what they are made of."""
    pending = [(condition, False)]
    while pending:
        node, done = pending.pop()
        parts = _conditions(node)
        if done or not parts:
            yield node
        else:
            pending += [(node, True), *((part, False) for part in reversed(parts))]


def _conditions(node: tree.Expression) -> Sequence[tree.Expression]:
    match node:
        case tree.Binary(operator="AND" | "OR") | tree.Unary(operator="!") | tree.Lambda():
            return children(node)
        case _:
            return ()


def _paired(condition: tree.Expression, explained: Explained) -> Iterator[tuple[int, Explained]]:
    """The nodes of an expression, by their identity, and what was found out about each."""
    pending = [(condition, explained)]
    while pending:
        node, part = pending.pop()
        yield id(node), part
        known = [each for each in children(node) if not isinstance(each, LITERALS)]
        if len(known) == len(part.parts):
            pending += zip(known, part.parts, strict=True)
