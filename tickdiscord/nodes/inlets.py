"""What a step with several parents has in the place of one: an inlet for each."""

from dataclasses import dataclass
from typing import Protocol

from tickdiscord.nodes.step import Receiver
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk


class Confluence(Protocol):
    """A step that wants to know which parent gives; parents are numbered from 0."""

    def chunk_from(self, source: int, chunk: Chunk) -> None: ...

    def batch_from(self, source: int, batch: Batch) -> None: ...

    def barrier_from(self, source: int, barrier: Barrier) -> None: ...


@dataclass(frozen=True, slots=True)
class Inlet(Receiver):
    """Where one of the parents gives to."""

    step: Confluence
    source: int

    def chunk(self, chunk: Chunk) -> None:
        self.step.chunk_from(self.source, chunk)

    def batch(self, batch: Batch) -> None:
        self.step.batch_from(self.source, batch)

    def barrier(self, barrier: Barrier) -> None:
        self.step.barrier_from(self.source, barrier)
