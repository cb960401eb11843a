"""`|groupBy(tags…)`: groups the points anew."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, ClassVar, cast

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.nodes.grouping import Grouping, GroupOf
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state import group_of, group_plain, rows_of, rows_plain
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Group, Series, Value
from tickdiscord.properties import STRING, TAGS, arguments, flag, repeated


@dataclass(eq=False)
class GroupBy(Node):
    """Kapacitor: `GroupByNode`; a grouping by measurement that came before stays."""

    kind: ClassVar[str] = "groupBy"
    described: ClassVar[str] = "groupby"
    doc: ClassVar[str] = "Groups the points anew."

    tags: tuple[tuple[str, ...], ...] = arguments(TAGS, "The tags that make the groups; `*` for all tags.")
    by_measurement: bool = flag("Each measurement makes groups of its own.")
    exclude: tuple[tuple[str, ...], ...] = repeated(rest=STRING, doc="With `*`: all tags but these.")

    @property
    def grouping(self) -> Grouping:
        excluded = frozenset(name for names in self.exclude for name in names)
        return Grouping(tuple(name for names in self.tags for name in names), excluded, self.by_measurement)

    def check(self) -> Iterable[Diagnostic]:
        return self.grouping.problems(self.span)

    def step(self, context: Context) -> Step:
        return GroupByStep(self.grouping, context)


class GroupByStep(Step):
    """Regroups points as they come; of batches it holds the new groups until a batch of another time begins."""

    def __init__(self, grouping: Grouping, context: Context) -> None:
        super().__init__()
        named = Grouping(grouping.tags, grouping.excluded, by_name=True)
        self._by_name = GroupOf(named, context.groups)
        self._plain = self._by_name if grouping.by_name else GroupOf(grouping, context.groups)
        self._grouping = grouping
        self._context = context
        self._held: dict[Group, Held] = {}
        self._time: int | None = None
        """The time of the last batch or barrier."""

    def chunk(self, chunk: Chunk) -> None:
        by_name, plain = self._by_name, self._plain
        self.give(
            chunk.regrouped(
                [
                    (by_name if group.dimensions.by_name else plain)[series]
                    for series, group in zip(chunk.series, chunk.groups, strict=True)
                ]
            )
        )

    def batch(self, batch: Batch) -> None:
        self._move_on(batch.time, batch.order)
        by_name, rows = batch.group.dimensions.by_name, batch.rows
        groups = {
            series: self._context.groups.of(batch.name, series.tags, self._grouping.dimensions(series, by_name))
            for series in set(rows.series)
        }
        indexes: defaultdict[Group, list[int]] = defaultdict(list)
        for index, series in enumerate(rows.series):
            indexes[groups[series]].append(index)
        for group, chosen in indexes.items():
            if group not in self._held:
                self._held[group] = Held(batch.name, group, batch.time)
            self._held[group].put(rows, chosen)

    def barrier(self, barrier: Barrier) -> None:
        self._move_on(barrier.time, barrier.order)
        if barrier.delete:
            self._held.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        held = [
            [group_plain(held.group), held.name, held.time, rows_plain(held.rows())] for held in self._held.values()
        ]
        return [self._time, held]

    def restore(self, state: object) -> None:
        self._time, batches = cast("tuple[int | None, list[Any]]", state)
        for plain, name, time, rows in batches:
            group = group_of(plain, self._context.groups)
            self._held[group] = held = Held(name, group, time)
            held.put(rows_of(rows, self._context.groups, self._context.series), range(len(rows)))

    def _move_on(self, time: int, order: int) -> None:
        """Give what is held, if that is of another time (Kapacitor: `GroupByNode.emit`)."""
        if time == self._time:
            return
        self._time = time
        held, self._held = self._held, {}
        for each in held.values():
            self.give_batch(Batch(each.name, each.group, each.group.tags, each.time, each.rows(), order))


class Held:
    """The points of a new group so far; `time` is that of the first batch they came with."""

    def __init__(self, name: str, group: Group, time: int) -> None:
        self.name = name
        self.group = group
        self.time = time
        self._points: list[tuple[int, Series, Mapping[str, Value], int]] = []

    def put(self, rows: Chunk, indexes: Iterable[int]) -> None:
        """Take some of the points of a batch."""
        for index in indexes:
            self._points.append((rows.time(index), rows.series[index], rows.rows.fields(index), rows.order[index]))

    def rows(self) -> Chunk:
        """The points by time; those of one time as they came."""
        points = sorted(self._points, key=itemgetter(0))
        return Chunk(
            ParsedRows([fields for _, _, fields, _ in points], [time for time, *_ in points]),
            [series for _, series, _, _ in points],
            [self.group] * len(points),
            [order for *_, order in points],
        )
