"""The transformations: functions that make a value of each point and those before it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, cast

from tickdiscord.lambdas.int64 import divide, wrap
from tickdiscord.nodes.influxql.function import ANYTHING, NUMBERS, Function, GroupSeries, Operand, node_class
from tickdiscord.nodes.influxql.results import Results
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.windows import Windows
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Series, Value
from tickdiscord.properties import DURATION, INTEGER, STRING, argument

Advance = Callable[["Run", Any, int], Value | None]
"""Takes the next value and its time; the result, if there is one."""


@dataclass(slots=True)
class Run:
    """The state of a transformation: what it remembers of the points so far, and its last result.

    `kind` is the type of its values; `held` are values, or a sum, as the transformation needs them.
    """

    kind: type
    time: int | None = None
    held: list[Any] | None = None
    result: Value | None = None


def difference(run: Run, value: Any, time: int) -> Value | None:
    """The value less the one before. InfluxDB: a point of the same time as the one before is skipped."""
    if run.time == time:
        return None
    before, run.held, run.time = run.held, [value], time
    if before is None:
        return None
    apart = value - before[0]
    return wrap(apart) if isinstance(apart, int) else apart


def cumulative_sum(run: Run, value: Any, time: int) -> Value:
    """The sum of all values so far."""
    added = run.held[0] + value if run.held else value
    run.held, run.time = [wrap(added) if isinstance(added, int) else added], time
    return run.held[0]


def elapsed(unit: int, run: Run, value: Any, time: int) -> Value | None:
    """How many whole units of time have passed since the point before."""
    before, run.time = run.time, time
    return None if before is None else divide(wrap(time - before), unit)


def moving_average(most: int, run: Run, value: Any, time: int) -> Value | None:
    """The mean of the last values, once there are that many. `held` begins with their sum and the place of the oldest.

    InfluxDB: the sum is carried along, and not added up anew.
    """
    if run.held is None:
        run.held = [0 if run.kind is int else 0.0, 0]
    held = run.held
    if len(held) - 2 < most:
        held.append(value)
    else:
        held[0] -= held[2 + held[1]]
        held[2 + held[1]] = value
    held[0] += value
    held[1] = (held[1] + 1) % most
    run.time = time
    if len(held) - 2 < most:
        return None
    added = held[0]
    return (float(wrap(added)) if isinstance(added, int) else added) / most


@dataclass(frozen=True, slots=True)
class Transformation:
    """How a transformation advances, the types it takes, and whether a point that it cannot use repeats its result."""

    advance: Advance
    types: frozenset[type]
    repeats: bool = True


@dataclass(eq=False)
class PlainTransformation(Function):
    """A transformation without arguments."""

    entry: ClassVar[Transformation]

    field: str = argument(STRING, "The field that it is of.")

    def step(self, context: Context) -> Step:
        return TransformStep(self, self.field, self.entry, context)


def _unit(given: int) -> str:
    return "" if given else "wants a unit other than zero"


def _some(given: int) -> str:
    return "" if given > 0 else "wants a number greater than zero"


@dataclass(eq=False)
class Elapsed(Function):
    """Kapacitor: `Elapsed`. The field's value does not matter, but that there is one."""

    kind: ClassVar[str] = "elapsed"
    doc: ClassVar[str] = "The time since the point before, in whole units; an int."

    field: str = argument(STRING, "The field that it is of.")
    unit: int = argument(DURATION, "The unit of the result, for example 1s.", check=_unit)

    def step(self, context: Context) -> Step:
        return TransformStep(self, self.field, Transformation(partial(elapsed, self.unit), ANYTHING), context)


@dataclass(eq=False)
class MovingAverage(Function):
    """Kapacitor: `MovingAverage`."""

    kind: ClassVar[str] = "movingAverage"
    doc: ClassVar[str] = "The mean of the last so many values, a float."

    field: str = argument(STRING, "The field that it is of.")
    window: int = argument(INTEGER, "Over how many values.", check=_some)

    def step(self, context: Context) -> Step:
        return TransformStep(self, self.field, Transformation(partial(moving_average, self.window), NUMBERS), context)


