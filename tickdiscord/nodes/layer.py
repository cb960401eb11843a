"""Rows with other fields than those they were made of: a layer over a chunk, which is still parsed only when asked."""

from collections.abc import Mapping, Sequence

from tickdiscord.points.chunk import Chunk, Column
from tickdiscord.points.model import Value


class Layer:
    """The `Rows` of a chunk under some columns that replace its own; None in them means that a row lacks the field.

    With `only`, there are no fields but those of the columns.
    """

    __slots__ = ("_below", "_columns", "_only")

    def __init__(self, below: Chunk, columns: Mapping[str, Column], *, only: bool = False) -> None:
        self._below = below
        self._columns = columns
        self._only = only

    def __len__(self) -> int:
        return len(self._below)

    def column(self, name: str) -> Column:
        """The values of one field."""
        column = self._columns.get(name)
        if column is not None:
            return column
        return [None] * len(self._below) if self._only else self._below.column(name)

    def fields(self, index: int) -> Mapping[str, Value]:
        """The whole field set of one row."""
        fields: dict[str, Value] = {} if self._only else dict(self._below.rows.fields(index))
        for name, column in self._columns.items():
            value = column[index]
            if value is None:
                fields.pop(name, None)
            else:
                fields[name] = value
        return fields

    def times(self) -> list[int]:
        """The timestamps, in nanoseconds."""
        return self._below.times()

    def time(self, index: int) -> int:
        """The timestamp of one row, in nanoseconds."""
        return self._below.time(index)

    def take(self, indexes: Sequence[int]) -> "Layer":
        """The rows at these indexes, in this order."""
        columns = {name: [column[index] for index in indexes] for name, column in self._columns.items()}
        return Layer(self._below.take(indexes), columns, only=self._only)


def with_fields(chunk: Chunk, columns: Mapping[str, Column], *, only: bool = False) -> Chunk:
    """The same points with these fields in place of their own, or, with `only`, with none but these."""
    if not columns and not only:
        return chunk
    return Chunk(Layer(chunk, columns, only=only), chunk.series, chunk.groups, chunk.order)
