"""Windows and functions against small models of them, on any points."""

import io
import math
import statistics
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tape import Tape

from tickdiscord.clock import ManualClock
from tickdiscord.nodes.influxql.heap import best
from tickdiscord.nodes.influxql.nelder_mead import minimized
from tickdiscord.nodes.window import WindowStep
from tickdiscord.nodes.window_time import Ring
from tickdiscord.nodes.windows import Points, window_chunk
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LineReader

Row = tuple[str, int, int]
"""A host, a time in seconds, a value."""

rows = st.lists(st.tuples(st.sampled_from("xy"), st.integers(0, 30), st.integers(-9, 9)), max_size=25)
steps = st.lists(st.tuples(st.sampled_from("xy"), st.integers(-2, 6), st.integers(-9, 9)), max_size=40)


def nearly_in_order(found: Sequence[Row]) -> list[Row]:
    """Points of which only some are late."""
    time, walked = 30, []
    for host, step, value in found:
        walked.append((host, time + step, value))
        time += max(step, 0)
    return walked


def lines(found: Sequence[Row]) -> list[str]:
    return [f"m,host={host} v={value}i {time}" for host, time, value in found]


def feeds(script: str, found: Sequence[Row], size: int, cut: int) -> list[str]:
    """What comes out, in chunks of a size, and the same from a run that was cut in two."""
    whole = Tape(script).feed(lines(found)).lines
    first = Tape(script).feed(lines(found[:cut]), size)
    second = Tape(script).restore(first.snapshot()).feed(lines(found[cut:]))
    assert [*first.lines, *second.lines] == whole
    return whole


Held = tuple[int, int]
"""A time and a value."""


class Buffer:
    """A ring buffer as Kapacitor builds it, cell by cell."""

    def __init__(self) -> None:
        self.cells: list[Held] = []
        self.capacity = self.start = self.stop = self.size = 0

    def insert(self, held: Held) -> None:
        if self.size == self.capacity:
            self.cells, self.capacity = self.points(), 2 * (self.size + 1)
            self.start, self.stop = 0, self.size
        if self.stop == self.capacity:
            self.stop = 0
        if self.stop == len(self.cells):
            self.cells.append(held)
        else:
            self.cells[self.stop] = held
        self.stop += 1
        self.size += 1

    def purge(self, first: int) -> None:
        if not self.cells:
            return
        if self.start >= self.stop and self.cells[-1][0] >= first:
            self._walk(len(self.cells), first)
            self.size = len(self.cells) - self.start + self.stop
            return
        if self.start >= self.stop:
            self.start = 0
        self._walk(self.stop, first)
        self.size = self.stop - self.start

    def _walk(self, end: int, first: int) -> None:
        while self.start < end and self.cells[self.start][0] < first:
            self.start += 1

    def points(self) -> list[Held]:
        if not self.size:
            return []
        if self.start < self.stop:
            return self.cells[self.start : self.stop]
        return self.cells[self.start :] + self.cells[: self.stop]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.lists(st.integers(-9, 9), max_size=7), st.integers(0, 9)), max_size=30))
def test_a_ring_lets_the_same_points_go_as_the_buffer(rounds: Sequence[tuple[Sequence[int], int]]) -> None:
    ring, buffer, held, now = Ring(), Buffer(), list[int](), 0
    for around, step in rounds:
        now += step
        for distance in around:
            held.append(now + distance)
            buffer.insert((now + distance, 0))
        del held[: ring.purge(held, now)]
        buffer.purge(now)
        assert held == [time for time, _ in buffer.points()]


def windows_by_time(found: Sequence[Row], period: int, every: int, align: bool, fill: bool) -> Iterator[str]:
    """The windows of points, with Kapacitor's buffer."""
    groups: dict[str, tuple[int, Buffer]] = {}
    for host, time, value in found:
        if host not in groups:
            due = time + (period if fill else every)
            if align and every:
                due = due // every * every
                due += every if fill and due <= time + period else 0
            groups[host] = (due, Buffer())
        due, buffer = groups[host]
        if not every:
            buffer.insert((time, value))
        if time >= due:
            end = due if every else time
            buffer.purge(end - period if every else end - period + 1)
            yield f"batch m,host={host} {end} @host={host}"
            yield from (f"  m,host={host} v={value}i {each}" for each, value in buffer.points())
            due = time + every
            due = due // every * every if align and every else due
        if every:
            buffer.insert((time, value))
        groups[host] = (due, buffer)


