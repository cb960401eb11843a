"""`|shift(duration)`: moves points and batches in time."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.properties import DURATION, argument


def _not_zero(by: int) -> str:
    return "" if by else "wants a duration other than 0"


@dataclass(eq=False)
class Shift(Node):
    """Kapacitor: `ShiftNode`; barriers keep their time."""

    kind: ClassVar[str] = "shift"
    doc: ClassVar[str] = "Moves points and batches in time."

    by: int = argument(DURATION, "How far forward, or backward if negative.", check=_not_zero)

    @property
    def repeats(self) -> bool:
        return True

    def step(self, context: Context) -> Step:
        return ShiftStep(self.by)


class ShiftStep(Step):
    """Moves by a number of nanoseconds."""

    def __init__(self, by: int) -> None:
        super().__init__()
        self._by = by

    def chunk(self, chunk: Chunk) -> None:
        self.give(self._shifted(chunk))

    def batch(self, batch: Batch) -> None:
        rows = self._shifted(batch.rows)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time + self._by, rows, batch.order))

    def _shifted(self, chunk: Chunk) -> Chunk:
        by = self._by
        return chunk.retimed(lambda time: time + by)
