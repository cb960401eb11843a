"""`|kapacitorLoopback()`: gives points back to the stream, for other tasks to see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.diagnostics import Diagnostic, error, warning
from tickdiscord.nodes.node import Edge, Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Dimensions, Series
from tickdiscord.properties import STRING, repeated, value

INCOMPLETE = "TD184"
BATCH_NAME = "TD185"
CIRCLE = "TD186"


@dataclass(eq=False)
class KapacitorLoopback(Node):
    """Kapacitor: `KapacitorLoopbackNode`."""

    kind: ClassVar[str] = "kapacitorLoopback"
    described: ClassVar[str] = "kapacitor_loopback"
    followers: ClassVar[tuple[str, ...] | None] = ()
    doc: ClassVar[str] = "Gives points back to the stream, for other tasks to see."

    database: str = value(STRING, "", "The database that the points come from, for those tasks.")
    retention_policy: str = value(STRING, "", "The retention policy that they come from.")
    measurement: str = value(STRING, "", "The points' measurement, if it is to be another.")
    tag: tuple[tuple[str, str], ...] = repeated(STRING, STRING, doc="A tag that the points get.")

    def check(self) -> Iterable[Diagnostic]:
        for name, given in (("database", self.database), ("retentionPolicy", self.retention_policy)):
            if not given:
                message = f"`|kapacitorLoopback()` wants a `.{name}()`"
                yield Diagnostic(INCOMPLETE, message, self.said.get(name, self.span), f"`.{name}('name')`")
        if self.measurement and self.parents[0].edge is Edge.BATCH:
            message = "Kapacitor leaves batches their own measurement, and so does tickdiscord"
            yield warning(BATCH_NAME, message, self.said["measurement"])

    def step(self, context: Context) -> Step:
        """The running form.

        Raises:
            DiagnosticError: the points would come back to this very task.
        """
        if (self.database, self.retention_policy) in context.dbrps:
            place = f"`{self.database}`.`{self.retention_policy}`"
            message = f"an endless loop: this task itself sees the points of {place}"
            raise error(CIRCLE, message, self.span, "loop back to a database that only other tasks see")
        # What comes back must be seen before the next point is.
        context.needs.one_by_one = True
        return KapacitorLoopbackStep(self, context)


class KapacitorLoopbackStep(Step):
    def __init__(self, node: KapacitorLoopback, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._tags = dict(node.tag)

    def chunk(self, chunk: Chunk) -> None:
        name = self._node.measurement
        self._loop(chunk, [self._series(name or series.name, series.tags) for series in chunk.series])

    def batch(self, batch: Batch) -> None:
        rows = batch.rows
        if len(rows):
            self._loop(rows, [self._series(batch.name, series.tags) for series in rows.series])

    def barrier(self, barrier: Barrier) -> None:
        """It ends here."""

    def _loop(self, chunk: Chunk, series: list[Series]) -> None:
        ungrouped = self._context.groups.of("", {}, Dimensions())
        self._context.loop(chunk.regrouped([ungrouped] * len(series)).renamed(series))

    def _series(self, name: str, tags: Mapping[str, str]) -> Series:
        home = Series(self._node.database, self._node.retention_policy, name, {})
        return self._context.series.like(home, {**tags, **self._tags})
