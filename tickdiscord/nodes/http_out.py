"""`|httpOut('name')`: keeps the last point or batch of every group, to be looked at."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.alert.event import Row
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.rows import batch_row, point_row
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group
from tickdiscord.properties import STRING, argument


@dataclass(eq=False)
class HttpOut(Node):
    """Kapacitor: `HTTPOutNode`, which serves it under the task's path; here `--http-out` writes it."""

    kind: ClassVar[str] = "httpOut"
    described: ClassVar[str] = "http_out"
    doc: ClassVar[str] = "Keeps the last point or batch of every group, to be looked at."

    endpoint: str = argument(STRING, "The name it is looked at by.")

    @property
    def repeats(self) -> bool:
        return True

    def step(self, context: Context) -> Step:
        step = HttpOutStep(context)
        context.outputs[self.endpoint] = step.series
        return step


class HttpOutStep(Step):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._groups = context.groups
        self._rows: dict[Group, Row] = {}

    def series(self) -> list[Row]:
        """What it holds, in the order in which the groups first came."""
        return list(self._rows.values())

    def chunk(self, chunk: Chunk) -> None:
        last = {group: index for index, group in enumerate(chunk.groups)}
        for group, index in last.items():
            point = chunk.point(index)
            self._rows[group] = point_row(point.name, point.tags, point.fields, point.time)
        self.give(chunk)

    def batch(self, batch: Batch) -> None:
        self._rows[batch.group] = batch_row(batch)
        self.give_batch(batch)

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._rows.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return by_group(self._rows, lambda row: [row.name, dict(row.tags), row.columns, row.values])

    def restore(self, state: object) -> None:
        self._rows = of_groups(state, self._groups, lambda plain: Row(*plain))
