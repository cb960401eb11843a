"""A batch: some points of one group that belong together, as a window or a query gives them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """`rows` are the points in their order; all of them are in `group`.

    `time` is the batch's own time in nanoseconds (Kapacitor: tmax), `order` the row of the input that made it come.
    """

    name: str
    group: Group
    tags: Mapping[str, str]
    time: int
    rows: Chunk
    order: int = 0

    def __len__(self) -> int:
        return len(self.rows)
