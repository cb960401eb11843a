"""Points of one group that have the same time: what `|combine()` and `|flatten()` collect before they act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tickdiscord.nodes.messages import fields_of, fields_plain
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Group, Series, SeriesPool, Value


@dataclass(slots=True)
class Gathered:
    """`name` is the measurement of the group's first point, `time` that of the points, in nanoseconds and rounded."""

    name: str
    time: int | None = None
    series: list[Series] = field(default_factory=list[Series])
    fields: list[Mapping[str, Value]] = field(default_factory=list[Mapping[str, Value]])

    def add(self, series: Series, fields: Mapping[str, Value]) -> None:
        """Take one more point of this time."""
        self.series.append(series)
        self.fields.append(fields)

    def begin(self, time: int) -> None:
        """Begin anew with another time."""
        self.time = time
        self.series, self.fields = [], []

    def chunk(self, group: Group) -> Chunk:
        """The points, all at the same time."""
        count = len(self.series)
        rows = ParsedRows(self.fields, [self.time or 0] * count)
        return Chunk(rows, self.series, [group] * count, [0] * count)

    def plain(self) -> object:
        """As plain data, for snapshots."""
        points = [
            [series.database, series.retention_policy, series.name, dict(series.tags), fields_plain(fields)]
            for series, fields in zip(self.series, self.fields, strict=True)
        ]
        return [self.name, self.time, points]

    @classmethod
    def of(cls, plain: Any, pool: SeriesPool) -> "Gathered":
        """The reverse."""
        name, time, points = cast("tuple[str, int | None, list[Any]]", plain)
        gathered = cls(name, time)
        for database, policy, measurement, tags, fields in points:
            gathered.add(pool.like(Series(database, policy, measurement, tags), tags), fields_of(fields))
        return gathered
