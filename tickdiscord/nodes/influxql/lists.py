"""The functions that make a batch of each window: `|distinct()`, `|top()`, `|bottom()`, `|holtWinters()`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, NamedTuple

from tickdiscord.nodes.influxql.function import (
    ANYTHING,
    NO_SERIES,
    NUMBERS,
    Function,
    GroupSeries,
    Operand,
    Times,
    Values,
    node_class,
)
from tickdiscord.nodes.influxql.heap import best
from tickdiscord.nodes.influxql.holt_winters import Forecast
from tickdiscord.nodes.influxql.reduce import ReduceStep
from tickdiscord.nodes.influxql.results import Results
from tickdiscord.nodes.node import Edge
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.windows import Filled, Windows
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Series, Value
from tickdiscord.properties import DURATION, INTEGER, STRING, argument, arguments


class Found(NamedTuple):
    """One result: its value, the time of its point, and the place of that point if its tags are kept."""

    value: Value
    time: int
    place: int | None = None


MOST_FORECAST = 1 << 16
"""Kapacitor has no bound, and runs out of memory."""

Find = Callable[[Values, Times], list[Found]]


def distinct(values: Values, times: Times) -> list[Found]:
    """Each value once, by the time it first came."""
    firsts: dict[Value, Found] = {}
    for value, time in zip(values, times, strict=True):
        if value not in firsts:
            firsts[value] = Found(value, time)
    return sorted(firsts.values(), key=lambda found: (found.time, found.value))


def ranked(sign: int, most: int, values: Values, times: Times) -> list[Found]:
    """The greatest values, with a negative `sign` the least; of equal ones the earlier first."""
    keys = values if sign > 0 else [-value for value in values]

    def worse(one: int, other: int) -> bool:
        return keys[one] < keys[other] if keys[one] != keys[other] else times[one] > times[other]

    return [Found(values[place], times[place], place) for place in best(most, len(values), worse)]


def _some(number: int) -> str:
    return "" if number > 0 else "wants a number greater than zero"


def _interval(given: int) -> str:
    return "" if given > 0 else "wants an interval greater than zero"


def _horizon(given: int) -> str:
    return "" if given <= MOST_FORECAST else f"forecasts at most {MOST_FORECAST} points"


@dataclass(eq=False)
class Distinct(Function):
    """Kapacitor: `Distinct`."""

    kind: ClassVar[str] = "distinct"
    gives: ClassVar[Edge | None] = Edge.BATCH
    doc: ClassVar[str] = "Each value once."

    field: str = argument(STRING, "The field that it is of.")

    def step(self, context: Context) -> Step:
        operand = Operand(self, self.field, ANYTHING, context)
        return ReduceStep(context, self.field, Listing(self, operand, distinct, context), whole=False)


@dataclass(eq=False)
class Ranking(Function):
    """Kapacitor: `Top` and `Bottom`. The results have the tags of their points."""

    gives: ClassVar[Edge | None] = Edge.BATCH
    sign: ClassVar[int]

    most: int = argument(INTEGER, "How many.", check=_some)
    field: str = argument(STRING, "The field that it is of.")
    beside: tuple[str, ...] = arguments(STRING, "Fields and tags; in Kapacitor, too, they have no effect.")

    def step(self, context: Context) -> Step:
        operand = Operand(self, self.field, NUMBERS, context)
        find = partial(ranked, self.sign, self.most)
        return ReduceStep(context, self.field, Listing(self, operand, find, context), whole=True)


@dataclass(eq=False)
class HoltWinters(Function):
    """Kapacitor: `HoltWinters`; its results always have times of their own."""

    gives: ClassVar[Edge | None] = Edge.BATCH
    with_fit: ClassVar[bool]

    field: str = argument(STRING, "The field that it is of.")
    horizon: int = argument(INTEGER, "How many points to forecast.", check=_horizon)
    season: int = argument(INTEGER, "How many points make a season; less than 2 for none.")
    interval: int = argument(DURATION, "The time between two points.", check=_interval)

    def step(self, context: Context) -> Step:
        forecast = Forecast(self.horizon, self.season, self.interval, with_fit=self.with_fit)

        def find(values: Values, times: Times) -> list[Found]:
            return [Found(value, time) for time, value in forecast.of(list(map(float, values)), times)]

        operand = Operand(self, self.field, NUMBERS, context)
        listing = Listing(self, operand, find, context, point_times=True)
        return ReduceStep(context, self.field, listing, whole=False)


FORECAST = "Forecasts values by the Holt-Winters method with damping"

NODES = (
    node_class(Ranking, "top", "The points with the greatest values, the greatest first.", sign=1),
    node_class(Ranking, "bottom", "The points with the least values, the least first.", sign=-1),
    node_class(HoltWinters, "holtWinters", f"{FORECAST}.", with_fit=False),
    # Kapacitor calls the node and its result so, too.
    node_class(
        HoltWinters,
        "holtWintersWithFit",
        f"{FORECAST}, behind what fits the points.",
        title="holtWinters",
        with_fit=True,
    ),
)


class Listing:
    """Makes a batch of every window that has values."""

    def __init__(
        self, node: Function, operand: Operand, find: Find, context: Context, *, point_times: bool = False
    ) -> None:
        self._operand = operand
        self._find = find
        self._name = node.result
        self._point_times = point_times or node.use_point_times
        self._pool = context.series
        self._series = GroupSeries(context)

    def __call__(self, windows: Windows) -> list[Batch]:
        operand, column_of = self._operand, windows.kept.column
        pure = windows.kept.only(operand.types)
        batches: list[Batch] = []
        for filled in windows.filled:
            *_, times, rows = filled
            column = column_of(rows, operand.field)
            places = None if pure else operand.usable(column)
            if places is None and column:
                batches.append(self._batch(filled, self._find(column, times)))
            elif places:
                found = self._find([column[place] for place in places], [times[place] for place in places])
                placed = [each if each.place is None else each._replace(place=places[each.place]) for each in found]
                batches.append(self._batch(filled, placed))
        return batches

    def _batch(self, filled: Filled, found: list[Found]) -> Batch:
        """Kapacitor: the batch is not earlier than its points."""
        group, name, end, cause, _, points = filled
        times = [each.time if self._point_times else end for each in found]
        own = self._series.of(group, name)
        series = [own if each.place is None else self._merged(group, name, points[each.place]) for each in found]
        rows = Results(self._name, [each.value for each in found], times)
        chunk = Chunk(rows, series, [group] * len(found), [cause] * len(found))
        return Batch(name, group, group.tags, max([end, *times]), chunk, cause)

    def _merged(self, group: Group, name: str, row: Any) -> Series:
        """A series with the tags of the group and of a point."""
        _, chunk, index = row
        return self._pool.like(NO_SERIES, {**group.tags, **chunk.series[index].tags}, name)
