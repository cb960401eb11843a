"""Series, groups and points: what the rest of the program knows about the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = bool | int | float | str
"""The value of a field: Kapacitor's bool, int (64 bit), float and string."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A measurement with one tag set, from one database and retention policy; interned, so compared by identity."""

    database: str
    retention_policy: str
    name: str
    tags: Mapping[str, str]
    """Sorted by key."""


MOST_SERIES = 65_536
"""Tables by series are emptied at this size: what comes again is looked at again, and memory does not grow."""


@dataclass(slots=True)
class SeriesPool:
    """The series that nodes make out of others, each made once."""

    _known: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], Series] = field(
        default_factory=dict[tuple[str, str, str, tuple[tuple[str, str], ...]], Series]
    )

    def like(self, series: Series, tags: Mapping[str, str], name: str | None = None) -> Series:
        """The series of another one's database and retention policy, with other tags, perhaps another name."""
        return self.make(series.database, series.retention_policy, series.name if name is None else name, tags)

    def make(self, database: str, retention_policy: str, name: str, tags: Mapping[str, str]) -> Series:
        """The series of this database, retention policy, name and tags."""
        items = tuple(sorted(tags.items()))
        key = (database, retention_policy, name, items)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_SERIES:
                self._known.clear()
            found = self._known[key] = Series(key[0], key[1], key[2], dict(items))
        return found


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What a group is made by: tag names in sorted order, and perhaps the measurement's name."""

    tag_names: tuple[str, ...] = ()
    by_name: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A group of points; interned by `Groups`, so compared by identity."""

    id: str
    """As Kapacitor writes it: `cpu=cpu0,host=a`, behind the measurement and a newline if grouped by name."""
    tags: Mapping[str, str]
    dimensions: Dimensions


@dataclass(slots=True)
class Groups:
    """The table that makes each group once."""

    _known: dict[tuple[str, Dimensions], Group] = field(default_factory=dict[tuple[str, Dimensions], Group])

    def of(self, name: str, tags: Mapping[str, str], dimensions: Dimensions) -> Group:
        """The group of a point; a tag that the point lacks counts as the empty string (Kapacitor: `ToGroupID`)."""
        id = group_id(name, tags, dimensions)
        group = self._known.get((id, dimensions))
        if group is None:
            chosen = {tag: tags.get(tag, "") for tag in dimensions.tag_names}
            group = self._known[id, dimensions] = Group(id, chosen, dimensions)
        return group

    def again(self, id: str, tags: Mapping[str, str], dimensions: Dimensions) -> Group:
        """The group that was described so, as when a state is taken up again."""
        return self._known.setdefault((id, dimensions), Group(id, tags, dimensions))

    @property
    def newest(self) -> Group:
        """The group that was made last; there must be one."""
        return next(reversed(self._known.values()))

    def __len__(self) -> int:
        return len(self._known)


def group_id(name: str, tags: Mapping[str, str], dimensions: Dimensions) -> str:
    """A group's id: the grouping tags as `k=v` joined by commas."""
    listed = ",".join(f"{tag}={tags.get(tag, '')}" for tag in dimensions.tag_names)
    if not dimensions.by_name:
        return listed
    return f"{name}\n{listed}" if dimensions.tag_names else name


@dataclass(slots=True)
class Point:
    """One point, whole. Nodes that cannot work on columns take and give these; so do reports.

    `time` is in nanoseconds since 1970, UTC. Tag and field sets are never changed in place: a node that changes one
    makes another.
    """

    name: str
    tags: Mapping[str, str]
    fields: Mapping[str, Value]
    time: int
    group: Group
    database: str = ""
    retention_policy: str = ""
