"""`|query()`: what an InfluxDB answers every so often; offline, what a recording says it has answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.diagnostics import Diagnostic, Severity
from tickdiscord.nodes.cron import cron_problem
from tickdiscord.nodes.node import BATCH, Edge, Node
from tickdiscord.nodes.select import NoSelectError, Place, Select, read_select
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.batch import Batch
from tickdiscord.properties import (
    DIMENSION,
    DURATION,
    FLOAT,
    INTEGER,
    STRING,
    TimeDimension,
    argument,
    flag,
    listed,
    one_of,
    value,
)

WRONG = "TD190"
DOUBTFUL = "TD191"
FILLS = ("null", "none", "previous", "linear")
_SHOWN = "'null', 'none', 'previous' or 'linear'"


def _no_query(text: str) -> str:
    try:
        read_select(text)
    except NoSelectError as problem:
        return f"wants one SELECT; this query {problem}"
    return ""


def _no_cron(text: str) -> str:
    return text and cron_problem(text)


def _no_fill(fill: str | int | float) -> str:
    if isinstance(fill, str) and fill not in FILLS:
        return f"wants a number, {_SHOWN}, and not '{fill}'"
    return ""


@dataclass(eq=False)
class Query(Node):
    """Kapacitor: `QueryNode`. It gives a batch for each group of an answer."""

    kind: ClassVar[str] = "query"
    takes: ClassVar[frozenset[Edge]] = BATCH
    gives: ClassVar[Edge | None] = Edge.BATCH
    sources: ClassVar[tuple[str, ...]] = ("batch",)
    doc: ClassVar[str] = "Asks an InfluxDB every so often; offline, its answers come out of a recording."

    query: str = argument(STRING, "The query, one SELECT with the database and retention policy.", check=_no_query)
    period: int = value(DURATION, 0, "How far back a query looks.")
    every: int = value(DURATION, 0, "How often it is asked.")
    align: bool = flag("Ask at times that are multiples of `every`.")
    cron: str = value(STRING, "", "When it is asked, as cron has it; instead of `every`.", check=_no_cron)
    offset: int = value(DURATION, 0, "How long before the time it is asked its period ends.")
    align_group: bool = flag("Groups of time begin where the period begins.")
    group_by: tuple[tuple[str | TimeDimension, ...], ...] = listed(
        DIMENSION, "What makes the groups: tags, `*`, and one time, `time(1m)` or 1m."
    )
    group_by_measurement: bool = flag("Each measurement makes groups of its own.")
    fill: str | int | float = value(
        one_of(STRING, one_of(INTEGER, FLOAT)), "", "What stands where a group of time has no points.", check=_no_fill
    )
    cluster: str = value(STRING, "", "Which of the configured InfluxDBs is asked.")

    @property
    def select(self) -> Select:
        """What its text says."""
        return read_select(self.query)

    @property
    def databases(self) -> Iterator[Place]:
        """Where it reads, as far as it says so."""
        return (place for place in self.select.sources if place.database and place.retention_policy)

    def could_give(self, batch: Batch) -> bool:
        """Whether a batch looks like an answer to it: its measurement and the tags of its group."""
        names = [place.measurement for place in self.select.sources]
        dimensions = [each for names in self.group_by for each in names]
        tags = {each for each in dimensions if isinstance(each, str)}
        return (batch.name in names or any(name.startswith("/") for name in names)) and (
            tags == set(batch.tags) or any(tag == "*" or tag.startswith("/") for tag in tags)
        )

    def check(self) -> Iterable[Diagnostic]:
        """Kapacitor: `newQueryNode`, `checkDBRPs`, `Query.Dimensions`."""
        every, cron = self.said.get("every"), self.said.get("cron")
        if self.every and self.cron:
            yield Diagnostic(WRONG, "`.every()` and `.cron()` exclude each other", cron)
        elif self.every < 0:
            yield Diagnostic(WRONG, "`.every()` wants a duration that is not negative", every)
        elif not self.every and not self.cron:
            hint = "say how often it is asked: `.every(5m)`"
            yield Diagnostic(WRONG, "`|query()` needs `.every()` or `.cron()`", self.span, hint)
        times = [each for names in self.group_by for each in names if isinstance(each, TimeDimension)]
        if len(times) > 1:
            yield Diagnostic(WRONG, "`.groupBy()` takes one time only", self.said.get("groupBy"))
        if not self.period:
            message = "without `.period()` a query looks back no time at all, and finds nothing"
            yield Diagnostic(DOUBTFUL, message, self.span, "for example `.period(5m)`", Severity.WARNING)
        select = self.select
        if select.grouped:
            message = "Kapacitor drops the GROUP BY of a query"
            yield Diagnostic(DOUBTFUL, message, self.span, "write `.groupBy(time(1m), 'host')`", Severity.WARNING)
        if any(not (place.database and place.retention_policy) for place in select.sources):
            message = "Kapacitor refuses a query that does not say database and retention policy"
            yield Diagnostic(DOUBTFUL, message, self.span, 'write FROM "telegraf"."autogen"."cpu"', Severity.WARNING)

    def step(self, context: Context) -> Step:
        return QueryStep(context)


class QueryStep(Step):
    """Hands on the batches that the runtime gives it, their groups being those of the task."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._groups = context.groups

    def batch(self, batch: Batch) -> None:
        group = self._groups.again(batch.group.id, batch.group.tags, batch.group.dimensions)
        rows = batch.rows.regrouped([group] * len(batch))
        self.give_batch(Batch(batch.name, group, batch.tags, batch.time, rows, batch.order))
