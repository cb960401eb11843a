"""`|barrier()`: says that nothing older will come in a group, by the clock, though no point says so."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, cast

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.stats import MOST_TICKS, jump
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group
from tickdiscord.properties import BOOL, DURATION, value

FEW_TICKS = 10
"""So many barriers in a row a group has, however many groups there are."""

LONG_AGO = -(1 << 63)
"""Before every point; ns."""


@dataclass(eq=False)
class BarrierNode(Node):
    """Kapacitor: `BarrierNode`, on the clock of the machine; here on that of the run."""

    kind: ClassVar[str] = "barrier"
    doc: ClassVar[str] = "Says that nothing older will come in a group, by the clock, though no point says so."

    idle: int = value(DURATION, 0, "When no point of a group has come for longer than this.")
    period: int = value(DURATION, 0, "As often as this, from the first point of a group on.")
    delete: bool = value(BOOL, False, "The group ends with the barrier; all nodes behind it forget it.")

    def check(self) -> Iterable[Diagnostic]:
        if self.idle and self.period:
            yield Diagnostic("TD182", "`.idle()` and `.period()` exclude each other", self.said["period"])
        elif self.idle < 0 or self.period < 0:
            name = "idle" if self.idle else "period"
            yield Diagnostic("TD182", f"`.{name}()` wants a time that is positive", self.said[name])
        elif not self.idle and not self.period:
            hint = "such as `|barrier().idle(30s)`"
            yield Diagnostic("TD182", "`|barrier()` wants `.idle()` or `.period()`, longer than 0s", self.span, hint)

    def step(self, context: Context) -> Step:
        step = BarrierStep(self, context)
        context.needs.tickers.append(step)
        # Which barrier comes before a point depends on the points before it.
        context.needs.one_by_one = True
        return step


@dataclass(slots=True)
class Watch:
    """The clock of one group; times in ns. `last` is the time of the last point or barrier that was handed on."""

    name: str
    due: int
    last: int
    barred: int = LONG_AGO
    """The time of the last barrier: what is older is dropped."""


class BarrierStep(Step):
    def __init__(self, node: BarrierNode, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._clock = context.environment.clock
        self._idle = node.idle > 0
        self._every = node.idle or node.period
        # Whose points come just as often as that is not idle: Kapacitor's timers fire after the time, not at it.
        self._first = node.idle + 1 if node.idle else node.period
        self._watches: dict[Group, Watch] = {}
        self._queue: list[tuple[int, int, Group]] = []
        """When each group may be due, at the earliest; put right when a group comes to the front."""
        self._made = 0

    def chunk(self, chunk: Chunk) -> None:
        passing: list[int] = []
        for index, (group, series) in enumerate(zip(chunk.groups, chunk.series, strict=True)):
            if self._passes(self._watch(group, series.name), chunk.time(index)):
                passing.append(index)
        self.give(chunk.take(passing))

    def batch(self, batch: Batch) -> None:
        watch = self._watch(batch.group, batch.name)
        passing = [index for index, time in enumerate(batch.rows.times()) if self._passes(watch, time)]
        rows = batch.rows.take(passing)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def barrier(self, barrier: Barrier) -> None:
        """A barrier of another node counts as a point does, and ends what it ends."""
        watch = self._watch(barrier.group, barrier.name)
        passes = self._passes(watch, barrier.time)
        if passes and self._idle:
            watch.barred = barrier.time
        if barrier.delete:
            del self._watches[barrier.group]
        if passes or barrier.delete:
            self.give_barrier(barrier)

    def start(self, now: int) -> None:
        """Nothing is due before the first point of a group."""

    @property
    def due(self) -> int | None:
        queue = self._queue
        while queue:
            due, number, group = queue[0]
            watch = self._watches.get(group)
            if watch is None:
                heapq.heappop(queue)
            elif watch.due > due:
                heapq.heapreplace(queue, (watch.due, number, group))
            else:
                return due
        return None

    def tick(self, now: int) -> None:
        """Kapacitor: `emitBarrier`; when idle, the barrier's time is that of the last point, plus the time idle."""
        due = cast("int", self.due)
        group = self._queue[0][2]
        watch = self._watches[group]
        watch.due = due + self._every
        watch.last = watch.barred = watch.last + self._every if self._idle else due
        barrier = Barrier(watch.name, group, group.tags, watch.barred, delete=self._node.delete)
        left_out = (now - watch.due) // self._every - max(FEW_TICKS, MOST_TICKS // len(self._watches))
        if left_out > 0:
            watch.due += left_out * self._every
            watch.last += left_out * self._every if self._idle else 0
            self._context.trouble(self._node, "the clock", jump(self._node, left_out, self._context))
        if self._node.delete:
            del self._watches[group]
            heapq.heappop(self._queue)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return by_group(self._watches, lambda watch: [watch.name, watch.due, watch.last, watch.barred])

    def restore(self, state: object) -> None:
        self._watches = of_groups(state, self._context.groups, lambda plain: Watch(*plain))
        self._queue = [(watch.due, number, group) for number, (group, watch) in enumerate(self._watches.items())]
        heapq.heapify(self._queue)
        self._made = len(self._queue)

    def _watch(self, group: Group, name: str) -> Watch:
        watch = self._watches.get(group)
        if watch is None:
            now = self._clock.now()
            watch = self._watches[group] = Watch(name, now + self._first, now)
            self._made += 1
            heapq.heappush(self._queue, (watch.due, self._made, group))
        return watch

    def _passes(self, watch: Watch, time: int) -> bool:
        """Whether something of this time is handed on; if so, an idle group is idle no longer."""
        if time < watch.barred:
            return False
        if self._idle:
            watch.due = self._clock.now() + self._first
            watch.last = time
        return True
