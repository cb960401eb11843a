"""`|stats(interval)`: counts, by the clock, the points that a node has handed on."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.nodes.from_ import From, rounded, truncated
from tickdiscord.nodes.lineage import grouping_of
from tickdiscord.nodes.node import Edge, Node
from tickdiscord.nodes.source import Stream
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Dimensions, Group, Series
from tickdiscord.properties import DURATION, argument, flag

MOST_TICKS = 10_000
"""Ticks in a row between two points; what is due beyond them is left out, and reported.

The wall's time does not jump, a stream's does: by one point with a wrong unit of time it may jump by a century.
"""

SETTLED = 3
"""Ticks without a change after which nodes that repeat have come to rest."""

STATS = Series("", "", "stats", {})


def positive(interval: int) -> str:
    """What is wrong with an interval (ns), as Kapacitor sees it."""
    return "" if interval > 0 else "wants an interval that is positive"


@dataclass(eq=False)
class Stats(Node):
    """Kapacitor: `StatsNode`, which makes a child for a node that has none, so that there is an edge to count at."""

    kind: ClassVar[str] = "stats"
    gives: ClassVar[Edge | None] = Edge.STREAM
    doc: ClassVar[str] = "Counts, by the clock, the points that a node has handed on, for each group."

    interval: int = argument(DURATION, "How often the count is given.", check=positive)
    align: bool = flag("Count at multiples of the interval.")

    @property
    def count(self) -> int:
        return 1 if len(self.parents[0].children) > 1 else 2

    def step(self, context: Context) -> Step:
        step = StatsStep(self, context)
        context.needs.tickers.append(step)
        return step


class StatsStep(Step):
    """Stands behind the node whose points it counts, and hands on nothing but its counts."""

    def __init__(self, node: Stats, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._interval = node.interval
        self._no_group = context.groups.of("", {}, Dimensions())
        self._measurements = measurements(node.parents[0])
        self._counts: Counter[Group] = Counter()
        self._shown: dict[Group, tuple[Series, Group]] = {}
        """How each group stands behind this node."""
        self._due: int | None = None
        self._begun: int | None = None
        """The time that the next count bears, where that is not the time it is due."""
        self._unchanged = 0
        """Ticks since the counts last changed."""
        self._expected = tuple(expected_groups(node, context))
        self._counts.update(dict.fromkeys(self._expected, 0))

    def chunk(self, chunk: Chunk) -> None:
        self._unchanged = 0
        if not isinstance(self._node.parents[0], Stream):
            self._counts.update(chunk.groups)
        elif asked := self._asked_for(chunk):
            self._counts[self._no_group] += asked

    def batch(self, batch: Batch) -> None:
        self._unchanged = 0
        self._counts[batch.group] += len(batch)

    def barrier(self, barrier: Barrier) -> None:
        """A group that ends is counted anew when it comes again; the count goes no further."""
        if barrier.delete:
            self._unchanged = 0
            self._shown.pop(barrier.group, None)
            del self._counts[barrier.group]
            if barrier.group in self._expected:
                self._counts[barrier.group] = 0

    @property
    def due(self) -> int | None:
        return self._due

    def start(self, now: int) -> None:
        """Kapacitor: `runStats`; aligned, the first count bears the rounded time of the start."""
        if self._node.align:
            self._due = truncated(now, self._interval) + self._interval
            self._begun = rounded(now, self._interval)
        else:
            self._due = now + self._interval

    def tick(self, now: int) -> None:
        due = cast("int", self._due)
        self._emit(due if self._begun is None else self._begun)
        self._begun = None
        self._due = due + self._interval
        self._unchanged += 1
        if self._unchanged > SETTLED:
            self._due += self._left_out((now - self._due) // self._interval) * self._interval

    def _left_out(self, ticks: int) -> int:
        """How many of the ticks to come are left out, now that the counts have come to rest."""
        if ticks > 1 and repeats(self._node):
            return ticks - 1
        if ticks > MOST_TICKS:
            self._context.trouble(self._node, "the clock", jump(self._node, ticks - MOST_TICKS, self._context))
        return max(0, ticks - MOST_TICKS)

    def snapshot(self) -> object:
        return [self._due, self._begun, self._unchanged, by_group(self._counts, lambda count: count)]

    def restore(self, state: object) -> None:
        self._due, self._begun, self._unchanged, counts = cast("tuple[int | None, int | None, int, Any]", state)
        self._counts = Counter(of_groups(counts, self._context.groups, lambda count: cast("int", count)))
        for group in self._expected:
            self._counts.setdefault(group, 0)

    def _asked_for(self, chunk: Chunk) -> int:
        """How many of the points the task gets in Kapacitor, out of all that the stream has."""
        names = self._measurements
        return len(chunk) if "" in names else sum(series.name in names for series in chunk.series)

    def _emit(self, time: int) -> None:
        """Kapacitor: `nodeStatsByGroup`; before there is a group, one without tags has the count 0."""
        counts = self._counts or {self._no_group: 0}
        shown = [self._shown.get(group) or self._show(group) for group in counts]
        rows = ParsedRows([{"emitted": count} for count in counts.values()], [time] * len(counts))
        self.give(Chunk(rows, [series for series, _ in shown], [group for _, group in shown], [0] * len(counts)))

    def _show(self, group: Group) -> tuple[Series, Group]:
        series = self._context.series.like(STATS, group.tags)
        shown = self._shown[group] = series, self._context.groups.of(STATS.name, group.tags, group.dimensions)
        return shown


def measurements(node: Node) -> frozenset[str]:
    """The measurements that the `|from()` nodes behind a node ask for; an empty name asks for all.

    Kapacitor: a task gets no other points, which matters for what stands right behind `stream`.
    """
    return frozenset(each.measurement for each in below(node) if isinstance(each, From))


def below(node: Node) -> Iterable[Node]:
    """All nodes behind a node, each once."""
    found: dict[Node, None] = {}
    waiting = list(node.children)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found[each] = None
            waiting += each.children
    return found


def repeats(node: Node) -> bool:
    """Whether nothing new comes of points that a node repeats: so say all nodes behind it."""
    return all(each.repeats for each in below(node))


def expected_groups(node: Stats, context: Context) -> Iterable[Group]:
    """The groups that the user expects, as far as the counted node makes groups of such tags."""
    grouping = grouping_of(node.parents[0])
    for id in context.expected_groups:
        tags = _tags(id)
        wanted = set(grouping.tags)
        if not grouping.by_name and ("*" in wanted or wanted == tags.keys()):
            context.needs.expected.add(id)
            yield context.groups.of("", tags, Dimensions(tuple(sorted(tags))))


def _tags(id: str) -> dict[str, str]:
    """The tags of a group's id; a piece without `=` belongs to the value before it, which had a comma in it."""
    pieces: list[str] = []
    for piece in id.split(","):
        if "=" in piece or not pieces:
            pieces.append(piece)
        else:
            pieces[-1] += f",{piece}"
    return {key: value for key, _, value in (piece.partition("=") for piece in pieces)}


def jump(node: Node, ticks: int, context: Context) -> Diagnostic:
    """What is said where the stream's time goes on so far that not everything due in between can be done."""
    return warning(
        "TD181",
        f"the stream's time jumps so far that {ticks:,} ticks of `|{node.kind}()` are left out",
        node.span,
        "if the points are not really that far apart, look at the unit of their times: --precision",
        context.source,
    )
