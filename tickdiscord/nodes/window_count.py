"""Windows by count: the last so many points of a group, every so many points."""

from dataclasses import dataclass, field
from typing import Any

from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.windows import Kept, PlainRows, RowsOf, Windows
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Groups


@dataclass(slots=True)
class CountWindow:
    """The window of one group: its measurement, after how many points it goes out, how many came, what it holds."""

    name: str
    next: int
    count: int = 0
    times: list[int] = field(default_factory=list[int])
    rows: list[Any] = field(default_factory=list[Any])

    def trim(self, period: int) -> None:
        """Let all points go but the last ones."""
        del self.times[:-period]
        del self.rows[:-period]


class CountWindows:
    """The windows of all groups (Kapacitor: `windowByCount`)."""

    def __init__(self, period: int, every: int, *, fill_period: bool) -> None:
        self._period = period
        self._every = every
        self._first = period if fill_period else every
        self._held: dict[Group, CountWindow] = {}

    def take(self, chunk: Chunk, kept: Kept, windows: Windows) -> None:
        """Take points, and add the windows that they fill."""
        held, order, period = self._held, chunk.order, self._period
        index = -1
        for group, time, row in zip(chunk.groups, chunk.times(), kept.rows(chunk), strict=True):
            index += 1
            window = held.get(group)
            if window is None:
                window = held[group] = CountWindow(chunk.series[index].name, self._first)
            window.times.append(time)
            window.rows.append(row)
            window.count += 1
            if window.count == window.next:
                window.trim(period)
                window.next += self._every
                windows.add((group, window.name, time, order[index], window.times[:], window.rows[:]))
            elif len(window.times) > 2 * period:
                window.trim(period)
        kept.sweep(self._rows)

    def barrier(self, barrier: Barrier, windows: Windows) -> None:
        """A barrier fills no window (Kapacitor: count windows do not flush)."""
        if barrier.delete:
            self._held.pop(barrier.group, None)

    def flush(self, windows: Windows) -> None:
        """Add the windows that are under way and have points that no window had before, as if they were full."""
        for group, window in self._held.items():
            if window.next == self._first or window.count > window.next - self._every:
                window.trim(self._period)
                windows.add((group, window.name, window.times[-1], 0, window.times[:], window.rows[:]))

    def snapshot(self, plain_rows: PlainRows) -> object:
        """Its state as plain data."""
        pairs = {group: (group, window) for group, window in self._held.items()}
        return by_group(pairs, lambda pair: _plain(*pair, plain_rows))

    def restore(self, state: object, groups: Groups, rows_of: RowsOf) -> None:
        """The reverse."""

        def window(plain: Any) -> CountWindow:
            name, next, count, times, rows = plain
            return CountWindow(name, next, count, list(times), rows_of(rows))

        self._held = of_groups(state, groups, window)

    def _rows(self) -> list[list[Any]]:
        return [window.rows for window in self._held.values()]


def _plain(group: Group, window: CountWindow, plain_rows: PlainRows) -> list[object]:
    rows = plain_rows(group, window.times, window.rows)
    return [window.name, window.next, window.count, list(window.times), rows]
