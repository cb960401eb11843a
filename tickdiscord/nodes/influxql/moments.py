"""The points of one time on a stream, as windows: what an aggregate on a stream is of."""

from dataclasses import dataclass, field
from typing import Any

from tickdiscord.nodes.state import by_group, of_groups, rows_of, rows_plain
from tickdiscord.nodes.step import Context
from tickdiscord.nodes.windows import Points, Windows, window_chunk
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group


@dataclass(slots=True)
class Moment:
    """The points of a group that have the same time. Its name is that of the first of them."""

    time: int
    name: str
    rows: list[Any] = field(default_factory=list[Any])

    @property
    def times(self) -> list[int]:
        return [self.time] * len(self.rows)


class Moments:
    """The moments of all groups (Kapacitor: `influxqlGroup.Point`): one goes out when a point of another time comes,
    be it an earlier one."""

    def __init__(self, field: str, context: Context) -> None:
        self._context = context
        self._held: dict[Group, Moment] = {}
        self.kept = Points(field)

    def take(self, chunk: Chunk, windows: Windows) -> None:
        """Take points, and add the moments that are over."""
        held, order = self._held, chunk.order
        index = -1
        for group, time, row in zip(chunk.groups, chunk.times(), self.kept.rows(chunk), strict=True):
            index += 1
            moment = held.get(group)
            if moment is None or moment.time != time:
                if moment is not None:
                    windows.add((group, moment.name, moment.time, order[index], moment.times, moment.rows))
                moment = held[group] = Moment(time, chunk.series[index].name)
            moment.rows.append(row)
        self.kept.sweep(lambda: [moment.rows for moment in self._held.values()])

    def forget(self, group: Group) -> None:
        """The group has ended; what is held of it never goes out."""
        self._held.pop(group, None)

    def snapshot(self) -> object:
        """Its state as plain data."""
        pairs = {group: (group, moment) for group, moment in self._held.items()}
        return by_group(pairs, lambda pair: _plain(*pair))

    def restore(self, state: object) -> None:
        """The reverse."""
        self._held = of_groups(state, self._context.groups, self._moment)

    def _moment(self, plain: Any) -> Moment:
        time, name, rows = plain
        chunk = rows_of(rows, self._context.groups, self._context.series)
        return Moment(time, name, list(self.kept.rows(chunk)))


def _plain(group: Group, moment: Moment) -> list[object]:
    return [moment.time, moment.name, rows_plain(window_chunk(group, 0, moment.times, moment.rows))]
