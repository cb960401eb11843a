"""Runs rules with handler files and a configuration on points in memory, and writes down who was told what."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tickdiscord.alert.event import Published
from tickdiscord.clock import StreamClock
from tickdiscord.config.handler_files import read_handlers
from tickdiscord.config.kapacitor import read_configuration
from tickdiscord.config.silences import read_silences
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.gotext import rfc3339
from tickdiscord.pipeline.evaluate import load_text
from tickdiscord.pipeline.globals import add_global_handlers
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LineReader
from tickdiscord.runtime.engine import Engine, Happening
from tickdiscord.runtime.settings import Settings

SECOND = 1_000_000_000
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CONFIGURATION = """\
[[discord]]
  enabled = true
  default = true
  workspace = "ops"
  url = "https://discord.com/api/webhooks/1/token"
[[discord]]
  enabled = true
  workspace = "dev"
  url = "https://discord.com/api/webhooks/2/token"
"""
"""What a case without one of its own has."""


def cases(name: str) -> list[Mapping[str, Any]]:
    """The cases of a file beside this module."""
    return yaml.load((Path(__file__).parent / name).read_text(encoding="utf-8"), LOADER)


@dataclass
class Scene:
    """The run of a case: `rules` by task, or one `rule`; `handlers`, `silences`, `configuration`; `points` in seconds.

    `folder` is where its files are written.
    """

    case: Mapping[str, Any]
    folder: Path
    happenings: list[Happening] = field(default_factory=list[Happening])
    troubles: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def __post_init__(self) -> None:
        self.engine = self._made()

    def run(self, cut: int | None = None) -> "Scene":
        """All of it; behind so many points, another engine goes on from a snapshot of the handlers."""
        for number, chunk in enumerate(piece for whole in self._chunks() for piece in whole.cut(1)):
            if number == cut:
                self._go_on_elsewhere()
            self.engine.feed(chunk)
        if "until" in self.case:
            self.engine.advance(self.case["until"] * SECOND)
        if self.case.get("ends", True):
            self.engine.end()
        return self

    @property
    def requests(self) -> list[str]:
        """Everything that is to be carried out, a line each: the kind, the target, what it says."""
        return [
            " ".join(filter(None, (entry.request.kind, entry.request.target, _said(entry.request.body))))
            for happening in self.happenings
            for entry in happening.entries
        ]

    def on(self, topic: str) -> list[str]:
        """The events that a topic received: time, level, the level before, the id and the message."""
        return [_line(each) for it in self.happenings for each in it.received if each.topic == topic]

    def _made(self) -> Engine:
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = read_configuration(self._file("kapacitor.conf", CONFIGURATION), {})
        handlers, silences = self._file("handlers.yaml"), self._file("silences.yaml")
        rules: Mapping[str, str] = self.case.get("rules") or {"task": self.case["rule"]}
        self.clock = StreamClock(0)
        pipelines = [
            load_text(script, name, f"{name}.tick", settings=configuration.nodes) for name, script in rules.items()
        ]
        for pipeline in pipelines:
            add_global_handlers(pipeline, configuration.workspaces)
        return Engine(
            pipelines,
            Settings(
                configuration.workspaces,
                read_handlers([handlers] if handlers else []).subscriptions,
                self.clock,
                endpoints=configuration.endpoints,
                silences=[*configuration.silences, *read_silences([silences] if silences else [])],
            ),
            self.happenings.extend,
            self.troubles.append,
            lambda _, __: None,
        )

    def _file(self, name: str, default: str = "") -> Path | None:
        text = self.case.get({"kapacitor.conf": "configuration"}.get(name, name.partition(".")[0]), default)
        path = self.folder / name
        if text:
            path.write_text(text, encoding="utf-8")
        return path if text else None

    def _chunks(self) -> Any:
        reader = LineReader(
            io.BytesIO(self.case["points"].encode()),
            clock=StreamClock(0),
            rejected=lambda rejected: self.troubles.append(rejected.diagnostic("points")),
            precision=Precision.SECOND,
        )
        return reader.chunks()

    def _go_on_elsewhere(self) -> None:
        dispatcher, topics = self.engine._dispatcher, self.engine.topics
        held = msgspec.json.decode(msgspec.json.encode(dispatcher.snapshot()))
        steps = [[step.snapshot() for step in task.steps.values()] for task in self.engine.tasks]
        now = self.clock.now()
        self.engine = self._made()
        self.clock.observe(now)
        for name, topic in topics.all().items():
            self.engine.topics[name].states.update(topic.states)
        self.engine._dispatcher.restore(held)
        for task, states in zip(self.engine.tasks, steps, strict=True):
            for step, state in zip(task.steps.values(), states, strict=True):
                if state is not None:
                    step.restore(state)


def _line(published: Published) -> str:
    state = published.event.state
    return f"{rfc3339(state.time)} {state.level} after {published.previous} {state.id}: {state.message}"


def _said(body: Mapping[str, object]) -> str:
    """What a request says, in short: of Discord the message, of the rest the JSON of the event's level and id."""
    if "embeds" in body:
        embeds: Any = body["embeds"]
        return str(embeds[0].get("description", ""))
    if "content" in body:
        return str(body["content"])
    event = json.loads(str(body.get("event", body.get("line", ""))))
    return f"{event['level']} {event['id']}"
