"""`|default()`: fills in fields and tags that points lack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.nodes.layer import with_fields
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.retag import Retagging
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Value
from tickdiscord.properties import LITERAL, STRING, repeated


@dataclass(eq=False)
class Default(Node):
    """Kapacitor: `DefaultNode`; an empty tag counts as absent, and a grouping tag that is filled in moves the point."""

    kind: ClassVar[str] = "default"
    doc: ClassVar[str] = "Fills in fields and tags that points lack."

    fields: tuple[tuple[str, Value], ...] = repeated(
        STRING, LITERAL, name="field", doc="A field, and its value where a point lacks it."
    )
    tags: tuple[tuple[str, str], ...] = repeated(
        STRING, STRING, name="tag", doc="A tag, and its value where a point lacks it or has it empty."
    )

    @property
    def repeats(self) -> bool:
        return True

    def step(self, context: Context) -> Step:
        return DefaultStep(dict(self.fields), dict(self.tags), context)


class DefaultStep(Step):
    def __init__(self, fields: Mapping[str, Value], tags: Mapping[str, str], context: Context) -> None:
        super().__init__()
        self._fields = fields
        self._tags = tags
        self._retagging = Retagging(self._filled, context)

    def chunk(self, chunk: Chunk) -> None:
        chunk = self._with_fields(chunk)
        self.give(self._retagging.chunk(chunk) if self._tags else chunk)

    def batch(self, batch: Batch) -> None:
        batch = Batch(batch.name, batch.group, batch.tags, batch.time, self._with_fields(batch.rows), batch.order)
        self.give_batch(self._retagging.batch(batch) if self._tags else batch)

    def _with_fields(self, chunk: Chunk) -> Chunk:
        found = {name: chunk.column(name) for name in self._fields}
        return with_fields(
            chunk,
            {
                name: [self._fields[name] if value is None else value for value in column]
                for name, column in found.items()
                if None in column
            },
        )

    def _filled(self, tags: Mapping[str, str]) -> Mapping[str, str]:
        lacking = {name: value for name, value in self._tags.items() if not tags.get(name)}
        return {**tags, **lacking} if lacking else tags
