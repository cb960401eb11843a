"""Where a condition is true, as far as intervals tell: boxes of values, to see what lies within what."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tickdiscord.lambdas.text import text_of
from tickdiscord.lambdas.walk import postorder
from tickdiscord.syntax import tree

MOST_BOXES = 64
"""A condition of more alternatives is not looked at."""
MOST_TERMS = 200
"""Nor is one of more terms."""

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers between two bounds; `low` is (bound, whether it is left out), `high` (bound, whether it is in)."""

    low: tuple[float, bool] = (-math.inf, False)
    high: tuple[float, bool] = (math.inf, True)

    @property
    def empty(self) -> bool:
        return self.low[0] > self.high[0] or (self.low[0] == self.high[0] and (self.low[1] or not self.high[1]))

    def meet(self, other: "Interval") -> "Interval":
        """What is in both."""
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def within(self, other: "Interval") -> bool:
        """Whether all of it is in another."""
        return self.low >= other.low and self.high <= other.high


EVERYTHING = Interval()


@dataclass(frozen=True, slots=True)
class Box:
    """Conditions joined by AND: an interval for each term, and, in words, those that are none of intervals."""

    intervals: Mapping[str, Interval] = field(default_factory=dict[str, Interval])
    others: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        return any(each.empty for each in self.intervals.values())

    def meet(self, other: "Box") -> "Box":
        """Where both are true."""
        both = {
            name: self.intervals.get(name, EVERYTHING).meet(other.intervals.get(name, EVERYTHING))
            for name in (*self.intervals, *other.intervals)
        }
        return Box(both, self.others | other.others)

    def within(self, other: "Box") -> bool:
        """Whether it is true only where another is."""
        return other.others <= self.others and all(
            self.intervals.get(name, EVERYTHING).within(wanted) for name, wanted in other.intervals.items()
        )


Region = Sequence[Box]
"""Boxes joined by OR."""


def region(expression: tree.Expression) -> Region | None:
    """Where an expression is true; None if it has too many terms or alternatives."""
    if sum(1 for _ in postorder(expression)) > MOST_TERMS:
        return None
    return _region(expression)


def _region(expression: tree.Expression) -> Region | None:
    match expression:
        case tree.Lambda(expression=inner):
            return _region(inner)
        case tree.Binary(operator="OR" | "AND", left=left, right=right):
            one, other = _region(left), _region(right)
            if one is None or other is None:
                return None
            boxes = [*one, *other] if expression.operator == "OR" else [a.meet(b) for a in one for b in other]
            return boxes if len(boxes) <= MOST_BOXES else None
        case tree.Bool(value=value):
            return [Box()] if value else []
        case tree.Binary(operator=operator, left=left, right=right) if operator in MIRRORED:
            found = _comparison(operator, left, right) or _comparison(MIRRORED[operator], right, left)
            return [found or _other(expression)]
        case _:
            return [_other(expression)]


def never(found: Region) -> bool:
    """Whether nothing is in it."""
    return all(box.empty for box in found)


def within(inner: Region, outer: Region) -> bool:
    """Whether each box of one, if there is anything in it, lies within a box of the other."""
    return all(any(box.within(each) for each in outer) for box in inner if not box.empty)


def complement(found: Region) -> Region | None:
    """Where a single interval's condition is false; None for anything else."""
    if len(found) != 1 or found[0].others or len(found[0].intervals) != 1:
        return None
    ((name, interval),) = found[0].intervals.items()
    bound, left_out = interval.low
    below = Interval(high=(bound, left_out))
    bound, let_in = interval.high
    above = Interval(low=(bound, let_in))
    return [Box({name: each}) for each in (below, above) if not each.empty and each not in (_LOWEST, _HIGHEST)]


_LOWEST = Interval(high=(-math.inf, False))
_HIGHEST = Interval(low=(math.inf, True))


def _comparison(operator: str, term: tree.Expression, limit: tree.Expression) -> Box | None:
    number = _number(limit)
    if number is None or _number(term) is not None:
        return None
    interval = {
        "<": Interval(high=(number, False)),
        "<=": Interval(high=(number, True)),
        ">": Interval(low=(number, True)),
        ">=": Interval(low=(number, False)),
        "==": Interval((number, False), (number, True)),
    }[operator]
    return Box({text_of(term, MOST_TERMS): interval})


def _number(expression: tree.Expression) -> float | None:
    match expression:
        case tree.Integer(value=value) | tree.Float(value=value) | tree.Duration(value=value):
            return float(value)
        case tree.Unary(operator="-", operand=operand):
            number = _number(operand)
            return None if number is None else -number
        case _:
            return None


def _other(expression: tree.Expression) -> Box:
    return Box(others=frozenset({text_of(expression, MOST_TERMS)}))
