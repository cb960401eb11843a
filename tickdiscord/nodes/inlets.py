"""A step with several parents: an inlet for each, and one order for what comes through all of them."""

from dataclasses import dataclass
from typing import TypeAlias

from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Receiver, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk

Arrived: TypeAlias = tuple[int, int, Chunk | Batch | Barrier, int]
"""The row of the input that caused it, the parent, the message, and of a chunk the row that is meant."""


class Confluence(Step):
    """The base of steps with several parents, which are numbered from 0.

    A parent gives all that a chunk of the input makes of it before the next one gives anything. So what they give is
    put by, and taken when all of them are done, in the order of the rows that caused it: as if points came one by one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[Arrived] = []

    def inlet(self, position: int) -> Receiver:
        return Inlet(self._waiting, position)

    def settle(self) -> None:
        if not self._waiting:
            return
        waiting = sorted(self._waiting, key=_order)
        self._waiting.clear()
        for order, source, message, index in waiting:
            match message:
                case Chunk():
                    self.row_from(source, message, index, order)
                case Batch():
                    self.batch_from(source, message)
                case Barrier():
                    self.barrier_from(source, message)
        self.flush()

    def row_from(self, source: int, chunk: Chunk, index: int, order: int) -> None:
        """Take one row of a chunk."""
        raise NotImplementedError

    def batch_from(self, source: int, batch: Batch) -> None:
        """Take a batch."""
        raise NotImplementedError

    def barrier_from(self, source: int, barrier: Barrier) -> None:
        """Take a barrier."""
        raise NotImplementedError

    def flush(self) -> None:
        """Give the points that were made and not given yet."""


def _order(arrived: Arrived) -> int:
    return arrived[0]


@dataclass(frozen=True, slots=True)
class Inlet(Receiver):
    """Where one of the parents gives to."""

    waiting: list[Arrived]
    source: int

    def chunk(self, chunk: Chunk) -> None:
        source = self.source
        self.waiting.extend([(order, source, chunk, index) for index, order in enumerate(chunk.order)])

    def batch(self, batch: Batch) -> None:
        self.waiting.append((batch.order, self.source, batch, 0))

    def barrier(self, barrier: Barrier) -> None:
        self.waiting.append((barrier.order, self.source, barrier, 0))


def behind_another(node: Node) -> bool:
    """Whether a node with several parents stands before this one.

    What comes out of that comes later than what comes to this one directly, so that the rows must come one by one.
    """
    return any(len(each.parents) > 1 for each in ancestors(node))


def ancestors(node: Node) -> set[Node]:
    """All nodes before this one."""
    found: set[Node] = set()
    waiting = list(node.parents)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += each.parents
    return found
