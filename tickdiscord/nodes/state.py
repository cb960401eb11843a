"""States of groups and rows as plain data, for snapshots."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from tickdiscord.nodes.values import value_of, value_plain
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Dimensions, Group, Groups, Series, SeriesPool, Value

T = TypeVar("T")


def by_group(states: Mapping[Group, T], plain: Callable[[T], object]) -> list[object]:
    """The states of groups; `plain` makes plain data of one."""
    return [[group_plain(group), plain(state)] for group, state in states.items()]


def of_groups(state: object, groups: Groups, made: Callable[[Any], T]) -> dict[Group, T]:
    """The reverse: `made` makes a state of plain data."""
    pairs = cast("list[tuple[object, Any]]", state or [])
    return {group_of(group, groups): made(plain) for group, plain in pairs}


def group_plain(group: Group) -> object:
    """A group as plain data."""
    return [group.id, dict(group.tags), list(group.dimensions.tag_names), group.dimensions.by_name]


def group_of(plain: object, groups: Groups) -> Group:
    """The reverse."""
    id, tags, names, by_name = cast("tuple[str, dict[str, str], list[str], bool]", plain)
    return groups.again(id, tags, Dimensions(tuple(names), by_name))


def rows_plain(chunk: Chunk) -> object:
    """The points of a chunk as plain data."""
    return [
        [
            [series.database, series.retention_policy, series.name, dict(series.tags)],
            group_plain(group),
            {name: value_plain(value) for name, value in chunk.rows.fields(index).items()},
            chunk.time(index),
            chunk.order[index],
        ]
        for index, (series, group) in enumerate(zip(chunk.series, chunk.groups, strict=True))
    ]


def rows_of(plain: object, groups: Groups, pool: SeriesPool) -> Chunk:
    """The reverse."""
    rows = cast("Sequence[tuple[Any, Any, Any, int, int]]", plain)
    series = [pool.like(Series(database, policy, name, tags), tags) for (database, policy, name, tags), *_ in rows]
    return Chunk(
        ParsedRows([_fields(fields) for _, _, fields, _, _ in rows], [time for _, _, _, time, _ in rows]),
        series,
        [group_of(group, groups) for _, group, _, _, _ in rows],
        [order for *_, order in rows],
    )


def _fields(plain: Mapping[str, object]) -> dict[str, Value]:
    # A join with a null fill puts None into a field set; it goes through here as it is.
    return cast("dict[str, Value]", {name: value_of(value) for name, value in plain.items()})
