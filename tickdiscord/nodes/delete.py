"""`|delete()`: takes fields and tags away from points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.nodes.layer import with_fields
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.retag import Retagging
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.properties import STRING, repeated


@dataclass(eq=False)
class Delete(Node):
    """Kapacitor: `DeleteNode`; a tag that is taken away no longer makes groups either."""

    kind: ClassVar[str] = "delete"
    doc: ClassVar[str] = "Takes fields and tags away from points."

    fields: tuple[tuple[str], ...] = repeated(STRING, name="field", doc="A field to be taken away.")
    tags: tuple[tuple[str], ...] = repeated(STRING, name="tag", doc="A tag to be taken away, also from the groups.")

    @property
    def repeats(self) -> bool:
        return True

    def step(self, context: Context) -> Step:
        return DeleteStep([name for (name,) in self.fields], frozenset(name for (name,) in self.tags), context)


class DeleteStep(Step):
    def __init__(self, fields: list[str], tags: frozenset[str], context: Context) -> None:
        super().__init__()
        self._fields = fields
        self._tags = tags
        self._retagging = Retagging(self._without, context, deleted=tags)

    def chunk(self, chunk: Chunk) -> None:
        chunk = self._without_fields(chunk)
        self.give(self._retagging.chunk(chunk) if self._tags else chunk)

    def batch(self, batch: Batch) -> None:
        batch = Batch(batch.name, batch.group, batch.tags, batch.time, self._without_fields(batch.rows), batch.order)
        self.give_batch(self._retagging.batch(batch) if self._tags else batch)

    def _without_fields(self, chunk: Chunk) -> Chunk:
        return with_fields(chunk, {name: [None] * len(chunk) for name in self._fields})

    def _without(self, tags: Mapping[str, str]) -> Mapping[str, str]:
        if self._tags.isdisjoint(tags):
            return tags
        return {name: value for name, value in tags.items() if name not in self._tags}
