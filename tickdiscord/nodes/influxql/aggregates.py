"""The aggregates: functions that make one value of all the values of a window."""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, ClassVar

from tickdiscord.lambdas.int64 import divide_floats, wrap
from tickdiscord.nodes.influxql.function import (
    ANYTHING,
    NUMBERS,
    Function,
    GroupSeries,
    Operand,
    Times,
    Values,
    node_class,
)
from tickdiscord.nodes.influxql.reduce import ReduceStep
from tickdiscord.nodes.influxql.results import Results
from tickdiscord.nodes.node import Edge
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.windows import Windows
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Series, Value
from tickdiscord.properties import STRING, argument

if sys.version_info < (3, 12):
    added: Callable[[Values], Any] = sum
else:

    def added(values: Values) -> Any:
        """Their sum. Go adds floats one by one; so did Python's `sum`, until it began to make up for rounding."""
        *_, last = accumulate(values)
        return last


def count(values: Values, times: Times) -> int:
    """How many there are."""
    return len(values)


def total(values: Values, times: Times) -> int | float:
    """Their sum; one of ints wraps around."""
    found = added(values)
    return wrap(found) if isinstance(found, int) else found


def mean(values: Values, times: Times) -> float:
    """Their mean. Kapacitor: the sum of ints wraps around before it is divided."""
    found = added(values)
    return (float(wrap(found)) if isinstance(found, int) else found) / len(values)


def median(values: Values, times: Times) -> float:
    """The middle value, or what lies half-way between the two middle ones."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    high = ordered[middle]
    if len(ordered) % 2:
        return float(high)
    low = ordered[middle - 1]
    apart = wrap(high - low) if isinstance(low, int) else high - low
    return float(low) + apart / 2


def mode(values: Values, times: Times) -> Value:
    """The most frequent value.

    InfluxDB: of ties the one whose first point is not after the last point of the winner so far; and a value that
    occurs once can win only if it is the least.
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    current, since, frequency = values[order[0]], times[order[0]], 0
    winner, until, most = current, since, 0
    for index in order:
        value, time = values[index], times[index]
        if value != current:
            current, since, frequency = value, time, 1
            continue
        frequency += 1
        if frequency > most or (frequency == most and since <= until):
            winner, until, most = value, time, frequency
    return winner


def spread(values: Values, times: Times) -> int | float:
    """The greatest less the least."""
    apart = max(values) - min(values)
    if isinstance(apart, int):
        return wrap(apart)
    return math.nan if any(value != value for value in values) else apart


def stddev(values: Values, times: Times) -> float:
    """The standard deviation of a sample; not a number for a single value."""
    numbers = [float(value) for value in values if value == value]
    if len(values) < 2:
        return math.nan
    average = 0.0
    for number, value in enumerate(numbers, 1):
        average += (value - average) / number
    variance = 0.0
    for value in numbers:
        variance += (value - average) * (value - average)
    share = divide_floats(variance, len(numbers) - 1.0)
    return math.sqrt(share) if share >= 0 else math.nan


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate: its name, a sentence, the types it takes, and how it reduces the values of a window.

    `empty` is the result of an empty batch, None for none. `point_time` is the time of the result under
    `.usePointTimes()`, given the values' times; None where it is of no point.
    """

    name: str
    doc: str
    types: frozenset[type]
    reduce: Callable[[Values, Times], Value]
    empty: Value | None = None
    point_time: Callable[[Values, Times], int | None] | None = None


def _of_single(values: Values, times: Times) -> int | None:
    return times[0] if len(values) == 1 else None


def _of_single_float(values: Values, times: Times) -> int | None:
    return _of_single(values, times) if isinstance(values[0], float) else None


def _epoch(values: Values, times: Times) -> int:
    return 0


def _epoch_if_empty(values: Values, times: Times) -> int | None:
    return None if values else 0


AGGREGATES = (
    Aggregate("count", "How many points have the field; 0 for an empty batch.", ANYTHING, count, 0, _epoch_if_empty),
    Aggregate("mean", "The mean of the values, a float.", NUMBERS, mean),
    Aggregate("median", "The middle value, a float.", NUMBERS, median, point_time=_of_single_float),
    Aggregate("mode", "The most frequent value.", NUMBERS, mode, point_time=_of_single),
    Aggregate("spread", "The greatest value less the least.", NUMBERS, spread),
    # InfluxDB begins a sum as a point of 1970, and it keeps that time.
    Aggregate("sum", "The sum of the values; 0 for an empty batch.", NUMBERS, total, 0.0, _epoch),
    Aggregate("stddev", "The standard deviation of the values as a sample, a float.", NUMBERS, stddev),
)


@dataclass(eq=False)
class AggregateNode(Function):
    """A node that makes one point of a batch, or of the points of one time."""

    gives: ClassVar[Edge | None] = Edge.STREAM
    entry: ClassVar[Aggregate]

    field: str = argument(STRING, "The field that it is of.")

    def step(self, context: Context) -> Step:
        return ReduceStep(context, self.field, Aggregation(self, self.entry, context), whole=False)


NODES = tuple(node_class(AggregateNode, each.name, each.doc, entry=each) for each in AGGREGATES)


class Aggregation:
    """Makes a point of every window that has values."""

    def __init__(self, node: AggregateNode, entry: Aggregate, context: Context) -> None:
        self._operand = Operand(node, node.field, entry.types, context)
        self._series = GroupSeries(context)
        self._name = node.result
        self._reduce = entry.reduce
        self._point_time = entry.point_time if node.use_point_times else None
        self._empty = entry.empty if node.parents[0].edge is Edge.BATCH else None

    def __call__(self, windows: Windows) -> Chunk:
        """This is a hot path."""
        operand, reduce, series_of, point_time = self._operand, self._reduce, self._series.of, self._point_time
        empty = self._empty
        column_of, pure = windows.kept.column, windows.kept.only(operand.types)
        results: list[Value] = []
        times: list[int] = []
        series: list[Series] = []
        groups: list[Group] = []
        order: list[int] = []
        for group, name, end, cause, held, rows in windows.filled:
            column = column_of(rows, operand.field)
            places = None if pure else operand.usable(column)
            values: Values = column if places is None else [column[place] for place in places]
            moments = held if places is None else [held[place] for place in places]
            if values:
                result = reduce(values, moments)
            elif empty is not None:
                result = empty
            else:
                continue
            time = None if point_time is None else point_time(values, moments)
            results.append(result)
            times.append(end if time is None else time)
            series.append(series_of(group, name))
            groups.append(group)
            order.append(cause)
        return Chunk(Results(self._name, results, times), series, groups, order)