@settings(max_examples=150)
@given(
    steps.map(nearly_in_order),
    st.integers(1, 12),
    # Multiples are counted from year 1, which is 1970 for these.
    st.sampled_from([0, 1, 2, 3, 5, 6, 10, 12]),
    st.booleans(),
    st.booleans(),
    st.integers(1, 5),
    st.integers(0, 25),
)
def test_windows_by_time(
    found: Sequence[Row], period: int, every: int, align: bool, fill: bool, size: int, cut: int
) -> None:
    script = f"stream|from().groupBy('host')|window().period({period}s).every({every}s)"
    script += ".align()" * align + ".fillPeriod()" * fill
    assert feeds(script, found, size, cut) == list(windows_by_time(found, period, every, align, fill))


@settings(max_examples=80)
@given(rows, st.integers(1, 4), st.integers(1, 4), st.booleans(), st.integers(1, 5), st.integers(0, 25))
def test_windows_by_count(found: Sequence[Row], period: int, every: int, fill: bool, size: int, cut: int) -> None:
    expected: list[str] = []
    groups: dict[str, deque[tuple[int, int]]] = {}
    counts = dict.fromkeys("xy", 0)
    for host, time, value in found:
        held = groups.setdefault(host, deque(maxlen=period))
        held.append((time, value))
        counts[host] += 1
        first = period if fill else every
        if counts[host] >= first and (counts[host] - first) % every == 0:
            expected.append(f"batch m,host={host} {time} @host={host}")
            expected += [f"  m,host={host} v={value}i {time}" for time, value in held]
    script = f"stream|from().groupBy('host')|window().periodCount({period}).everyCount({every})"
    assert feeds(script + ".fillPeriod()" * fill, found, size, cut) == expected


def nearest_rank(percent: float, values: Sequence[tuple[int, int]]) -> int:
    return sorted(value for _, value in values)[math.floor(len(values) * percent / 100 + 0.5) - 1]


Model = Callable[[Sequence[tuple[int, int]]], float]
"""The result for the times and values of a window."""

MODELS: dict[str, Model] = {
    "count('v')": len,
    "sum('v')": lambda found: sum(value for _, value in found),
    "mean('v')": lambda found: statistics.fmean(value for _, value in found),
    "median('v')": lambda found: float(statistics.median(value for _, value in found)),
    "spread('v')": lambda found: max(value for _, value in found) - min(value for _, value in found),
    "min('v')": lambda found: min(value for _, value in found),
    "max('v')": lambda found: max(value for _, value in found),
    "first('v')": lambda found: min((time, -value) for time, value in found)[1] * -1,
    "last('v')": lambda found: max(found)[1],
    "percentile('v', 100.0)": partial(nearest_rank, 100.0),
    "percentile('v', 90.0)": partial(nearest_rank, 90.0),
}


@pytest.mark.parametrize("function", MODELS)
@settings(max_examples=30)
@given(found=rows, count=st.integers(1, 5), size=st.integers(1, 5), cut=st.integers(0, 25))
def test_functions_of_windows(function: str, found: Sequence[Row], count: int, size: int, cut: int) -> None:
    script = f"stream|from().groupBy('host')|window().periodCount({count}).everyCount({count})|{function}"
    held: dict[str, list[tuple[int, int]]] = {"x": [], "y": []}
    expected: list[tuple[str, float, str]] = []
    for host, time, value in found:
        held[host].append((time, value))
        if len(held[host]) == count:
            expected.append((host, MODELS[function](held[host]), str(time)))
            held[host] = []
    got = [line.split() for line in feeds(script, found, size, cut)]
    assert len(got) == len(expected)
    for (series, field, time, _), (host, value, end) in zip(got, expected, strict=True):
        text = field.partition("=")[2]
        assert (series, time, text.endswith("i")) == (f"m,host={host}", end, isinstance(value, int))
        assert float(text.removesuffix("i")) == pytest.approx(value, rel=1e-12)


@settings(max_examples=60)
@given(rows, st.integers(1, 5), st.integers(0, 25))
def test_a_sum_on_a_stream_is_of_the_points_of_one_time(found: Sequence[Row], size: int, cut: int) -> None:
    expected: list[str] = []
    held: dict[str, tuple[int, int]] = {}
    for host, time, value in found:
        now, total = held.get(host, (time, 0))
        if now != time:
            expected.append(f"m,host={host} sum={total}i {now} @host={host}")
            total = 0
        held[host] = (time, total + value)
    assert feeds("stream|from().groupBy('host')|sum('v')", found, size, cut) == expected


