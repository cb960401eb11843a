"""The stream between the nodes: some points at a time, in columns.

A reader makes a chunk of what one read gave (up to 64 KiB of lines); every node walks the columns it asks for with
one local loop and hands a chunk on. A field is taken out of the raw line when a node first asks for it by name, for
the rows that got this far, and kept for the nodes behind it; whatever nobody asks for is never parsed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, Self

from tickdiscord.points.model import Group, Point, Series, Value

Column = list[Value | None]
"""One field of every row; None where the row lacks it."""


class Rows(Protocol):
    """The field sets and timestamps of a chunk, in whatever form the reader has them."""

    def __len__(self) -> int: ...

    def column(self, name: str) -> Column:
        """The values of one field, decoded."""
        ...

    def fields(self, index: int) -> Mapping[str, Value]:
        """The whole field set of one row."""
        ...

    def times(self) -> list[int]:
        """The timestamps, in nanoseconds."""
        ...

    def time(self, index: int) -> int:
        """The timestamp of one row, in nanoseconds."""
        ...

    def take(self, indexes: Sequence[int]) -> Self:
        """The rows at these indexes, in this order."""
        ...


class ParsedRows:
    """Rows that are parsed already: from the exact parser, from recordings, from nodes that made new points."""

    __slots__ = ("_fields", "_times")

    def __init__(self, fields: Sequence[Mapping[str, Value]], times: list[int]) -> None:
        self._fields = fields
        self._times = times

    def __len__(self) -> int:
        return len(self._times)

    def column(self, name: str) -> Column:
        return [fields.get(name) for fields in self._fields]

    def fields(self, index: int) -> Mapping[str, Value]:
        return self._fields[index]

    def times(self) -> list[int]:
        return self._times

    def time(self, index: int) -> int:
        return self._times[index]

    def take(self, indexes: Sequence[int]) -> "ParsedRows":
        fields, times = self._fields, self._times
        return ParsedRows([fields[i] for i in indexes], [times[i] for i in indexes])


class Chunk:
    """Some points of a stream, in the order they came.

    `order` numbers the row of the input that each row came from: events of one chunk are put in its order before
    they leave, whichever node made them.
    """

    __slots__ = ("_columns", "_times", "groups", "order", "rows", "series")

    def __init__(self, rows: Rows, series: list[Series], groups: list[Group], order: Sequence[int]) -> None:
        self.rows = rows
        self.series = series
        self.groups = groups
        self.order = order
        self._columns: dict[str, Column] = {}
        self._times: list[int] | None = None

    def __len__(self) -> int:
        return len(self.series)

    def column(self, name: str) -> Column:
        """The values of one field; not to be changed."""
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = self.rows.column(name)
        return column

    def tags(self, name: str) -> list[str | None] | None:
        """The values of one tag, or None when no row has it."""
        having = {series for series in set(self.series) if name in series.tags}
        if not having:
            return None
        return [series.tags[name] if series in having else None for series in self.series]

    def times(self) -> list[int]:
        """The timestamps in nanoseconds; not to be changed."""
        if self._times is None:
            self._times = self.rows.times()
        return self._times

    def time(self, index: int) -> int:
        """One timestamp in nanoseconds."""
        return self.rows.time(index) if self._times is None else self._times[index]

    def point(self, index: int) -> Point:
        """One row, whole."""
        series = self.series[index]
        return Point(
            series.name,
            series.tags,
            self.rows.fields(index),
            self.time(index),
            self.groups[index],
            series.database,
            series.retention_policy,
        )

    def take(self, indexes: Sequence[int]) -> "Chunk":
        """The rows at these indexes; columns that were decoded already are not decoded again."""
        if len(indexes) == len(self.series):
            return self
        series, groups, order = self.series, self.groups, self.order
        taken = Chunk(
            self.rows.take(indexes),
            [series[i] for i in indexes],
            [groups[i] for i in indexes],
            [order[i] for i in indexes],
        )
        for name, column in self._columns.items():
            taken._columns[name] = [column[i] for i in indexes]
        if self._times is not None:
            times = self._times
            taken._times = [times[i] for i in indexes]
        return taken

    def regrouped(self, groups: list[Group]) -> "Chunk":
        """The same rows under other groups."""
        chunk = Chunk(self.rows, self.series, groups, self.order)
        chunk._columns, chunk._times = self._columns, self._times
        return chunk

    def renamed(self, series: list[Series]) -> "Chunk":
        """The same rows under other series."""
        chunk = Chunk(self.rows, series, self.groups, self.order)
        chunk._columns, chunk._times = self._columns, self._times
        return chunk

    def retimed(self, change: Callable[[int], int]) -> "Chunk":
        """The same rows with other timestamps."""
        chunk = Chunk(self.rows, self.series, self.groups, self.order)
        chunk._columns, chunk._times = self._columns, [change(time) for time in self.times()]
        return chunk

    def cut(self, size: int) -> "Iterable[Chunk]":
        """The chunk in pieces of at most `size` rows."""
        if len(self) <= size:
            yield self
            return
        for start in range(0, len(self), size):
            yield self.take(range(start, min(start + size, len(self))))
