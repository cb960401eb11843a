"""Windows by time: which points are in the window of a group, and when it goes out."""

from dataclasses import dataclass, field
from typing import Any

from tickdiscord.nodes.from_ import truncated
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.windows import Kept, PlainRows, RowsOf, Windows
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Groups


@dataclass(slots=True)
class Ring:
    """Where the points of a window lie in Kapacitor's ring buffer, which is never built here.

    Kapacitor's purge begins at the oldest point and ends at the first that is not too old. But where the ring wraps
    around, it first looks into the last cell of the buffer: if what is there is too old, all up to there goes; if not,
    it goes no further than there. With points out of order, and behind an empty window, the result depends on where
    the points lie. So their places are followed: `size` points from `start` to `stop` in a buffer of `capacity`, as of
    the last purge.
    """

    size: int = 0
    capacity: int = 0
    start: int = 0
    stop: int = 0

    def purge(self, times: list[int], first: int) -> int:
        """How many points go, so that the oldest that is left is not before `first`. `times` are those of the points
        of the last time and of those that came since."""
        size, gone = len(times), 0
        stop = self.stop + size - self.size
        if size <= self.capacity and stop <= self.capacity:
            self.stop = stop
        else:
            self._insert(size - self.size)
        if not size:
            return 0
        end = size
        if self.start >= self.stop:
            end = self.capacity - self.start
            left_over = not end and self.stop < self.capacity
            if left_over or times[end - 1] < first:
                gone, end, self.start = end, size, -end
        while gone < end and times[gone] < first:
            gone += 1
        self.start += gone
        self.size = size - gone
        return gone

    def _insert(self, number: int) -> None:
        """So many points more; the buffer grows as Kapacitor's does."""
        while number:
            if self.size == self.capacity:
                self.capacity, self.start, self.stop = 2 * (self.size + 1), 0, self.size
            if self.stop == self.capacity:
                self.stop = 0
            fitting = min(number, self.capacity - self.size, self.capacity - self.stop)
            self.stop += fitting
            self.size += fitting
            number -= fitting


@dataclass(slots=True)
class TimeWindow:
    """The window of one group: its measurement, when it goes out, and what it holds."""

    name: str
    next: int
    times: list[int] = field(default_factory=list[int])
    rows: list[Any] = field(default_factory=list[Any])
    ring: Ring = field(default_factory=Ring)


class TimeWindows:
    """The windows of all groups (Kapacitor: `windowByTime`). Durations are in nanoseconds."""

    def __init__(self, period: int, every: int, *, align: bool, fill_period: bool) -> None:
        self._period = period
        self._every = every
        self._align = align
        self._fill_period = fill_period
        self._held: dict[Group, TimeWindow] = {}

    def take(self, chunk: Chunk, kept: Kept, windows: Windows) -> None:
        """Take points, and add the windows that they fill. This is a hot path.

        Kapacitor: a point that fills a window is not in it, unless every point fills one.
        """
        held, order = self._held, chunk.order
        index = -1
        for group, time, row in zip(chunk.groups, chunk.times(), kept.rows(chunk), strict=True):
            index += 1
            window = held.get(group)
            if window is None:
                window = held[group] = self._begin(chunk.series[index].name, time)
            if time < window.next:
                window.times.append(time)
                window.rows.append(row)
            elif self._every:
                self._fill(group, window, time, order[index], windows)
                window.times.append(time)
                window.rows.append(row)
            else:
                window.times.append(time)
                window.rows.append(row)
                self._fill(group, window, time, order[index], windows)
        kept.sweep(self._rows)

    def barrier(self, barrier: Barrier, windows: Windows) -> None:
        """A barrier fills windows as a point does, but is in none."""
        group = barrier.group
        window = self._held.get(group)
        if window is None:
            window = self._held[group] = self._begin(barrier.name, barrier.time)
        if barrier.time >= window.next:
            self._fill(group, window, barrier.time, barrier.order, windows)
        if barrier.delete:
            del self._held[group]

    def flush(self, windows: Windows) -> None:
        """Add the windows that are under way and have points, as if their time had come."""
        if not self._every:
            return
        for group, window in self._held.items():
            if any(time >= window.next - self._period for time in window.times):
                self._fill(group, window, window.next, 0, windows)

    def snapshot(self, plain_rows: PlainRows) -> object:
        """Its state as plain data."""
        pairs = {group: (group, window) for group, window in self._held.items()}
        return by_group(pairs, lambda pair: _plain(*pair, plain_rows))

    def restore(self, state: object, groups: Groups, rows_of: RowsOf) -> None:
        """The reverse."""

        def window(plain: Any) -> TimeWindow:
            name, next, times, rows, ring = plain
            return TimeWindow(name, next, list(times), rows_of(rows), Ring(*ring))

        self._held = of_groups(state, groups, window)

    def _begin(self, name: str, time: int) -> TimeWindow:
        """The window of a group at its first point (Kapacitor: `newWindowByTime`)."""
        if not self._fill_period:
            return TimeWindow(name, self._aligned(time + self._every))
        next = self._aligned(time + self._period)
        if self._align and next <= time + self._period:
            next += self._every
        return TimeWindow(name, next)

    def _fill(self, group: Group, window: TimeWindow, time: int, order: int, windows: Windows) -> None:
        """A window goes out: of (time − period, time] if every point fills one, else of [next − period, next)."""
        if self._every:
            end = window.next
            first = end - self._period
        else:
            end = time
            first = end - self._period + 1
        times, rows = window.times, window.rows
        gone = window.ring.purge(times, first)
        if gone:
            del times[:gone], rows[:gone]
        window.next = self._aligned(time + self._every) if self._align else time + self._every
        windows.add((group, window.name, end, order, times[:], rows[:]))

    def _aligned(self, time: int) -> int:
        return truncated(time, self._every) if self._align else time

    def _rows(self) -> list[list[Any]]:
        return [window.rows for window in self._held.values()]


def _plain(group: Group, window: TimeWindow, plain_rows: PlainRows) -> list[object]:
    rows = plain_rows(group, window.times, window.rows)
    ring = window.ring
    return [window.name, window.next, list(window.times), rows, [ring.size, ring.capacity, ring.start, ring.stop]]
