"""`|changeDetect('field', …)`: lets a point through when a field has changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.values import value_of, value_plain
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Value
from tickdiscord.properties import STRING, arguments

FIELD_MISSING = "TD167"
NO_FIELDS = "TD168"


@dataclass(eq=False)
class ChangeDetect(Node):
    """Kapacitor: `ChangeDetectNode`; compared is with the last point that passed, a missing field is no change."""

    kind: ClassVar[str] = "changeDetect"
    doc: ClassVar[str] = "Lets a point through when one of the fields differs from the last point that passed."

    fields: tuple[str, ...] = arguments(STRING, "The fields that are looked at.")

    @property
    def repeats(self) -> bool:
        return True

    def check(self) -> Iterable[Diagnostic]:
        if not self.fields:
            message = "`|changeDetect()` names no field, so no point passes it"
            yield warning(NO_FIELDS, message, self.span, "name what may change: `|changeDetect('value')`")

    def step(self, context: Context) -> Step:
        return ChangeDetectStep(self, context)


class ChangeDetectStep(Step):
    """Keeps the fields of each group's last point that passed."""

    def __init__(self, node: ChangeDetect, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._nothing: tuple[Value | None, ...] = (None,) * len(node.fields)
        self._last: dict[Group, tuple[Value | None, ...]] = {}

    def chunk(self, chunk: Chunk) -> None:
        self.give(self._changed(chunk))

    def batch(self, batch: Batch) -> None:
        self._last.pop(batch.group, None)
        rows = self._changed(batch.rows)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._last.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return by_group(self._last, lambda values: [value_plain(value) for value in values])

    def restore(self, state: object) -> None:
        self._last = of_groups(state, self._context.groups, lambda plain: tuple(map(value_of, plain)))

    def _changed(self, chunk: Chunk) -> Chunk:
        last, nothing = self._last, self._nothing
        passing: list[int] = []
        rows = zip(chunk.groups, zip(*map(chunk.column, self._node.fields), strict=True), strict=False)
        for index, (group, values) in enumerate(rows):
            if self._differ(values, last.get(group, nothing)):
                passing.append(index)
                last[group] = values
        return chunk.take(passing)

    def _differ(self, values: tuple[Value | None, ...], before: tuple[Value | None, ...]) -> bool:
        for position, value in enumerate(values):
            if value is None:
                self._missing(self._node.fields[position])
            elif value != before[position] or type(value) is not type(before[position]):
                return True
        return False

    def _missing(self, name: str) -> None:
        message = f"the field `{name}` is not in the point, so it counts as unchanged"
        found = warning(FIELD_MISSING, message, self._node.span, source=self._context.source)
        self._context.trouble(self._node, f"|changeDetect() on `{name}`", found)
