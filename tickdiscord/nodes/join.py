"""`|join(others…)`: makes one point, or one batch, of those that several nodes give at equal times."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.nodes.from_ import rounded
from tickdiscord.nodes.inlets import Confluence, behind_another
from tickdiscord.nodes.join_fields import Fields, aligned, first_names
from tickdiscord.nodes.join_match import Matches
from tickdiscord.nodes.join_sets import Arrival, JoinSet, Sets
from tickdiscord.nodes.lineage import surely_lacks
from tickdiscord.nodes.made import Made
from tickdiscord.nodes.messages import batch_of, batch_plain, fields_of, fields_plain
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.prefixes import prefix_problems
from tickdiscord.nodes.state import group_of, group_plain
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Dimensions, Group, Value
from tickdiscord.properties import (
    BOOL,
    DURATION,
    FLOAT,
    INTEGER,
    NODE,
    STRING,
    NodeRef,
    arguments,
    listed,
    one_of,
    value,
)

INNER, NULL = "none", "null"


def _fill(given: int | float | str) -> str:
    return f"wants '{INNER}', '{NULL}' or a number" if isinstance(given, str) and given not in (INNER, NULL) else ""


NOTHING_MEETS = "TD173"


@dataclass(eq=False)
class Join(Node):
    """Kapacitor: `JoinNode`. What is joined has the tags of its group only, and no database or retention policy."""

    kind: ClassVar[str] = "join"
    doc: ClassVar[str] = "Makes one point, or one batch, of those that several nodes give at equal times."

    streams: tuple[NodeRef, ...] = arguments(NODE, "The nodes to join with.")
    as_: tuple[str, ...] = listed(STRING, "What the fields of each node begin with, the node itself first.")
    on: tuple[str, ...] = listed(STRING, "The tags to join on, where some nodes are grouped by more than these.")
    delimiter: str = value(STRING, ".", "Stands between the prefix and the field's own name.")
    stream_name: str = value(STRING, "", "The measurement of what is joined; without it that of the first node.")
    tolerance: int = value(DURATION, 0, "Times count as equal when they round to the same multiple of this.")
    fill: int | float | str = value(
        one_of(STRING, one_of(INTEGER, FLOAT)),
        INNER,
        "What a missing point's fields are: 'null' or a number; with 'none' there is no point then.",
        check=_fill,
    )
    delete_all: bool = value(BOOL, False, "When a barrier ends a group, forget how far the nodes have come in any.")

    def others(self) -> Sequence[NodeRef]:
        return self.streams

    def check(self) -> Iterable[Diagnostic]:
        yield from prefix_problems(self, self.as_, self.delimiter, len(self.parents), "joined nodes")
        for tag in self.on:
            for parent in self.parents:
                if surely_lacks(parent, tag):
                    message = f"`.on('{tag}')`: `{parent.name}` is not grouped by `{tag}`, so that nothing meets it"
                    hint = f"add it: `.groupBy('{tag}')`"
                    yield warning(NOTHING_MEETS, message, self.said.get("on"), hint)

    def step(self, context: Context) -> Step:
        return JoinStep(self, context)


class JoinStep(Confluence):
    def __init__(self, node: Join, context: Context) -> None:
        super().__init__()
        context.needs.task_one_by_one |= behind_another(node)
        self._context = context
        self._parents = len(node.parents)
        self._name, self._tolerance, self._delete_all = node.stream_name, node.tolerance, node.delete_all
        outer = node.fill != INNER
        fill = None if node.fill in (INNER, NULL) else node.fill
        self._fields = Fields([name + node.delimiter for name in node.as_], outer, fill)
        self._matches = Matches(node.on, self._parents) if node.on else None
        self._groups: dict[str, Sets] = {}
        """By the id of the group (Kapacitor joins groups of equal id)."""
        self._made = Made(context.series)

    def row_from(self, source: int, chunk: Chunk, index: int, order: int) -> None:
        time, group = self._rounded(chunk.times()[index]), chunk.groups[index]
        arrival = Arrival(source, time, chunk.series[index].name, group, chunk.rows.fields(index))
        for each in self._arrived(arrival):
            self._add_point(each, order)

    def batch_from(self, source: int, batch: Batch) -> None:
        arrival = Arrival(source, self._rounded(batch.time), batch.name, batch.group, batch)
        self._leave(self._arrived(arrival), batch.order)

    def barrier_from(self, source: int, barrier: Barrier) -> None:
        id = barrier.group.id
        self._leave(self._sets(id).advance(source, self._rounded(barrier.time)), barrier.order)
        if barrier.delete:
            del self._groups[id]
            if self._matches:
                self._matches.forget(id, source, self._delete_all)
        self.flush()
        self.give_barrier(barrier)

    def end(self) -> None:
        for sets in self._groups.values():
            self._leave(list(sets.drain()), 0)
        self.flush()

    def _rounded(self, time: int) -> int:
        return rounded(time, self._tolerance)

    def _sets(self, id: str) -> Sets:
        sets = self._groups.get(id)
        if sets is None:
            sets = self._groups[id] = Sets(self._parents)
        return sets

    def _arrived(self, arrival: Arrival) -> list[JoinSet]:
        if self._matches is None:
            return self._sets(arrival.group.id).collect(arrival)
        return [
            found for matched in self._matches.take(arrival) for found in self._sets(matched.group.id).collect(matched)
        ]

    def _leave(self, sets: Sequence[JoinSet], order: int) -> None:
        if sets and isinstance(_first(sets[0]).given, Batch):
            self.flush()
            for each in sets:
                self._give_joined_batch(each, order)
        else:
            for each in sets:
                self._add_point(each, order)

    def flush(self) -> None:
        if len(self._made):
            made, self._made = self._made, Made(self._context.series)
            self.give(made.chunk())

    def _add_point(self, found: JoinSet, order: int) -> None:
        first = _first(found)
        parts = [arrival and cast("Mapping[str, Value]", arrival.given) for arrival in found]
        joined = self._fields.joined(parts, cast("Mapping[str, Value]", first.given))
        if joined is not None:
            name = self._name or first.name
            group = self._group(name, first.group, first.group.dimensions)
            self._made.add(name, group, joined, first.time, order)

    def _give_joined_batch(self, found: JoinSet, order: int) -> None:
        first, made = _first(found), Made(self._context.series)
        batches = [each and cast("Batch", each.given) for each in found]
        name, tags = self._name or first.name, first.group.tags
        group = self._group(name, first.group, Dimensions(tuple(sorted(tags)), first.group.dimensions.by_name))
        names = first_names(batches)
        for time, parts in aligned(batches, self._tolerance):
            joined = self._fields.joined(parts, names)
            if joined is not None:
                made.add(name, group, joined, time, order)
        self.give_batch(Batch(name, group, tags, first.time, made.chunk(), order))

    def _group(self, name: str, group: Group, dimensions: Dimensions) -> Group:
        return self._context.groups.of(name, group.tags, dimensions) if dimensions.by_name else group

    def snapshot(self) -> object:
        return {
            "groups": [[id, sets.plain(_plain)] for id, sets in self._groups.items()],
            "matches": self._matches and self._matches.plain(_plain),
        }

    def restore(self, state: object) -> None:
        held = cast("dict[str, Any]", state)
        self._groups = {id: Sets.of(sets, self._of) for id, sets in held["groups"]}
        if self._matches:
            self._matches.restore(held["matches"], self._of)

    def _of(self, plain: Any) -> Arrival:
        source, time, name, group, fields, batch = plain
        groups, series = self._context.groups, self._context.series
        given = fields_of(fields) if batch is None else batch_of(batch, groups, series)
        return Arrival(source, time, name, group_of(group, groups), given)


def _first(found: JoinSet) -> Arrival:
    return next(each for each in found if each is not None)


def _plain(arrival: Arrival) -> object:
    given = arrival.given
    kinds = [None, batch_plain(given)] if isinstance(given, Batch) else [fields_plain(given), None]
    return [arrival.source, arrival.time, arrival.name, group_plain(arrival.group), *kinds]
