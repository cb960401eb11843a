"""Runs a script that ends with the node under test, and writes down what this node gives, a line for each message."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tickdiscord.clock import StreamClock
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.pipeline.evaluate import load_text
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LineReader
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.settings import Settings

SECOND = 1_000_000_000


@dataclass
class Notes:
    """A line for each point, batch, point of a batch and barrier: what causes it, its group, itself.

    `@3` means that the third line of the points caused it, `@end` that the end of the input did, `@tick` the clock.
    """

    lines: list[str] = field(default_factory=list[str])
    moment: str = ""

    def chunk(self, chunk: Chunk) -> None:
        for index, group in enumerate(chunk.groups):
            self._note(chunk.order[index], group, point(chunk, index))

    def batch(self, batch: Batch) -> None:
        self._note(batch.order, batch.group, f"{head(batch.name, batch.tags)} batch {batch.time // SECOND}")
        self.lines += [f"  {point(batch.rows, index)}" for index in range(len(batch))]

    def barrier(self, barrier: Barrier) -> None:
        self._note(barrier.order, barrier.group, f"{'end' if barrier.delete else 'barrier'} {barrier.time // SECOND}")

    def _note(self, order: int, group: Group, text: str) -> None:
        id = group.id.replace("\n", "/")
        self.lines.append(f"@{self.moment or order + 1} [{id}] {text}")


def point(chunk: Chunk, index: int) -> str:
    """A point, nearly as in line protocol; fields in the order of their names, times in seconds."""
    found = chunk.point(index)
    fields = ",".join(f"{name}={json.dumps(found.fields[name])}" for name in sorted(found.fields))
    return f"{head(found.name, found.tags)} {fields} {found.time // SECOND}"


def head(name: str, tags: Mapping[str, str]) -> str:
    return ",".join([name, *(f"{tag}={tags[tag]}" for tag in sorted(tags))])


@dataclass
class Run:
    """A run of a script on lines whose times are in seconds; `clock` is its start and how far the clock runs on."""

    script: str
    points: str
    clock: Mapping[str, int] | None = None
    notes: Notes = field(default_factory=Notes)
    troubles: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def __post_init__(self) -> None:
        self._engine = self._begun()

    def _begun(self) -> Engine:
        pipeline = load_text(self.script, "task", "task.tick")
        clock = StreamClock(0)
        engine = Engine(
            [pipeline],
            Settings(Workspaces(open=True), clock=clock),
            lambda _: None,
            self.troubles.append,
            lambda _, __: None,
        )
        engine.tasks[0].steps[pipeline.nodes[-1]].outs.append(self.notes)
        return engine

    def chunks(self, size: int | None = None) -> Sequence[Chunk]:
        """The points, in chunks of a size."""
        reader = LineReader(
            io.BytesIO(self.points.encode()),
            clock=StreamClock(0),
            rejected=lambda rejected: self.troubles.append(rejected.diagnostic("points")),
            precision=Precision.named("s"),
        )
        return [piece for chunk in reader.chunks() for piece in (chunk.cut(size) if size else (chunk,))]

    def whole(self, size: int | None = None) -> list[str]:
        """What comes of all points, given in chunks of a size."""
        if self.clock:
            self._engine.begin(self.clock["start"] * SECOND)
        for chunk in self.chunks(size):
            self._engine.feed(chunk)
        if self.clock:
            self.notes.moment = "tick"
            self._engine.advance(self.clock["end"] * SECOND)
        return self._end()

    def cut(self, place: int) -> list[str]:
        """What comes of all points, when another engine goes on from a snapshot behind so many of them."""
        for number, chunk in enumerate(self.chunks(1)):
            if number == place:
                self._engine = self._taken_up()
            self._engine.feed(chunk)
        return self._end()

    def _taken_up(self) -> Engine:
        held = [step.snapshot() for step in self._engine.tasks[0].steps.values()]
        engine = self._begun()
        restored: list[Any] = msgspec.json.decode(msgspec.json.encode(held))
        for step, state in zip(engine.tasks[0].steps.values(), restored, strict=True):
            if state is not None:
                step.restore(state)
        return engine

    def _end(self) -> list[str]:
        self.notes.moment = "end"
        self._engine.end()
        return self.notes.lines
