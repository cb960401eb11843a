"""A node at work on a tape: points, batches and barriers as text go in, and what comes out is text of the same form.

cpu,host=a value=1 10              a point, its time in seconds; behind ` @` comes its group, in what comes out
batch cpu,host=a 60                a batch of the group of these tags (behind `by name`: and of this name) …
  cpu,host=a value=1 10            … and its points
barrier cpu,host=a 60              nothing older will come in the group of these tags
delete cpu,host=a 60               and the group ends here
"""

import datetime
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.lambdas import Environment, Nanoseconds
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context
from tickdiscord.pipeline.evaluate import load_text
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Dimensions, Group, Value
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LineReader
from tickdiscord.runtime.task import start

SECOND = 1_000_000_000
Message = Chunk | Batch | Barrier


@cache
def loaded(script: str) -> Pipeline:
    """The pipeline of a script; every tape starts it anew."""
    return load_text(script, "task", "task.tick")


class Tape:
    """The pipeline of a script, recorded behind its last node; what goes in is given by the lines of a tape."""

    def __init__(self, script: str) -> None:
        clock = ManualClock(0)
        self.pipeline = pipeline = loaded(script)
        self.context = Context(
            "task",
            Environment(clock, datetime.UTC, Random(1)),
            emit=lambda _: None,
            trouble=self._trouble,
            write=lambda _, __: None,
            source=pipeline.source,
        )
        self.task = start(pipeline, self.context)
        self.steps = list(self.task.steps.values())
        self.steps[-1].outs.append(self)
        self.lines: list[str] = []
        self.orders: list[int] = []
        self.troubles: Counter[str] = Counter()

    def feed(self, lines: Iterable[str], size: int | None = None) -> "Tape":
        """Take what the lines say; points in chunks of at most a size."""
        for message in self._messages(lines):
            match message:
                case Chunk():
                    for piece in message.cut(size) if size else (message,):
                        self.task.feed(piece)
                case Batch():
                    self.steps[1].give_batch(message)
                case Barrier():
                    self.steps[1].give_barrier(message)
            self.task.settle()
        return self

    def snapshot(self) -> Any:
        """The states of all nodes, as they look when they have been written and read."""
        return json.loads(json.dumps([step.snapshot() for step in self.steps]))

    def restore(self, states: Sequence[Any]) -> "Tape":
        for step, state in zip(self.steps, states, strict=True):
            if state is not None:
                step.restore(state)
        return self

    def chunk(self, chunk: Chunk) -> None:
        self.lines += _rows(chunk)
        self.orders += chunk.order

    def batch(self, batch: Batch) -> None:
        assert all(group is batch.group for group in batch.rows.groups)
        series = ",".join([batch.name, *(f"{name}={value}" for name, value in sorted(batch.tags.items()))])
        self.lines.append(f"batch {series} {_time(batch.time)} @{_group(batch.group)}")
        self.lines += [f"  {line.partition(' @')[0]}" for line in _rows(batch.rows)]
        self.orders.append(batch.order)

    def barrier(self, barrier: Barrier) -> None:
        kind = "delete" if barrier.delete else "barrier"
        self.lines.append(f"{kind} {barrier.name} {_time(barrier.time)} @{_group(barrier.group)}")

    def _trouble(self, node: Node, label: str, found: Diagnostic) -> None:
        assert node.span and label and found.source is not None and found.span is not None
        self.troubles[found.code] += 1

    def _messages(self, lines: Iterable[str]) -> Iterator[Message]:
        """Of the lines that belong together, one message each."""
        pending: list[str] = []
        for line in lines:
            if (pending and _first_word(line) != _first_word(pending[0])) or line.split()[0] in HEADS:
                yield from self._message(pending)
                pending = []
            pending.append(line)
        yield from self._message(pending)

    def _message(self, lines: Sequence[str]) -> Iterator[Message]:
        if not lines:
            return
        head, _, rest = lines[0].partition(" ")
        if head not in HEADS:
            yield from _points(lines)
            return
        series, time, *by_name = rest.split()
        (chunk,) = _points([f"{series} x=1 {time}"])
        point = chunk.point(0)
        dimensions = Dimensions(tuple(sorted(point.tags)), bool(by_name))
        group = self.context.groups.of(point.name, point.tags, dimensions)
        if head == "batch":
            rows = next(_points(lines[1:]), chunk.take([])) if lines[1:] else chunk.take([])
            yield Batch(point.name, group, group.tags, point.time, rows.regrouped([group] * len(rows)))
        else:
            yield Barrier(point.name, group, group.tags, point.time, delete=head == "delete")


HEADS = ("batch", "barrier", "delete")


def _first_word(line: str) -> str:
    """What the lines of one message have in common."""
    return "batch" if line.startswith(("batch", " ")) else line.split()[0] if line.split()[0] in HEADS else "points"


def _points(lines: Sequence[str]) -> Iterator[Chunk]:
    text = "".join(f"{line.strip()}\n" for line in lines).encode()

    def rejected(found: object) -> None:
        raise AssertionError(f"no point: {found}")

    yield from LineReader(
        io.BytesIO(text), clock=ManualClock(0), rejected=rejected, precision=Precision.SECOND
    ).chunks()


def _rows(chunk: Chunk) -> Iterator[str]:
    for index in range(len(chunk)):
        point = chunk.point(index)
        for name, value in point.fields.items():
            assert chunk.column(name)[index] is value or chunk.column(name)[index] == value or value != value
        series = ",".join([point.name, *(f"{name}={value}" for name, value in point.tags.items())])
        yield f"{series} {fields_text(point.fields)} {_time(point.time)} @{_group(point.group)}"


def fields_text(fields: Mapping[str, Value]) -> str:
    """A field set as it stands on a tape."""
    return ",".join(f"{name}={_value(value)}" for name, value in sorted(fields.items())) or "-"


def _value(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Nanoseconds():
            return f"{int(value)}ns"
        case int():
            return f"{value}i"
        case str():
            return json.dumps(value)
        case _:
            return repr(value)


def _time(time: int) -> str:
    return str(time // SECOND) if time % SECOND == 0 else str(time / SECOND)


def _group(group: Group) -> str:
    return group.id.replace("\n", "|")
