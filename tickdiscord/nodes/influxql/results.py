"""The points that functions give: rows with one field."""

from collections.abc import Mapping, Sequence

from tickdiscord.points.chunk import Column
from tickdiscord.points.model import Value


class Results:
    """`Rows` with one field, in columns as they were made."""

    __slots__ = ("_name", "_times", "_values")

    def __init__(self, name: str, values: list[Value], times: list[int]) -> None:
        self._name = name
        self._values = values
        self._times = times

    def __len__(self) -> int:
        return len(self._times)

    def column(self, name: str) -> Column:
        """The values of one field."""
        return [*self._values] if name == self._name else [None] * len(self._times)

    def fields(self, index: int) -> Mapping[str, Value]:
        """The whole field set of one row."""
        return {self._name: self._values[index]}

    def times(self) -> list[int]:
        """The timestamps, in nanoseconds."""
        return self._times

    def time(self, index: int) -> int:
        """The timestamp of one row, in nanoseconds."""
        return self._times[index]

    def take(self, indexes: Sequence[int]) -> "Results":
        """The rows at these indexes, in this order."""
        values, times = self._values, self._times
        return Results(self._name, [values[index] for index in indexes], [times[index] for index in indexes])
