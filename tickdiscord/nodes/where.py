"""`|where(lambda)`: lets the points through for which a lambda is true."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.nodes.evaluate import Predicate, is_plain
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.properties import LAMBDA, argument
from tickdiscord.syntax import tree


@dataclass(eq=False)
class Where(Node):
    """Kapacitor: `WhereNode`; a point on which the lambda fails is dropped, and the failure reported."""

    kind: ClassVar[str] = "where"
    doc: ClassVar[str] = "Lets the points through for which a lambda is true."

    condition: tree.Lambda = argument(LAMBDA, "What must be true for a point.")

    @property
    def repeats(self) -> bool:
        return is_plain(self.condition)

    def step(self, context: Context) -> Step:
        return WhereStep(self, context)


class WhereStep(Step):
    def __init__(self, node: Where, context: Context) -> None:
        super().__init__()
        self._condition = Predicate(node.condition, "|where()", node, context)
        self._groups = context.groups

    def chunk(self, chunk: Chunk) -> None:
        self.give(chunk.take(self._condition.passing(chunk)))

    def batch(self, batch: Batch) -> None:
        rows = batch.rows.take(self._condition.passing(batch.rows))
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._condition.states.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return self._condition.snapshot()

    def restore(self, state: object) -> None:
        self._condition.restore(state)
