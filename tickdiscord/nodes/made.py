"""Points that a node makes anew out of several others."""

from collections.abc import Mapping

from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Group, Series, SeriesPool, Value

NAMELESS = Series("", "", "", {})
"""Such points come from no database (Kapacitor: `NewPointMessage` with two empty strings)."""


class Made:
    """A chunk in the making."""

    __slots__ = ("_fields", "_groups", "_orders", "_pool", "_series", "_times")

    def __init__(self, pool: SeriesPool) -> None:
        self._pool = pool
        self._fields: list[Mapping[str, Value]] = []
        self._times: list[int] = []
        self._series: list[Series] = []
        self._groups: list[Group] = []
        self._orders: list[int] = []

    def __len__(self) -> int:
        return len(self._times)

    def add(
        self,
        name: str,
        group: Group,
        fields: Mapping[str, Value],
        time: int,
        order: int,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """One more point: its time in nanoseconds, the row that causes it, its tags if not just those of the group."""
        self._fields.append(fields)
        self._times.append(time)
        self._series.append(self._pool.like(NAMELESS, group.tags if tags is None else tags, name))
        self._groups.append(group)
        self._orders.append(order)

    def chunk(self) -> Chunk:
        """All of them, in the order they were added."""
        return Chunk(ParsedRows(self._fields, self._times), self._series, self._groups, self._orders)
