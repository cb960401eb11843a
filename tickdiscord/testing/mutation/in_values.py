"""Mutations of values and conditions: numbers, durations, comparisons, and how they are put together."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from tickdiscord.diagnostics import Span
from tickdiscord.syntax import tree
from tickdiscord.syntax.formatter import format_expression
from tickdiscord.testing.mutation.edits import Edit, Edits
from tickdiscord.testing.mutation.places import Argument, Place, Term

BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==", "=~": "!~", "!~": "=~"}
JUNCTION = {"AND": "OR", "OR": "AND"}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*"}
FUNCTIONS = {
    "max": "min",
    "min": "max",
    "floor": "ceil",
    "ceil": "floor",
    "strHasPrefix": "strHasSuffix",
    "strHasSuffix": "strHasPrefix",
    "strToUpper": "strToLower",
    "strToLower": "strToUpper",
    "sigma": "spread",
    "spread": "sigma",
    "year": "month",
    "month": "day",
    "day": "weekday",
    "weekday": "day",
    "hour": "minute",
    "minute": "hour",
}
TENTH = Decimal("0.1")


class _Number(NamedTuple):
    """A number in a script, and how fine it may be: by the data, and by what it is compared with."""

    literal: tree.Integer | tree.Float
    step: Decimal
    may_be_float: bool
    signed: bool
    """Whether a minus stands before it."""

    def moved(self, by: Decimal) -> Iterator[Edits]:
        """So much more, and so much less."""
        number = Decimal(str(self.literal.value))
        for moved in (number + by, number - by):
            if moved < 0 and self.signed:
                continue
            whole = isinstance(self.literal, tree.Integer) and (
                moved == moved.to_integral_value() or not self.may_be_float
            )
            yield (Edit(self.literal.span, _integer(moved) if whole else _float(moved)),)


def _number(place: Place) -> _Number | None:
    if not isinstance(place, Term | Argument) or not isinstance(literal := place.node, tree.Integer | tree.Float):
        return None
    is_float = isinstance(literal, tree.Float)
    step, may_be_float = place.script.grain.step(place.compared_with, literal.value, is_float=is_float)
    signed = isinstance(place, Term) and bool(place.above) and isinstance(place.above[0], tree.Unary)
    return _Number(literal, step, may_be_float, signed)


def number_by_a_step(place: Place) -> Iterator[Edits]:
    """The next number up and down, as fine as the data are."""
    if found := _number(place):
        yield from found.moved(found.step)


def number_by_a_tenth(place: Place) -> Iterator[Edits]:
    """A tenth more and less; of a whole number at least 1."""
    if (found := _number(place)) and (by := abs(Decimal(str(found.literal.value))) * TENTH):
        yield from found.moved(by if found.may_be_float else max(Decimal(1), by.to_integral_value()))


def _integer(number: Decimal) -> str:
    return str(int(number))


def _float(number: Decimal) -> str:
    return format_expression(tree.Float(float(number)))


def duration_by_half(place: Place) -> Iterator[Edits]:
    """Half and twice a duration: a window's period, an interval, how long a state must last."""
    match place:
        case Term(node=tree.Duration(value=value) as literal) | Argument(node=tree.Duration(value=value) as literal):
            for changed in (value // 2, value * 2):
                yield (Edit(literal.span, format_expression(tree.Duration(changed))),)
        case _:
            pass


def boundary(place: Place) -> Iterator[Edits]:
    """`<` for `<=`, and so on: what happens at the very value."""
    yield from _operator(place, BOUNDARY)


def opposite(place: Place) -> Iterator[Edits]:
    """A comparison that holds when it did not."""
    yield from _operator(place, OPPOSITE)


def junction(place: Place) -> Iterator[Edits]:
    """AND for OR, OR for AND."""
    yield from _operator(place, JUNCTION)


def arithmetic(place: Place) -> Iterator[Edits]:
    """Plus for minus, times for divided by."""
    yield from _operator(place, ARITHMETIC)


def _operator(place: Place, table: Mapping[str, str]) -> Iterator[Edits]:
    if isinstance(place, Term) and isinstance(place.node, tree.Binary):
        other = table.get(place.node.operator)
        if other is not None:
            yield (Edit(place.node.operator_span, other),)


def operand_dropped(place: Place) -> Iterator[Edits]:
    """One side of an AND or OR only."""
    if isinstance(place, Term) and isinstance(place.node, tree.Binary) and place.node.operator in JUNCTION:
        node = place.node
        for kept in (node.right, node.left):
            yield (Edit(node.span, place.script.text(kept.span)),)


def negation_dropped(place: Place) -> Iterator[Edits]:
    """`!x` becomes `x`."""
    match place:
        case Term(node=tree.Unary(operator="!", operand=operand) as node):
            yield (Edit(Span(node.span.start, operand.span.start)),)
        case _:
            pass


def bool_flipped(place: Place) -> Iterator[Edits]:
    """TRUE for FALSE."""
    match place:
        case Term(node=tree.Bool(value=value) as literal) | Argument(node=tree.Bool(value=value) as literal):
            yield (Edit(literal.span, "FALSE" if value else "TRUE"),)
        case _:
            pass


def function_exchanged(place: Place) -> Iterator[Edits]:
    """A function of a lambda for one that is easily taken for it, such as `max` for `min`."""
    if isinstance(place, Term) and isinstance(place.node, tree.Function):
        other = FUNCTIONS.get(place.node.name)
        if other is not None:
            yield (Edit(place.node.name_span, other),)
