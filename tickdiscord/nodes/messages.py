"""What a step holds back, as plain data for snapshots: field sets, batches, barriers."""

from collections.abc import Mapping
from typing import Any, cast

from tickdiscord.nodes.state import group_of, group_plain, rows_of, rows_plain
from tickdiscord.nodes.values import value_of, value_plain
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.model import Groups, SeriesPool, Value


def fields_plain(fields: Mapping[str, Value]) -> dict[str, object]:
    """A field set as plain data."""
    return {name: value_plain(value) for name, value in fields.items()}


def fields_of(plain: Mapping[str, object]) -> dict[str, Value]:
    """The reverse."""
    # A field that a join has filled with null is None, and stays so.
    return cast("dict[str, Value]", {name: value_of(value) for name, value in plain.items()})


def batch_plain(batch: Batch) -> list[object]:
    """A batch as plain data."""
    return [batch.name, group_plain(batch.group), dict(batch.tags), batch.time, rows_plain(batch.rows), batch.order]


def batch_of(plain: object, groups: Groups, pool: SeriesPool) -> Batch:
    """The reverse."""
    name, group, tags, time, rows, order = cast("list[Any]", plain)
    return Batch(name, group_of(group, groups), tags, time, rows_of(rows, groups, pool), order)


def barrier_plain(barrier: Barrier) -> list[object]:
    """A barrier as plain data."""
    return [
        barrier.name,
        group_plain(barrier.group),
        dict(barrier.tags),
        barrier.time,
        barrier.order,
        barrier.delete,
    ]


def barrier_of(plain: object, groups: Groups) -> Barrier:
    """The reverse."""
    name, group, tags, time, order, delete = cast("list[Any]", plain)
    return Barrier(name, group_of(group, groups), tags, time, order, delete)
