"""The selectors: functions that choose one point of a window, which keeps its tags and its other fields."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from tickdiscord.nodes.influxql.function import (
    ANYTHING,
    NO_SERIES,
    NUMBERS,
    Function,
    Operand,
    Times,
    Values,
    node_class,
)
from tickdiscord.nodes.influxql.reduce import ReduceStep
from tickdiscord.nodes.node import Edge
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.windows import Windows
from tickdiscord.points.chunk import Chunk, Column, Rows
from tickdiscord.points.model import MOST_SERIES, Group, Series, Value
from tickdiscord.properties import FLOAT, STRING, argument

Choose = Callable[[Values, Times], int | None]
"""Which of the values; None for none of them."""


def least(values: Values, times: Times) -> int:
    """The least value, the earliest if it occurs several times."""
    return _earliest_of(min(values), values, times)


def greatest(values: Values, times: Times) -> int:
    """The greatest value, the earliest if it occurs several times."""
    return _earliest_of(max(values), values, times)


def first(values: Values, times: Times) -> int:
    """The value of the earliest time, by time and not by arrival. Of several the greatest, but false before true."""
    return _extreme_at(min(times), values, times, min if isinstance(values[0], bool) else max)


def last(values: Values, times: Times) -> int:
    """The value of the latest time, by time and not by arrival. Of several the greatest."""
    return _extreme_at(max(times), values, times, max)


def percentile(rank: float, values: Values, times: Times) -> int | None:
    """The value that so many percent are not above: the nearest rank, none if that is out of range."""
    place = len(values) * rank / 100.0 + 0.5
    if not 1 <= place < len(values) + 1:
        return None
    return sorted(range(len(values)), key=values.__getitem__)[math.floor(place) - 1]


def _earliest_of(wanted: Value, values: Values, times: Times) -> int:
    if values.count(wanted) < 2 or wanted != wanted:
        return values.index(wanted)
    return min((place for place, value in enumerate(values) if value == wanted), key=times.__getitem__)


def _extreme_at(time: int, values: Values, times: Times, extreme: Callable[..., int]) -> int:
    if times.count(time) < 2:
        return times.index(time)
    return extreme((place for place, each in enumerate(times) if each == time), key=values.__getitem__)


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector without arguments: its name, a sentence, the types it takes, and how it chooses."""

    name: str
    doc: str
    types: frozenset[type]
    choose: Choose


SELECTORS = (
    Selector("first", "The point of the earliest time.", ANYTHING, first),
    Selector("last", "The point of the latest time.", ANYTHING, last),
    Selector("min", "The point with the least value.", NUMBERS, least),
    Selector("max", "The point with the greatest value.", NUMBERS, greatest),
)


@dataclass(eq=False)
class SelectorNode(Function):
    """A node that gives one point of a batch, or of the points of one time."""

    gives: ClassVar[Edge | None] = Edge.STREAM
    entry: ClassVar[Selector]

    field: str = argument(STRING, "The field that it is of.")

    def step(self, context: Context) -> Step:
        operand = Operand(self, self.field, self.entry.types, context)
        return ReduceStep(context, self.field, Selection(self, operand, self.entry.choose, context), whole=True)


@dataclass(eq=False)
class Percentile(Function):
    """Kapacitor: `Percentile`. It is a selector: the nearest rank is the value of a point."""

    kind: ClassVar[str] = "percentile"
    gives: ClassVar[Edge | None] = Edge.STREAM
    doc: ClassVar[str] = "The point whose value so many percent of the values are not above."

    field: str = argument(STRING, "The field that it is of.")
    percentile: float = argument(FLOAT, "How many percent, for example 95.0.")

    def step(self, context: Context) -> Step:
        operand = Operand(self, self.field, NUMBERS, context)
        choose = partial(percentile, self.percentile)
        return ReduceStep(context, self.field, Selection(self, operand, choose, context), whole=True)


NODES = tuple(node_class(SelectorNode, each.name, each.doc, entry=each) for each in SELECTORS)


class Selection:
    """Takes a point out of every window that has values; its field gets the name of the result."""

    def __init__(self, node: Function, operand: Operand, choose: Choose, context: Context) -> None:
        self._operand = operand
        self._choose = choose
        self._name = node.result
        self._point_times = node.use_point_times
        self._pool = context.series
        self._series: dict[tuple[Series, str], Series] = {}

    def __call__(self, windows: Windows) -> Chunk:
        operand, column_of = self._operand, windows.kept.column
        pure = windows.kept.only(operand.types)
        values: Column = []
        points: list[Rows] = []
        times: list[int] = []
        series: list[Series] = []
        groups: list[Group] = []
        order: list[int] = []
        for group, name, end, cause, held, rows in windows.filled:
            column = column_of(rows, operand.field)
            places = None if pure else operand.usable(column)
            if places is None:
                place = self._choose(column, held) if column else None
            else:
                place = self._chosen_of(places, column, held)
            if place is None:
                continue
            _, chunk, index = rows[place]
            values.append(column[place])
            points.append(chunk.rows.take((index,)))
            times.append(held[place] if self._point_times else end)
            series.append(self._series_of(chunk.series[index], name))
            groups.append(group)
            order.append(cause)
        chosen = Chosen(operand.field, self._name, values, points, times)
        return Chunk(chosen, series, groups, order)

    def _chosen_of(self, places: list[int], column: Column, times: Times) -> int | None:
        """The place of the point, of those whose values are used."""
        if not places:
            return None
        chosen = self._choose([column[place] for place in places], [times[place] for place in places])
        return None if chosen is None else places[chosen]

    def _series_of(self, series: Series, name: str) -> Series:
        found = self._series.get((series, name))
        if found is None:
            if len(self._series) >= MOST_SERIES:
                self._series.clear()
            found = self._series[series, name] = self._pool.like(NO_SERIES, series.tags, name)
        return found


class Chosen:
    """`Rows` of points as they were, but with another name for one field.

    Each point is kept as rows of its own, so that none holds the chunk that it came in.
    """

    __slots__ = ("_field", "_name", "_points", "_times", "_values")

    def __init__(self, field: str, name: str, values: Column, points: list[Rows], times: list[int]) -> None:
        self._field = field
        self._name = name
        self._values = values
        self._points = points
        self._times = times

    def __len__(self) -> int:
        return len(self._times)

    def column(self, name: str) -> Column:
        """The values of one field."""
        if name == self._name:
            return [*self._values]
        if name == self._field:
            return [None] * len(self._times)
        return [point.column(name)[0] for point in self._points]

    def fields(self, index: int) -> Mapping[str, Value]:
        """The whole field set of one row."""
        fields = dict(self._points[index].fields(0))
        fields[self._name] = fields.pop(self._field)
        return fields

    def times(self) -> list[int]:
        """The timestamps, in nanoseconds."""
        return self._times

    def time(self, index: int) -> int:
        """The timestamp of one row, in nanoseconds."""
        return self._times[index]

    def take(self, indexes: Sequence[int]) -> "Chosen":
        """The rows at these indexes, in this order."""
        values, points, times = self._values, self._points, self._times
        return Chosen(
            self._field,
            self._name,
            [values[index] for index in indexes],
            [points[index] for index in indexes],
            [times[index] for index in indexes],
        )
