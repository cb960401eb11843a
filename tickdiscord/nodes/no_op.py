"""`|noOp()`: hands everything on as it is."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk


@dataclass(eq=False)
class NoOp(Node):
    """Kapacitor: `NoOpNode`."""

    kind: ClassVar[str] = "noOp"
    described: ClassVar[str] = "noop"
    doc: ClassVar[str] = "Hands everything on as it is."

    @property
    def repeats(self) -> bool:
        return True

    def step(self, context: Context) -> Step:
        return NoOpStep()


class NoOpStep(Step):
    def chunk(self, chunk: Chunk) -> None:
        self.give(chunk)

    def batch(self, batch: Batch) -> None:
        self.give_batch(batch)
