"""`|groupBy(tags…)`: groups the points anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.nodes.grouping import Grouping, GroupOf
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Groups
from tickdiscord.properties import STRING, TAGS, arguments, flag, repeated


@dataclass(eq=False)
class GroupBy(Node):
    """Kapacitor: `GroupByNode`; a grouping by measurement that came before stays."""

    kind: ClassVar[str] = "groupBy"
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
        return GroupByStep(self.grouping, context.groups)


class GroupByStep(Step):
    def __init__(self, grouping: Grouping, groups: Groups) -> None:
        super().__init__()
        named = Grouping(grouping.tags, grouping.excluded, by_name=True)
        self._by_name = GroupOf(named, groups)
        self._plain = self._by_name if grouping.by_name else GroupOf(grouping, groups)

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
