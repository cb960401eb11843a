"""`|influxDBOut()`: writes points to InfluxDB, as line protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from tickdiscord.diagnostics import DiagnosticError, warning
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.outbox.request import Entry, Key, Request
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.line_protocol import field_set, head
from tickdiscord.points.model import MOST_SERIES, Series
from tickdiscord.points.precision import Precision
from tickdiscord.properties import DURATION, INTEGER, STRING, flag, repeated, value

UNWRITABLE = "TD187"


def _precision(word: str) -> str:
    try:
        Precision.named(word)
    except DiagnosticError as problem:
        return "".join(f"{each.message}; {each.hint}" for each in problem.diagnostics)
    return ""


@dataclass(eq=False)
class InfluxDBOut(Node):
    """Kapacitor: `InfluxDBOutNode`. Here its points go where the run says."""

    kind: ClassVar[str] = "influxDBOut"
    described: ClassVar[str] = "influxdb_out"
    followers: ClassVar[tuple[str, ...] | None] = ()
    doc: ClassVar[str] = "Writes points to InfluxDB, as line protocol."

    cluster: str = value(STRING, "", "The name of an InfluxDB in the configuration.")
    database: str = value(STRING, "", "The database to write to; if not said, that of the points.")
    retention_policy: str = value(STRING, "", "The retention policy to write to; if not said, that of the points.")
    measurement: str = value(STRING, "", "The measurement to write to; if not said, that of the points.")
    write_consistency: str = value(STRING, "", "How many nodes of a cluster must have a point.")
    precision: str = value(STRING, "ns", "The unit that times are cut down to.", check=_precision)
    buffer: int = value(INTEGER, 1000, "So many points are written at once.")
    flush_interval: int = value(DURATION, 10_000_000_000, "Points wait for others no longer than this.")
    tag: tuple[tuple[str, str], ...] = repeated(STRING, STRING, doc="A tag that all points get.")
    create: bool = flag("Create the database and retention policy first.")

    def step(self, context: Context) -> Step:
        return InfluxDBOutStep(self, context)


class InfluxDBOutStep(Step):
    """Makes one request of the points that come together and go to the same place."""

    def __init__(self, node: InfluxDBOut, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._unit = Precision.named(node.precision)
        self._tags = dict(node.tag)
        self._heads: dict[tuple[str, Series], str] = {}
        self._sequence = 0

    def chunk(self, chunk: Chunk) -> None:
        self._write(chunk, None)

    def batch(self, batch: Batch) -> None:
        """Kapacitor: points of a batch have no database of their own."""
        self._write(batch.rows, batch)

    def barrier(self, barrier: Barrier) -> None:
        """It ends here."""

    def snapshot(self) -> object:
        return self._sequence

    def restore(self, state: object) -> None:
        self._sequence = cast("int", state)

    def _write(self, chunk: Chunk, batch: Batch | None) -> None:
        node = self._node
        lines: dict[tuple[str, str], list[str]] = {}
        first: dict[tuple[str, str], int] = {}
        for index, (series, time) in enumerate(zip(chunk.series, chunk.times(), strict=True)):
            fields = field_set(chunk.rows.fields(index))
            if not fields:
                self._unwritable()
                continue
            database, policy = ("", "") if batch else (series.database, series.retention_policy)
            place = node.database or database, node.retention_policy or policy
            name = node.measurement or (batch.name if batch else series.name)
            cut = time - (abs(time) % self._unit) * (1 if time > 0 else -1)
            lines.setdefault(place, []).append(f"{self._head(name, series)} {fields} {cut}\n")
            first.setdefault(place, batch.order if batch else chunk.order[index])
        for place, written in lines.items():
            self._request(place, written, first[place])

    def _head(self, name: str, series: Series) -> str:
        known = self._heads.get((name, series))
        if known is None:
            if len(self._heads) >= MOST_SERIES:
                self._heads.clear()
            known = self._heads[name, series] = head(name, {**series.tags, **self._tags})
        return known

    def _request(self, place: tuple[str, str], lines: list[str], order: int) -> None:
        database, policy = place
        body: Mapping[str, Any] = {
            "database": database,
            "retentionPolicy": policy,
            "create": self._node.create,
            "points": len(lines),
            "lines": "".join(lines),
            **({"consistency": self._node.write_consistency} if self._node.write_consistency else {}),
        }
        self._sequence += 1
        key = Key(self._context.lineage, self._context.task, self._node.name, 0, self._sequence)
        self._context.request(order, Entry(key, "", Request(self._node.kind, self._node.cluster, body)))

    def _unwritable(self) -> None:
        message = "a point without a field that line protocol can write is left out"
        found = warning(UNWRITABLE, message, self._node.span, source=self._context.source)
        self._context.trouble(self._node, "|influxDBOut()", found)
