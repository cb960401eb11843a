"""`|from()`: chooses points of a stream, and says how they are grouped."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, cast

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.nodes.evaluate import Predicate
from tickdiscord.nodes.grouping import Grouping, GroupOf
from tickdiscord.nodes.node import STREAM, Edge, Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import MOST_SERIES, Dimensions, Group, Series
from tickdiscord.properties import DURATION, LAMBDA, STRING, TAGS, flag, listed, repeated, value
from tickdiscord.syntax import tree


@dataclass(eq=False)
class From(Node):
    """Kapacitor: `FromNode`. Conditions and grouping see the point as it came, times are changed behind them."""

    kind: ClassVar[str] = "from"
    takes: ClassVar[frozenset[Edge]] = STREAM
    gives: ClassVar[Edge | None] = Edge.STREAM
    sources: ClassVar[tuple[str, ...]] = ("stream", "from")
    doc: ClassVar[str] = "Chooses points of a stream, and says how they are grouped."

    database: str = value(STRING, "", "Only points of this database.")
    retention_policy: str = value(STRING, "", "Only points of this retention policy.")
    measurement: str = value(STRING, "", "Only points of this measurement.")
    where: tuple[tuple[tree.Lambda], ...] = repeated(
        LAMBDA, doc="Only points for which this is true; several are joined by AND."
    )
    group_by: tuple[tuple[str, ...], ...] = listed(TAGS, "The tags that make the groups; `*` for all tags.")
    group_by_measurement: bool = flag("Each measurement makes groups of its own.")
    truncate: int = value(DURATION, 0, "Cut the points' times down to a multiple of this.")
    round: int = value(DURATION, 0, "Round the points' times to a multiple of this.")

    @property
    def grouping(self) -> Grouping:
        return Grouping(tuple(name for names in self.group_by for name in names), by_name=self.group_by_measurement)

    def check(self) -> Iterable[Diagnostic]:
        return self.grouping.problems(self.said.get("groupBy"))

    def step(self, context: Context) -> Step:
        return FromStep(self, context)


class Chosen(dict[Series, Group | None]):
    """The group of each series that is wanted, None for the others."""

    def __init__(self, node: From, context: Context) -> None:
        super().__init__()
        self._node = node
        self._groups = GroupOf(node.grouping, context.groups)

    def __missing__(self, series: Series) -> Group | None:
        if len(self) >= MOST_SERIES:
            self.clear()
        node = self._node
        wanted = (
            node.database in ("", series.database)
            and node.retention_policy in ("", series.retention_policy)
            and node.measurement in ("", series.name)
        )
        group = self[series] = self._groups[series] if wanted else None
        return group


class FromStep(Step):
    def __init__(self, node: From, context: Context) -> None:
        super().__init__()
        self._chosen = Chosen(node, context)
        self._conditions = [Predicate(each, ".where()", node, context) for (each,) in node.where]
        self._groups = context.groups
        self._truncate, self._round = node.truncate, node.round

    def chunk(self, chunk: Chunk) -> None:
        groups = list(map(self._chosen.__getitem__, chunk.series))
        if None in groups:
            wanted = [index for index, group in enumerate(groups) if group is not None]
            if not wanted:
                return
            chunk = chunk.take(wanted)
        chosen = chunk.regrouped([group for group in groups if group is not None])
        for condition in self._conditions:
            # Kapacitor: here a lambda has one state for the whole node, grouping comes later.
            seen = chosen
            if condition.stateful:
                seen = chosen.regrouped([self._groups.of("", {}, Dimensions())] * len(chosen))
            chosen = chosen.take(condition.passing(seen))
        if self._truncate > 0:
            chosen = chosen.retimed(lambda time: truncated(time, self._truncate))
        if self._round > 0:
            chosen = chosen.retimed(lambda time: rounded(time, self._round))
        self.give(chosen)

    def snapshot(self) -> object:
        return [condition.snapshot() for condition in self._conditions]

    def restore(self, state: object) -> None:
        for condition, states in zip(self._conditions, cast("list[object]", state), strict=True):
            condition.restore(states)


YEAR_ONE = -62_135_596_800_000_000_000
"""Go's zero time, in nanoseconds since 1970: multiples of a duration are counted from there."""


def truncated(time: int, unit: int) -> int:
    """A time down to a multiple of a unit, as Go's `Time.Truncate` does it; all in nanoseconds."""
    return time if unit <= 0 else time - (time - YEAR_ONE) % unit


def rounded(time: int, unit: int) -> int:
    """A time to the nearest multiple of a unit, halves up, as Go's `Time.Round` does it."""
    if unit <= 0:
        return time
    over = (time - YEAR_ONE) % unit
    return time - over if over + over < unit else time + unit - over
