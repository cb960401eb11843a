"""Points that get other tags: their series, and the groups they then belong to, each found once."""

from collections.abc import Callable, Iterable, Mapping

from tickdiscord.nodes.step import Context
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import MOST_SERIES, Dimensions, Group, Groups, Series

Tags = Mapping[str, str]


class Retagged(dict[Series, Series]):
    """What a series becomes when its tags change as `change` says; `change` gives the same object to leave them."""

    def __init__(self, change: Callable[[Tags], Tags], context: Context) -> None:
        super().__init__()
        self._change = change
        self._pool = context.series

    def __missing__(self, series: Series) -> Series:
        if len(self) >= MOST_SERIES:
            self.clear()
        tags = self._change(series.tags)
        self[series] = changed = series if tags is series.tags else self._pool.like(series, tags)
        return changed


class Regrouped(dict[tuple[Series, Group], Group]):
    """The group of a point that got other tags, by its new series and its old group.

    It is made by the same dimensions, less those that were deleted (Kapacitor: `SetTags`, `SetDimensions`).
    """

    def __init__(self, groups: Groups, deleted: Iterable[str] = ()) -> None:
        super().__init__()
        self._groups = groups
        self._deleted = frozenset(deleted)

    def __missing__(self, pair: tuple[Series, Group]) -> Group:
        if len(self) >= MOST_SERIES:
            self.clear()
        series, group = pair
        names = tuple(tag for tag in group.dimensions.tag_names if tag not in self._deleted)
        dimensions = Dimensions(names, group.dimensions.by_name)
        found = self[pair] = self._groups.of(series.name, series.tags, dimensions)
        return found


class Retagging:
    """Gives points and batches other tags."""

    def __init__(self, change: Callable[[Tags], Tags], context: Context, deleted: Iterable[str] = ()) -> None:
        self._change = change
        self._groups = context.groups
        self._series = Retagged(change, context)
        self._regrouped = Regrouped(context.groups, deleted)

    def chunk(self, chunk: Chunk) -> Chunk:
        """The points with their new tags, in the groups that these make."""
        series = list(map(self._series.__getitem__, chunk.series))
        groups = list(map(self._regrouped.__getitem__, zip(series, chunk.groups, strict=True)))
        return chunk.renamed(series).regrouped(groups)

    def batch(self, batch: Batch) -> Batch:
        """The batch with new tags, on itself and on its points.

        Kapacitor: a batch whose tags are set is grouped by all of them.
        """
        tags = self._change(batch.tags)
        dimensions = Dimensions(tuple(sorted(tags)), batch.group.dimensions.by_name)
        group = self._groups.of(batch.name, tags, dimensions)
        series = list(map(self._series.__getitem__, batch.rows.series))
        rows = batch.rows.renamed(series).regrouped([group] * len(series))
        return Batch(batch.name, group, tags, batch.time, rows, batch.order)