NODES = (
    node_class(
        PlainTransformation,
        "difference",
        "The value less the one before.",
        entry=Transformation(difference, NUMBERS, repeats=False),
    ),
    node_class(
        PlainTransformation,
        "cumulativeSum",
        "The sum of the values so far.",
        entry=Transformation(cumulative_sum, NUMBERS),
    ),
)


class TransformStep(Step):
    """A running transformation: a run for each group of a stream, a new one for each batch.

    The results have the times of their points and the tags of their group.
    """

    def __init__(self, node: Function, field: str, transformation: Transformation, context: Context) -> None:
        super().__init__()
        self.field = field
        self.whole = False
        self._operand = Operand(node, field, transformation.types, context)
        self._advance = transformation.advance
        self._repeats = transformation.repeats
        self._name = node.result
        self._groups = context.groups
        self._series = GroupSeries(context)
        self._runs: dict[Group, Run] = {}
        self._names: dict[Group, str] = {}

    def chunk(self, chunk: Chunk) -> None:
        """Kapacitor: the results of a group bear the name of its first point."""
        runs, names = self._runs, self._names
        results: list[Value] = []
        times: list[int] = []
        series: list[Series] = []
        groups: list[Group] = []
        order: list[int] = []
        for index, (group, time, value) in enumerate(
            zip(chunk.groups, chunk.times(), chunk.column(self.field), strict=True)
        ):
            run = runs.get(group)
            if run is None:
                names.setdefault(group, chunk.series[index].name)
                run = self._run(value)
                if run is None:
                    continue
                runs[group] = run
            result = self._next(run, value, time)
            if result is None:
                continue
            results.append(result)
            times.append(time if run.time is None else run.time)
            series.append(self._series.of(group, names[group]))
            groups.append(group)
            order.append(chunk.order[index])
        self.give(Chunk(Results(self._name, results, times), series, groups, order))

    def batch(self, batch: Batch) -> None:
        column = batch.rows.column(self.field)
        self.give_batch(self._transformed(batch.group, batch.name, batch.time, batch.order, column, batch.rows.times()))

    def windows(self, windows: Windows) -> None:
        """Take windows."""
        column_of = windows.kept.column
        for group, name, end, cause, times, rows in windows.filled:
            column = column_of(rows, self.field)
            self.give_batch(self._transformed(group, name, end, cause, column, times))

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._runs.pop(barrier.group, None)
            self._names.pop(barrier.group, None)
        else:
            self._names.setdefault(barrier.group, barrier.name)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return [by_group(self._runs, _plain), by_group(self._names, str)]

    def restore(self, state: object) -> None:
        runs, names = cast("tuple[Any, Any]", state)
        self._runs = of_groups(runs, self._groups, _run)
        self._names = of_groups(names, self._groups, str)

    def _transformed(
        self, group: Group, name: str, end: int, cause: int, column: Iterable[Value | None], times: Sequence[int]
    ) -> Batch:
        run: Run | None = None
        results: list[Value] = []
        own: list[int] = []
        for value, time in zip(column, times, strict=True):
            run = run or self._run(value)
            result = None if run is None else self._next(run, value, time)
            if run is not None and result is not None:
                results.append(result)
                own.append(time if run.time is None else run.time)
        size = len(results)
        series = [self._series.of(group, name)] * size
        chunk = Chunk(Results(self._name, results, own), series, [group] * size, [cause] * size)
        return Batch(name, group, group.tags, end, chunk, cause)

    def _run(self, value: Value | None) -> Run | None:
        """A run that begins with a value, if it can."""
        kind = self._operand.kind(value)
        return None if kind is None else Run(kind)

    def _next(self, run: Run, value: Value | None, time: int) -> Value | None:
        """The result for a point. Kapacitor: one without a value that can be used gives the last result again."""
        if type(value) is run.kind:
            run.result = self._advance(run, value, time)
            return run.result
        self._operand.refuse(value, run.kind)
        return run.result if self._repeats else None


KINDS: dict[str, type] = {kind.__name__: kind for kind in ANYTHING}


def _plain(run: Run) -> list[object]:
    return [run.kind.__name__, run.time, None if run.held is None else list(run.held), run.result]


def _run(plain: Any) -> Run:
    kind, time, held, result = plain
    return Run(KINDS[kind], time, None if held is None else list(held), result)
