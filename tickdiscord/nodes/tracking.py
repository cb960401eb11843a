"""What `|stateDuration()` and `|stateCount()` have in common: whether each group is in a state, and since when."""

from collections.abc import Callable
from typing import Any, cast

from tickdiscord.lambdas import Failure
from tickdiscord.nodes.evaluate import Predicate
from tickdiscord.nodes.layer import with_fields
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Groups, Value

Mark = Callable[[int | None, int], tuple[int, Value]]
"""What becomes of a group that is in the state: from what it kept so far, None if it was outside, and the time of the
point, to what it keeps now and the value of the field."""


class TrackingStep(Step):
    """Writes a field that says how it stands with the state; `outside` where the condition is false.

    Kapacitor: `StateTrackingNode`; a point on which the condition fails is dropped and changes nothing, and a batch
    begins outside, whatever was before it.
    """

    def __init__(self, condition: Predicate, name: str, mark: Mark, outside: Value, groups: Groups) -> None:
        super().__init__()
        self._condition = condition
        self._name = name
        self._mark = mark
        self._outside = outside
        self._groups = groups
        self._kept: dict[Group, int] = {}

    def chunk(self, chunk: Chunk) -> None:
        self.give(self._tracked(chunk))

    def batch(self, batch: Batch) -> None:
        self._kept.pop(batch.group, None)
        rows = self._tracked(batch.rows)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._kept.pop(barrier.group, None)
            self._condition.states.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return [by_group(self._kept, int), self._condition.snapshot()]

    def restore(self, state: object) -> None:
        kept, states = cast("tuple[Any, Any]", state)
        self._kept = of_groups(kept, self._groups, int)
        self._condition.restore(states)

    def _tracked(self, chunk: Chunk) -> Chunk:
        inside = self._condition.column(chunk)
        if Failure in map(type, inside):
            chunk, inside = self._without_failures(chunk, inside)
        kept, mark, outside = self._kept, self._mark, self._outside
        marks: list[Value | None] = []
        for group, time, holds in zip(chunk.groups, chunk.times(), inside, strict=True):
            if holds:
                kept[group], value = mark(kept.get(group), time)
                marks.append(value)
            else:
                kept.pop(group, None)
                marks.append(outside)
        return with_fields(chunk, {self._name: marks})

    def _without_failures(self, chunk: Chunk, values: list[Value | Failure]) -> tuple[Chunk, list[Value | Failure]]:
        passing: list[int] = []
        for index, value in enumerate(values):
            if isinstance(value, Failure):
                self._condition.failed(value)
            else:
                passing.append(index)
        return chunk.take(passing), [values[index] for index in passing]
