"""Windows by the handful: those that one chunk has filled, for the nodes that read them so.

A point is in several windows if they overlap, and a window may go out with every point: so what is kept of a point is
one row in a list, a field is taken out of a chunk once and not once a window, and nodes that make one value of a window
take all windows of a chunk at once. What only wants one field never sees the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Protocol, runtime_checkable

from tickdiscord.nodes.step import Receiver
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk, Column
from tickdiscord.points.model import Group, Value

MOST_POINTS = 1 << 16
"""Filled windows are handed on when they hold this many points between them, at the latest at the end of a chunk."""
SWEEP = 64
"""Kept points are looked through after this many chunks, or twice the number of chunks that are kept then."""


class Field:
    """Keeps one field: a row is its value."""

    whole = False

    def __init__(self, name: str) -> None:
        self.field: str | None = name
        self._name = name
        self._kinds: frozenset[type] = frozenset()

    def rows(self, chunk: Chunk) -> Iterable[Any]:
        """The rows of a chunk."""
        column = chunk.column(self._name)
        self.note(column)
        return column

    def column(self, rows: list[Any], name: str) -> Column:
        """The values of a field in some rows."""
        return rows

    def only(self, types: frozenset[type]) -> bool:
        """Whether all values of the field are of one type, and it is one of these."""
        return len(self._kinds) == 1 and self._kinds <= types

    def note(self, column: Column) -> None:
        """Such values may be in rows."""
        kinds = set(map(type, column))
        if not kinds <= self._kinds:
            self._kinds |= kinds

    def sweep(self, held: Callable[[], Iterable[list[Any]]]) -> None:
        """Nothing is kept but what is needed."""


class Points:
    """Keeps whole points: a row is the value of a field, the chunk that the point came in, and its index there."""

    whole = True

    def __init__(self, field: str | None = None) -> None:
        self.field = field
        self._values = None if field is None else Field(field)
        self._chunks = 0
        self._next_sweep = SWEEP

    def rows(self, chunk: Chunk) -> Iterable[Any]:
        """The rows of a chunk."""
        self._chunks += 1
        values = repeat(None) if self._values is None else self._values.rows(chunk)
        return zip(values, repeat(chunk), range(len(chunk)), strict=False)

    def column(self, rows: list[Any], name: str) -> Column:
        """The values of a field in some rows."""
        if name == self.field:
            return [value for value, _, _ in rows]
        return column_of(rows, name)

    def only(self, types: frozenset[type]) -> bool:
        """Whether all values of the field are of one type, and it is one of these."""
        return self._values is not None and self._values.only(types)

    def sweep(self, held: Callable[[], Iterable[list[Any]]]) -> None:
        """Let go of chunks of which few points are kept, by copying those out of them.

        Without this, a group that has fallen silent would keep every chunk in memory that one of its points came in.
        """
        if self._chunks < self._next_sweep:
            return
        counts: Counter[Chunk] = Counter(chunk for rows in held() for _, chunk, _ in rows)
        sparse = {chunk for chunk, count in counts.items() if count * 4 < len(chunk)}
        for rows in held() if sparse else ():
            for chunk in {chunk for _, chunk, _ in rows} & sparse:
                places = [place for place, (_, other, _) in enumerate(rows) if other is chunk]
                copied = chunk.take([rows[place][2] for place in places])
                for index, place in enumerate(places):
                    rows[place] = (rows[place][0], copied, index)
        self._chunks, self._next_sweep = 0, max(SWEEP, 2 * len(counts))


Kept = Field | Points


class Columns(dict[Chunk, Column]):
    """One field in several chunks, decoded in each when first asked for."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, chunk: Chunk) -> Column:
        column = self[chunk] = chunk.column(self._name)
        return column


def column_of(rows: Sequence[Any], name: str) -> Column:
    """The values of a field in rows of whole points."""
    columns = Columns(name)
    return [columns[chunk][index] for _, chunk, index in rows]


Filled = tuple[Group, str, int, int, list[int], list[Any]]
"""A window as it goes out: the group, the measurement, its own time in nanoseconds, the row of the input that filled
it, and the times and rows of its points."""


@runtime_checkable
class WindowReader(Protocol):
    """A step that takes windows by the handful. It looks at one field, and at `whole` points or at nothing else."""

    field: str
    whole: bool

    def windows(self, windows: "Windows") -> None:
        """Take the windows that a chunk has filled."""
        ...


class Windows:
    """Windows in the order they were filled, on their way to some receivers. `kept` knows what their rows are."""

    __slots__ = ("_outs", "_size", "filled", "kept")

    def __init__(self, kept: Kept, outs: Sequence[Receiver]) -> None:
        self.kept = kept
        self.filled: list[Filled] = []
        self._outs = outs
        self._size = 0

    def add(self, filled: Filled) -> None:
        """One more; its lists are not to be changed any more."""
        self.filled.append(filled)
        self._size += len(filled[4])
        if self._size > MOST_POINTS:
            self.hand_on()

    def hand_on(self) -> None:
        """Give them to the receivers, by the handful to those that take them so, to the others as batches."""
        if not self.filled:
            return
        for out in self._outs:
            if isinstance(out, WindowReader):
                out.windows(self)
            else:
                for batch in self._batches():
                    out.batch(batch)
        self.filled, self._size = [], 0

    def _batches(self) -> Iterator[Batch]:
        for group, name, end, order, times, rows in self.filled:
            yield Batch(name, group, group.tags, end, window_chunk(group, order, times, rows), order)


def window_chunk(group: Group, order: int, times: list[int], rows: list[Any]) -> Chunk:
    """The points of a window of whole points."""
    series = [chunk.series[index] for _, chunk, index in rows]
    return Chunk(WindowRows(rows, times), series, [group] * len(rows), [order] * len(rows))


class WindowRows:
    """The `Rows` of one window of whole points."""

    __slots__ = ("_rows", "_times")

    def __init__(self, rows: list[Any], times: list[int]) -> None:
        self._rows = rows
        self._times = times

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, name: str) -> Column:
        """The values of one field."""
        return column_of(self._rows, name)

    def fields(self, index: int) -> Mapping[str, Value]:
        """The whole field set of one row."""
        _, chunk, place = self._rows[index]
        return chunk.rows.fields(place)

    def times(self) -> list[int]:
        """The timestamps, in nanoseconds."""
        return self._times

    def time(self, index: int) -> int:
        """The timestamp of one row, in nanoseconds."""
        return self._times[index]

    def take(self, indexes: Sequence[int]) -> "WindowRows":
        """The rows at these indexes, in this order."""
        return WindowRows([self._rows[index] for index in indexes], [self._times[index] for index in indexes])


PlainRows = Callable[[Group, list[int], list[Any]], object]
"""Makes plain data of the rows of a window: its group, the times, the rows."""
RowsOf = Callable[[Any], list[Any]]
"""The reverse."""
