"""`|sample(rate)`: lets some points through, by number or by time."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.nodes.from_ import truncated
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Groups
from tickdiscord.properties import Argument, Type, argument
from tickdiscord.syntax import tree

Rate = tree.Integer | tree.Duration


def _rate(given: Argument) -> Rate | None:
    return given if isinstance(given, tree.Integer | tree.Duration) else None


def _not_zero(rate: Rate) -> str:
    return "" if rate.value else "wants a number or duration other than 0"


@dataclass(eq=False)
class Sample(Node):
    """Kapacitor: `SampleNode`; the first point of a group is always the first of a number."""

    kind: ClassVar[str] = "sample"
    doc: ClassVar[str] = "Lets every n-th point of a group through, or those at the multiples of a duration."

    rate: Rate = argument(
        Type("int or duration", _rate, "10"),
        "Every how many points, or of what the times must be multiples.",
        check=_not_zero,
    )

    def step(self, context: Context) -> Step:
        if isinstance(self.rate, tree.Duration):
            return SampleByTime(self.rate.value)
        return SampleByNumber(self.rate.value, context.groups)


class SampleByNumber(Step):
    """Keeps how many points each group has had, as far as that matters."""

    def __init__(self, every: int, groups: Groups) -> None:
        super().__init__()
        self._every = abs(every)
        self._groups = groups
        self._counts: dict[Group, int] = {}

    def chunk(self, chunk: Chunk) -> None:
        self.give(self._sampled(chunk))

    def batch(self, batch: Batch) -> None:
        self._counts.pop(batch.group, None)
        rows = self._sampled(batch.rows)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._counts.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return by_group(self._counts, int)

    def restore(self, state: object) -> None:
        self._counts = of_groups(state, self._groups, int)

    def _sampled(self, chunk: Chunk) -> Chunk:
        counts, every = self._counts, self._every
        passing: list[int] = []
        for index, group in enumerate(chunk.groups):
            count = counts.get(group, 0)
            if not count:
                passing.append(index)
            counts[group] = (count + 1) % every
        return chunk.take(passing)


class SampleByTime(Step):
    """Has no state: the points' times say it all; `every` is in nanoseconds."""

    def __init__(self, every: int) -> None:
        super().__init__()
        self._every = every

    def chunk(self, chunk: Chunk) -> None:
        self.give(self._sampled(chunk))

    def batch(self, batch: Batch) -> None:
        rows = self._sampled(batch.rows)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def _sampled(self, chunk: Chunk) -> Chunk:
        every = self._every
        return chunk.take([index for index, time in enumerate(chunk.times()) if time == truncated(time, every)])
