"""Where a condition is true, as far as intervals tell: boxes of values, to see what lies within what."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import product

from tickdiscord.gotext import format_float
from tickdiscord.lambdas.library import FUNCTIONS
from tickdiscord.lambdas.text import text_of
from tickdiscord.lambdas.walk import postorder
from tickdiscord.syntax import tree

MOST_BOXES = 64
"""A condition of more alternatives is not looked at."""
MOST_TERMS = 200
"""Nor is one of more terms."""
MOST_EXACT = 2**53
"""From here on not every int is a float: an int and its neighbour may count as equal to one."""

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}

Bound = float | str


class Kind(Enum):
    """What a term must be for its comparison to be true; values of two kinds are never equal, nor in an order."""

    NUMBER = "number"
    DURATION = "duration"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class Interval:
    """The values between two bounds; `low` is (bound, whether it is left out), `high` (bound, whether it is in)."""

    low: tuple[Bound, bool] = (-math.inf, False)
    high: tuple[Bound, bool] = (math.inf, True)
    kind: Kind = Kind.NUMBER

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low[0] == self.high[0] and (self.low[1] or not self.high[1]))

    def meet(self, other: "Interval") -> "Interval":
        """What is in both."""
        if self.kind != other.kind:
            return NOTHING
        return Interval(max(self.low, other.low), min(self.high, other.high), self.kind)

    def holds(self, value: Bound) -> bool:
        """Whether a value of its kind is in it."""
        return (value, False) >= self.low and (value, True) <= self.high

    @property
    def text(self) -> str:
        """The interval in words: `> 90`, `from 10 to 20`."""
        (low, above), (high, up_to) = self.low, self.high
        if low == high:
            return f"== {_text(low)}"
        least = "" if low == -math.inf else f"{'>' if above else '>='} {_text(low)}"
        most = "" if high == math.inf else f"{'<=' if up_to else '<'} {_text(high)}"
        return " and ".join(filter(None, (least, most)))

    def within(self, other: "Interval") -> bool:
        """Whether all of it is in another."""
        return self.kind == other.kind and self.low >= other.low and self.high <= other.high


def _text(bound: Bound) -> str:
    return f"'{bound}'" if isinstance(bound, str) else format_float(bound)


NOTHING = Interval((math.inf, True), (-math.inf, False))

Need = tuple[str, Kind | None]
"""A term that must have a value of this kind for a condition to come to a result; None for one of no interval."""


@dataclass(frozen=True, slots=True)
class Box:
    """Conditions joined by AND: an interval for each term, and, in words, those that are none of intervals.

    It is true only there, and surely so where the terms that it `needs` have values of their kind: with a missing
    field a condition fails, and counts as false.
    """

    intervals: Mapping[str, Interval] = field(default_factory=dict[str, Interval])
    others: frozenset[str] = frozenset()
    needs: frozenset[Need] = frozenset()

    @property
    def empty(self) -> bool:
        return any(each.empty for each in self.intervals.values())

    def meet(self, other: "Box") -> "Box":
        """Where both are true."""
        both = {**self.intervals, **other.intervals}
        for name in self.intervals.keys() & other.intervals.keys():
            both[name] = self.intervals[name].meet(other.intervals[name])
        return Box(both, self.others | other.others, self.needs | other.needs)

    def within(self, other: "Box") -> bool:
        """Whether it is true only where another surely is."""
        return (
            other.others <= self.others
            and all(name in self.intervals and self.intervals[name].within(it) for name, it in other.intervals.items())
            and all(map(self._has, other.needs))
        )

    def _has(self, need: Need) -> bool:
        name, kind = need
        if kind is None:
            return name in self.others
        return name in self.intervals and self.intervals[name].kind == kind


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
        case tree.Binary(operator="OR" | "AND" as operator, left=left, right=right):
            one, other = _region(left), _region(right)
            if one is None or other is None:
                return None
            if operator == "AND":
                return meet(one, other)
            # Kapacitor: the right side is asked only where the left one has come to a result.
            asked = frozenset(_needs(left))
            boxes = [*one, *(Box(each.intervals, each.others, each.needs | asked) for each in other)]
            return boxes if len(boxes) <= MOST_BOXES else None
        case tree.Bool(value=value):
            return [Box()] if value else []
        case _:
            return [_leaf(expression)]


def _leaf(expression: tree.Expression) -> Box:
    """A condition without AND and OR."""
    if _wavers(expression):
        return Box(needs=frozenset({NEVER_KNOWN}))
    found = comparison(expression)
    if found is None:
        return Box(others=frozenset({text_of(expression, MOST_TERMS)}))
    term, interval = found
    return Box({text_of(term, MOST_TERMS): interval})


def comparison(expression: tree.Expression) -> tuple[tree.Expression, Interval] | None:
    """The term that is compared with a constant, and where that is true; None for anything else."""
    if not isinstance(expression, tree.Binary) or expression.operator not in MIRRORED or _wavers(expression):
        return None
    operator, left, right = expression.operator, expression.left, expression.right
    return _compared(operator, left, right) or _compared(MIRRORED[operator], right, left)


NEVER_KNOWN: Need = ("", None)
"""What a condition needs of which one never knows that it is true: one with a state, or with the time of day."""


def _wavers(expression: tree.Expression) -> bool:
    """Whether it may have two values for one point."""
    names = (node.name for node, _ in postorder(expression) if isinstance(node, tree.Function))
    functions = (FUNCTIONS[name] for name in names if name in FUNCTIONS)
    return any(function.volatile or function.initial for function in functions)


def _needs(expression: tree.Expression) -> Iterator[Need]:
    """What an expression needs to come to a result, true or false."""
    match expression:
        case tree.Binary(operator="OR" | "AND", left=left, right=right):
            yield from _needs(left)
            yield from _needs(right)
        case tree.Lambda(expression=inner):
            yield from _needs(inner)
        case tree.Bool():
            pass
        case _:
            leaf = _leaf(expression)
            yield from leaf.needs
            yield from ((name, each.kind) for name, each in leaf.intervals.items())
            yield from ((name, None) for name in leaf.others)


def meet(one: Region, other: Region) -> Region | None:
    """Where both are true; None if that has too many alternatives."""
    if len(one) * len(other) > MOST_BOXES:
        return None
    return [a.meet(b) for a, b in product(one, other)]


def never(found: Region) -> bool:
    """Whether nothing is in it."""
    return all(box.empty for box in found)


def within(inner: Region, outer: Region) -> bool:
    """Whether each box of one, if there is anything in it, lies within a box of the other."""
    return all(any(box.within(each) for each in outer) for box in inner if not box.empty)


def complement(found: Region) -> Region | None:
    """Where a single condition on a number is false, of all numbers; None for anything else."""
    if len(found) != 1 or found[0].others or found[0].needs or len(found[0].intervals) != 1:
        return None
    ((name, interval),) = found[0].intervals.items()
    if interval.kind is not Kind.NUMBER:
        return None
    bound, left_out = interval.low
    below = Interval(high=(bound, left_out))
    bound, let_in = interval.high
    above = Interval(low=(bound, let_in))
    return [Box({name: each}) for each in (below, above) if not each.empty and each not in (_LOWEST, _HIGHEST)]


_LOWEST = Interval(high=(-math.inf, False))
_HIGHEST = Interval(low=(math.inf, True))


def _compared(operator: str, term: tree.Expression, limit: tree.Expression) -> tuple[tree.Expression, Interval] | None:
    found = _constant(limit)
    if found is None or _constant(term) is not None:
        return None
    bound, kind = found
    if kind is Kind.STRING and operator != "==":
        return None
    interval = {
        "<": Interval(high=(bound, False), kind=kind),
        "<=": Interval(high=(bound, True), kind=kind),
        ">": Interval(low=(bound, True), kind=kind),
        ">=": Interval(low=(bound, False), kind=kind),
        "==": Interval((bound, False), (bound, True), kind),
    }[operator]
    return term, interval


def _constant(expression: tree.Expression) -> tuple[Bound, Kind] | None:
    match expression:
        case tree.Integer(value=value) | tree.Float(value=value) if abs(value) >= MOST_EXACT:
            return None
        case tree.Integer(value=value) | tree.Float(value=value):
            return value, Kind.NUMBER
        case tree.Duration(value=value):
            return value, Kind.DURATION
        case tree.String(value=value):
            return value, Kind.STRING
        case tree.Unary(operator="-", operand=operand):
            match _constant(operand):
                case (float() | int() as number, kind):
                    return -number, kind
                case _:
                    return None
        case _:
            return None
