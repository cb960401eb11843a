"""`|flatten().on(tags…)`: makes one point of those of a group that have the same time; tags become parts of names."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.diagnostics import warning
from tickdiscord.nodes.from_ import rounded
from tickdiscord.nodes.gathered import Gathered
from tickdiscord.nodes.made import Made
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Series, Value
from tickdiscord.properties import BOOL, DURATION, STRING, listed, switch, value

NO_TAG = "TD172"
"""Code of a point that lacks a tag to be flattened on."""


@dataclass(eq=False)
class Flatten(Node):
    """Kapacitor: `FlattenNode`. A point comes out when one of another time comes, so the last one never does."""

    kind: ClassVar[str] = "flatten"
    doc: ClassVar[str] = "Makes one point of those of a group that have the same time; tags become parts of names."

    on: tuple[str, ...] = listed(STRING, "The tags whose values go in front of the fields' names.")
    delimiter: str = value(STRING, ".", "Stands between the parts of a name.")
    tolerance: int = value(DURATION, 0, "Times count as equal when they round to the same multiple of this.")
    drop_original_field_name: bool | None = switch("Leave the fields' own names out.", BOOL, absent=True)

    def step(self, context: Context) -> Step:
        return FlattenStep(self, context)


class FlattenStep(Step):
    def __init__(self, node: Flatten, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._groups: dict[Group, Gathered] = {}

    def chunk(self, chunk: Chunk) -> None:
        made = Made(self._context.series)
        for index, (series, group, time) in enumerate(zip(chunk.series, chunk.groups, chunk.times(), strict=True)):
            time = rounded(time, self._node.tolerance)
            gathered = self._groups.get(group)
            if gathered is None:
                gathered = self._groups[group] = Gathered(series.name)
            before = gathered.time
            flat = self._take(gathered, series, chunk.rows.fields(index), time)
            if flat and before is not None:
                made.add(gathered.name, group, flat, before, chunk.order[index])
                # Kapacitor: after a step back in time the points still count as being of the later time.
                gathered.time = max(before, time)
        self.give(made.chunk())

    def batch(self, batch: Batch) -> None:
        gathered, rows, made = Gathered(batch.name), batch.rows, Made(self._context.series)
        for index, time in enumerate(rows.times()):
            before = gathered.time
            time = rounded(time, self._node.tolerance)
            flat = self._take(gathered, rows.series[index], rows.rows.fields(index), time)
            if flat and before is not None:
                made.add(batch.name, batch.group, flat, before, batch.order)
        if gathered.time is not None:
            # Kapacitor: the last point of a batch comes out even if it is left without fields.
            made.add(batch.name, batch.group, self._flat(gathered), gathered.time, batch.order)
        self.give_batch(dataclasses.replace(batch, rows=made.chunk()))

    def barrier(self, barrier: Barrier) -> None:
        gathered = self._groups.get(barrier.group)
        if gathered is not None and gathered.series and gathered.time is not None and barrier.time > gathered.time:
            made = Made(self._context.series)
            made.add(gathered.name, barrier.group, self._flat(gathered), gathered.time, barrier.order)
            gathered.begin(gathered.time)
            self.give(made.chunk())
        if barrier.delete:
            self._groups.pop(barrier.group, None)
        self.give_barrier(barrier)

    def _take(self, gathered: Gathered, series: Series, fields: Mapping[str, Value], time: int) -> Mapping[str, Value]:
        """Take a point; the field set of those before it, if its time is another, and it is not empty."""
        flat: Mapping[str, Value] = {}
        if time != gathered.time:
            flat = self._flat(gathered)
            gathered.begin(time)
        gathered.add(series, fields)
        return flat

    def _flat(self, gathered: Gathered) -> dict[str, Value]:
        node = self._node
        flat: dict[str, Value] = {}
        for series, fields in zip(gathered.series, gathered.fields, strict=True):
            missing = next((tag for tag in node.on if tag not in series.tags), None)
            if missing is not None:
                self._lacks(missing)
                continue
            prefix = node.delimiter.join(series.tags[tag] for tag in node.on)
            if node.drop_original_field_name:
                flat.update((prefix, value) for value in fields.values())
            else:
                front = prefix and prefix + node.delimiter
                flat.update((front + name, value) for name, value in fields.items())
        return flat

    def _lacks(self, tag: str) -> None:
        message = f"a point has no tag `{tag}` to be flattened on; it is left out"
        place = self._node.said.get("on", self._node.span)
        self._context.trouble(self._node, ".on()", warning(NO_TAG, message, place, source=self._context.source))

    def snapshot(self) -> object:
        return by_group(self._groups, Gathered.plain)

    def restore(self, state: object) -> None:
        series = self._context.series
        self._groups = of_groups(state, self._context.groups, lambda plain: Gathered.of(plain, series))
