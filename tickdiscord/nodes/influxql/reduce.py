"""The step of everything that makes results of windows: of batches, or on a stream of the points of one time."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from tickdiscord.nodes.influxql.moments import Moments
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.windows import Points, Windows
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group


class ReduceStep(Step):
    """`result` makes points or batches of windows. It looks at one field; `whole` if it needs the points besides."""

    def __init__(
        self, context: Context, field: str, result: Callable[[Windows], Chunk | Sequence[Batch]], *, whole: bool
    ) -> None:
        super().__init__()
        self.field = field
        self.whole = whole
        self._groups = context.groups
        self._result = result
        self._moments = Moments(field, context)
        self._names: dict[Group, str] = {}

    def chunk(self, chunk: Chunk) -> None:
        windows = Windows(self._moments.kept, [self])
        self._moments.take(chunk, windows)
        windows.hand_on()

    def batch(self, batch: Batch) -> None:
        """Kapacitor: the results of a group bear the name of its first batch."""
        name = self._names.setdefault(batch.group, batch.name)
        windows = Windows(Points(self.field), [self])
        rows = list(windows.kept.rows(batch.rows))
        windows.add((batch.group, name, batch.time, batch.order, batch.rows.times(), rows))
        windows.hand_on()

    def windows(self, windows: Windows) -> None:
        """Take windows."""
        result = self._result(windows)
        if isinstance(result, Chunk):
            self.give(result)
        else:
            for batch in result:
                self.give_batch(batch)

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._moments.forget(barrier.group)
            self._names.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return [self._moments.snapshot(), by_group(self._names, str)]

    def restore(self, state: object) -> None:
        moments, names = cast("tuple[Any, Any]", state)
        self._moments.restore(moments)
        self._names = of_groups(names, self._groups, str)