def running(function: str, found: Sequence[Row]) -> Iterator[str]:
    """The results of transformations."""
    held: dict[str, list[tuple[int, int]]] = {"x": [], "y": []}
    for host, time, value in found:
        before = held[host]
        result: object = None
        if function == "cumulativeSum":
            result = f"{sum(value for _, value in before) + value}i"
        elif function == "difference" and before and before[-1][0] != time:
            result = f"{value - before[-1][1]}i"
        elif function == "elapsed" and before:
            result = f"{int((time - before[-1][0]) / 2)}i"
        elif function == "movingAverage" and len(before) >= 2:
            result = repr((before[-2][1] + before[-1][1] + value) / 3)
        if function != "difference" or not before or before[-1][0] != time:
            before.append((time, value))
        if result is not None:
            yield f"m,host={host} {function}={result} {time} @host={host}"


ARGUMENTS = {"cumulativeSum": "'v'", "difference": "'v'", "elapsed": "'v', 2s", "movingAverage": "'v', 3"}


@pytest.mark.parametrize("function", ARGUMENTS)
@settings(max_examples=40)
@given(found=rows, size=st.integers(1, 5), cut=st.integers(0, 25))
def test_transformations(function: str, found: Sequence[Row], size: int, cut: int) -> None:
    script = f"stream|from().groupBy('host')|{function}({ARGUMENTS[function]})"
    assert feeds(script, found, size, cut) == list(running(function, found))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99)), unique=True), st.integers(1, 6))
def test_the_best_are_those_that_sorting_finds(points: Sequence[tuple[int, int]], number: int) -> None:
    def worse(one: int, other: int) -> bool:
        (value, time), (wanted, since) = points[one], points[other]
        return value < wanted if value != wanted else time > since

    found = [points[place] for place in best(number, len(points), worse)]
    assert found == sorted(points, key=lambda point: (-point[0], point[1]))[:number]


def test_the_simplex_finds_the_bottom_of_a_bowl() -> None:
    least, where = minimized(lambda at: (at[0] - 3) ** 2 + (at[1] + 1) ** 2, [0.0, 0.0], 1e-9)
    assert where == pytest.approx([3, -1], abs=1e-3)
    assert least == pytest.approx(0, abs=1e-6)


ORDERED = {
    "window().period(2s)": [0, 1, 2, 3],
    "window().period(3s).every(2s)": [2, 3],
    "window().period(3s).every(2s)|mean('v')": [2, 3],
    "window().periodCount(2).everyCount(2)|max('v')": [2, 3],
    "window().periodCount(2).everyCount(2)|top(1, 'v')": [2, 3],
    "sum('v')": [2, 3],
    "difference('v')": [2, 3],
}


@pytest.mark.parametrize("chain", ORDERED)
def test_results_know_the_row_of_the_input_that_made_them_come(chain: str) -> None:
    tape = Tape(f"stream|from().groupBy('host')|{chain}")
    tape.feed(f"m,host={host} v={index}i {index}" for index, host in enumerate("xyxy"))
    assert tape.orders == ORDERED[chain]


FLUSHED = {
    "period(10s).every(10s)": ["batch m,host=x 10", "batch m,host=y 11"],
    "period(10s)": [],
    "period(1s).every(10s)": [],
    "periodCount(2).everyCount(2)": ["batch m,host=y 1"],
    "periodCount(2).everyCount(1)": [],
    "periodCount(9).everyCount(1).fillPeriod()": ["batch m,host=x 2", "batch m,host=y 1"],
}


@pytest.mark.parametrize("window", FLUSHED)
def test_windows_under_way_can_be_flushed(window: str) -> None:
    tape = Tape(f"stream|from().groupBy('host')|window().{window}")
    tape.feed(["m,host=x v=1 0", "m,host=y v=2 1", "m,host=x v=3 2"])
    tape.lines.clear()
    step = tape.steps[-1]
    assert isinstance(step, WindowStep)
    step.flush()
    assert [line.partition(" @")[0] for line in tape.lines if line.startswith("batch")] == FLUSHED[window]


def chunk_of(number: int) -> Chunk:
    text = "".join(f"m v={index} {index}\n" for index in range(number)).encode()
    reader = LineReader(io.BytesIO(text), clock=ManualClock(0), rejected=lambda _: None, precision=Precision.SECOND)
    return next(iter(reader.chunks()))


def test_a_point_that_stays_does_not_keep_the_chunk_it_came_in() -> None:
    kept = Points("v")
    held: list[Any] = [list(kept.rows(chunk_of(100)))[7]]
    recent = list(kept.rows(chunk_of(100)))
    for _ in range(200):
        kept.rows(chunk_of(1))
        kept.sweep(lambda: [held, recent])
    ((_, chunk, _),) = held
    assert len(chunk) == 1
    assert {len(chunk) for _, chunk, _ in recent} == {100}
    point = window_chunk(chunk.groups[0], 0, [7], held).point(0)
    assert (point.fields, point.time) == ({"v": 7.0}, 7)
