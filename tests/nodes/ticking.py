"""Runs scripts by the clock, and writes down what their last nodes give, a line for each message."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from notes import SECOND, Notes

from tickdiscord.alert.event import Published
from tickdiscord.clock import StreamClock
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.handlers.endpoints import Endpoint
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.nodes.settings import NodeSettings
from tickdiscord.outbox.request import Entry
from tickdiscord.pipeline.evaluate import NO_SETTINGS, load_text
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LineReader
from tickdiscord.runtime.engine import Engine, Happening
from tickdiscord.runtime.settings import Settings


@dataclass
class Ticking:
    """A run of scripts on lines whose times are in seconds, and so are `start` and `until`.

    A file of cases has the same keys: `scripts` or `script`, `points`, `start`, `until`, `expect`, `endpoints`.
    """

    scripts: Sequence[str]
    points: str
    start: int | None = None
    until: int | None = None
    expect: Sequence[str] = ()
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, Endpoint])
    settings: NodeSettings = NO_SETTINGS
    notes: Notes = field(default_factory=Notes)
    happenings: list[Happening] = field(default_factory=list[Happening])
    requests: list[Entry] = field(default_factory=list[Entry])
    troubles: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def __post_init__(self) -> None:
        self.engine = self._made()

    @classmethod
    def of(cls, case: Mapping[str, Any]) -> "Ticking":
        """The run of a case."""
        scripts = case.get("scripts") or [case["script"]]
        endpoints = {name: Endpoint(name, url) for name, url in case.get("endpoints", {}).items()}
        times = case.get("start"), case.get("until")
        return cls(scripts, case.get("points", ""), *times, case.get("expect", ()), endpoints)

    def run(self, size: int | None = None, *, cut: int | None = None) -> "Ticking":
        """All of it, in chunks of a size; behind `cut` chunks another engine goes on from a snapshot."""
        self._begin()
        for number, chunk in enumerate(self.chunks(size)):
            if number == cut:
                self._go_on_elsewhere()
            self.engine.feed(chunk)
        if self.until is not None:
            self.engine.advance(self.until * SECOND)
        self.engine.end()
        return self

    @property
    def lines(self) -> list[str]:
        """What the last nodes have given, without what caused it."""
        return [line.partition(" ")[2] if line.startswith("@") else line for line in self.notes.lines]

    @property
    def events(self) -> list[Published]:
        """The events of all alerts."""
        return [each.shown for each in self.happenings]

    def chunks(self, size: int | None = None) -> Sequence[Chunk]:
        """The points, in chunks of a size."""
        reader = LineReader(
            io.BytesIO(self.points.encode()),
            clock=StreamClock(0),
            rejected=lambda rejected: self.troubles.append(rejected.diagnostic("points")),
            precision=Precision.SECOND,
            database="db",
            retention_policy="rp",
        )
        return [piece for chunk in reader.chunks() for piece in (chunk.cut(size) if size else (chunk,))]

    def _begin(self) -> None:
        if self.start is not None:
            self.engine.begin(self.start * SECOND)

    def _made(self) -> Engine:
        self.clock = StreamClock(0)
        pipelines = [
            loaded(script, name, self.settings)
            for script, name in zip(self.scripts, ("task", "other", "third"), strict=False)
        ]
        engine = Engine(
            pipelines,
            Settings(
                Workspaces(open=True), clock=self.clock, expected_groups=tuple(self.expect), endpoints=self.endpoints
            ),
            self.happenings.extend,
            self.troubles.append,
            lambda _, __: None,
            self.requests.extend,
        )
        for task in engine.tasks:
            task.steps[task.pipeline.nodes[-1]].outs.append(self.notes)
        return engine

    def _go_on_elsewhere(self) -> None:
        held = [[step.snapshot() for step in task.steps.values()] for task in self.engine.tasks]
        now = self.clock.now()
        self.engine = self._made()
        self.clock.observe(now)
        taken: list[list[Any]] = json.loads(json.dumps(held))
        for task, states in zip(self.engine.tasks, taken, strict=True):
            for step, state in zip(task.steps.values(), states, strict=True):
                if state is not None:
                    step.restore(state)


@cache
def loaded(script: str, name: str, settings: NodeSettings) -> Pipeline:
    """The pipeline of a script; every run starts it anew."""
    return load_text(script, name, f"{name}.tick", settings=settings)


def shown(happened: Published) -> str:
    """An event in one line: its time in seconds, the level, the topic, the message."""
    state = happened.event.state
    return f"{state.time // SECOND} {state.level} {happened.topic}: {state.message}"


def sent(entry: Entry) -> str:
    """A request in one line of JSON."""
    return json.dumps({entry.request.kind: entry.request.target, **entry.request.body})
