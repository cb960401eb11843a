"""`|union(others…)`: puts what several nodes give into one stream, in the order of the times."""

import dataclasses
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from tickdiscord.nodes.inlets import Confluence, behind_another
from tickdiscord.nodes.messages import barrier_of, barrier_plain, batch_of, batch_plain
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state import rows_of, rows_plain
from tickdiscord.nodes.step import Context, Receiver, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Group
from tickdiscord.properties import NODE, STRING, NodeRef, arguments, value

Message = Chunk | Batch | Barrier
"""What waits for its turn; a chunk is of one row."""


@dataclass(eq=False)
class Union(Node):
    """Kapacitor: `UnionNode`."""

    kind: ClassVar[str] = "union"
    doc: ClassVar[str] = "Puts what several nodes give into one stream, in the order of the times."

    streams: tuple[NodeRef, ...] = arguments(NODE, "The nodes whose points come in as well.")
    rename: str = value(STRING, "", "The measurement of all that comes out; without it, each keeps its own.")

    def others(self) -> Sequence[NodeRef]:
        return self.streams

    def step(self, context: Context) -> Step:
        return UnionStep(self, context)


class UnionStep(Confluence):
    """Nothing leaves before every parent has given something at least as new.

    Kapacitor's union stands behind the nodes of its arguments first, and behind its own node last: of equal times,
    those of the arguments leave first. It ends a group downstream at once; here a barrier that ends one waits its turn.
    """

    def __init__(self, node: Union, context: Context) -> None:
        super().__init__()
        context.needs.task_one_by_one |= behind_another(node)
        self._context = context
        self._rename = node.rename
        self._queues: list[deque[Message]] = [deque() for _ in node.parents]
        self._marks: list[int | None] = [None] * len(node.parents)
        """The time of what stood last in front of each queue, in nanoseconds."""

        self._leaving: list[tuple[Chunk, int]] = []
        """Rows that have left, each with the row of the input that made it leave, to be given together."""

    def inlet(self, position: int) -> Receiver:
        return super().inlet((position - 1) % len(self._queues))

    def row_from(self, source: int, chunk: Chunk, index: int, order: int) -> None:
        self._take(source, self._renamed_rows(chunk.take([index])), order)

    def batch_from(self, source: int, batch: Batch) -> None:
        if self._rename:
            group, rows = self._renamed_group(batch.group), self._renamed_rows(batch.rows)
            batch = dataclasses.replace(batch, name=self._rename, group=group, rows=rows)
        self._take(source, batch, batch.order)

    def barrier_from(self, source: int, barrier: Barrier) -> None:
        self._take(source, barrier, barrier.order)

    def end(self) -> None:
        while times := [_time(queue[0]) for queue in self._queues if queue]:
            self._leave(min(times), 0)
        self.flush()

    def _renamed_rows(self, chunk: Chunk) -> Chunk:
        if not self._rename:
            return chunk
        like = self._context.series.like
        renamed = chunk.renamed([like(series, series.tags, self._rename) for series in chunk.series])
        return renamed.regrouped(list(map(self._renamed_group, chunk.groups)))

    def _renamed_group(self, group: Group) -> Group:
        if not group.dimensions.by_name:
            return group
        return self._context.groups.of(self._rename, group.tags, group.dimensions)

    def _take(self, source: int, message: Message, order: int) -> None:
        self._queues[source].append(message)
        while True:
            for each, queue in enumerate(self._queues):
                if queue:
                    self._marks[each] = _time(queue[0])
            marks = [mark for mark in self._marks if mark is not None]
            if len(marks) < len(self._marks) or not self._leave(min(marks), order):
                return

    def _leave(self, mark: int, order: int) -> bool:
        """Let go, parent by parent, what is not newer than the mark; whether there was anything."""
        left = False
        for queue in self._queues:
            while queue and _time(queue[0]) <= mark:
                self._give_message(queue.popleft(), order)
                left = True
        return left

    def _give_message(self, message: Message, order: int) -> None:
        match message:
            case Chunk():
                self._leaving.append((message, order))
            case Batch():
                self.flush()
                self.give_batch(dataclasses.replace(message, order=order))
            case Barrier():
                self.flush()
                self.give_barrier(dataclasses.replace(message, order=order))

    def flush(self) -> None:
        leaving, self._leaving = self._leaving, []
        if leaving:
            self.give(
                Chunk(
                    ParsedRows([row.rows.fields(0) for row, _ in leaving], [row.time(0) for row, _ in leaving]),
                    [row.series[0] for row, _ in leaving],
                    [row.groups[0] for row, _ in leaving],
                    [order for _, order in leaving],
                )
            )

    def snapshot(self) -> object:
        return {"queues": [list(map(_plain, queue)) for queue in self._queues], "marks": list(self._marks)}

    def restore(self, state: object) -> None:
        held = cast("dict[str, Any]", state)
        self._queues = [deque(map(self._of, queue)) for queue in held["queues"]]
        self._marks = list(held["marks"])

    def _of(self, plain: Any) -> Message:
        kind, message = plain
        groups, series = self._context.groups, self._context.series
        match kind:
            case "batch":
                return batch_of(message, groups, series)
            case "barrier":
                return barrier_of(message, groups)
            case _:
                return rows_of(message, groups, series)


def _time(message: Message) -> int:
    return message.time(0) if isinstance(message, Chunk) else message.time


def _plain(message: Message) -> object:
    match message:
        case Batch():
            return ["batch", batch_plain(message)]
        case Barrier():
            return ["barrier", barrier_plain(message)]
        case Chunk():
            return ["point", rows_plain(message)]
