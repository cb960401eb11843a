"""Which group a series belongs to, decided once per series."""

from collections.abc import Iterable
from dataclasses import dataclass

from tickdiscord.diagnostics import Diagnostic, Span
from tickdiscord.points.model import MOST_SERIES, Dimensions, Group, Groups, Series


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a script says about groups. `tags` may hold a `*`: all tags but the excluded ones."""

    tags: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    by_name: bool = False

    def dimensions(self, series: Series, by_name: bool = False) -> Dimensions:
        """The dimensions of the group of a series (Kapacitor: `computeTagNames`, sorted)."""
        wanted: Iterable[str] = series.tags if "*" in self.tags else self.tags
        return Dimensions(tuple(sorted(tag for tag in wanted if tag not in self.excluded)), self.by_name or by_name)

    def problems(self, span: Span | None) -> list[Diagnostic]:
        """What is wrong with it, as Kapacitor sees it."""
        found: list[str] = []
        if "" in self.tags:
            found.append("a tag's name cannot be empty")
        if "*" in self.tags and len(self.tags) > 1:
            found.append("`*` means all tags; it cannot stand beside others")
        if self.excluded and "*" not in self.tags:
            found.append("`.exclude()` goes with `|groupBy(*)` only")
        return [Diagnostic("TD131", text, span) for text in found]


class GroupOf(dict[Series, Group]):
    """The group of a series, found when first asked for."""

    def __init__(self, grouping: Grouping, groups: Groups) -> None:
        super().__init__()
        self._grouping = grouping
        self._groups = groups

    def __missing__(self, series: Series) -> Group:
        if len(self) >= MOST_SERIES:
            self.clear()
        group = self[series] = self._groups.of(series.name, series.tags, self._grouping.dimensions(series))
        return group
