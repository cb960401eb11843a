"""Runs a test on the engine, in virtual time, and keeps what came out."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

from tickdiscord.alert.event import Published, Row
from tickdiscord.clock import Clock, StreamClock
from tickdiscord.config.kapacitor import Configuration, zone_named
from tickdiscord.diagnostics import Diagnostic, error
from tickdiscord.handlers.instead import Instead
from tickdiscord.handlers.others import INSTEAD
from tickdiscord.lambdas import Environment
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Receiver
from tickdiscord.outbox.request import Entry
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Value
from tickdiscord.runtime.engine import Engine, Happening
from tickdiscord.runtime.settings import Settings
from tickdiscord.runtime.task import RunningTask
from tickdiscord.testing.rules.expectations import Expectation, LevelAt, MarginAtLeast, NodeOutput, Silent, Timeline
from tickdiscord.testing.rules.feed import Feed
from tickdiscord.testing.rules.loading import Loaded
from tickdiscord.testing.rules.replay import MOST_MEASURED, Focus, Maker, Measured, Replay
from tickdiscord.testing.rules.suite import Circumstances

if TYPE_CHECKING:
    from tickdiscord.testing.coverage.recorder import Recorder

NO_POINTS = "TD770"
TOLD = Instead("log")
"""What services get that nothing is sent to can be expected, unless the configuration sends it to Discord."""


@dataclass(frozen=True, slots=True)
class Given:
    """A point or a batch that a node has handed on. `time` is in nanoseconds; of a batch `fields` says its `points`."""

    name: str
    time: int
    group: str
    tags: Mapping[str, str]
    fields: Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request of a handler, and the event that it was made of, None if it is a node's."""

    entry: Entry
    published: Published | None

    @property
    def kind(self) -> str:
        """The handler's kind, also of one that tickdiscord does not send to."""
        request = self.entry.request
        return request.target if request.kind == INSTEAD else request.kind


class Tap:
    """Keeps what a node hands on."""

    def __init__(self) -> None:
        self.given: list[Given] = []

    def chunk(self, chunk: Chunk) -> None:
        for index in range(len(chunk)):
            point = chunk.point(index)
            self.given.append(Given(point.name, point.time, point.group.id, point.tags, point.fields))

    def batch(self, batch: Batch) -> None:
        fields: dict[str, Value | None] = {"points": len(batch)}
        if len(batch) == 1:
            fields |= batch.rows.rows.fields(0)
        self.given.append(Given(batch.name, batch.time, batch.group.id, batch.tags, fields))

    def barrier(self, barrier: Barrier) -> None:
        pass


class Groups:
    """Keeps which groups come to an alert."""

    def __init__(self) -> None:
        self.ids: dict[str, None] = {}

    def chunk(self, chunk: Chunk) -> None:
        self.ids.update((group.id, None) for group in chunk.groups)

    def batch(self, batch: Batch) -> None:
        self.ids[batch.group.id] = None

    def barrier(self, barrier: Barrier) -> None:
        pass


@dataclass(slots=True)
class Probes:
    """What is looked at inside of the rules while a test runs; nothing costs nothing."""

    groups: bool = False
    """Whether the groups that come to alerts are kept."""
    replay: bool = False
    """Whether every alert is lived through once more."""
    margins: bool = False
    """Whether that measures how near each level came to being decided otherwise."""
    nodes: frozenset[str] = frozenset()
    """The nodes whose output is kept, by name."""
    focus: Focus | None = None
    """What is to be explained: then everything is looked at."""
    seen: Groups = field(default_factory=Groups)
    replays: list[Replay] = field(default_factory=list[Replay])
    taps: dict[tuple[str, Node], Tap] = field(default_factory=dict[tuple[str, Node], Tap])
    """By task and node."""

    @classmethod
    def wanted(cls, expected: Iterable[Expectation]) -> "Probes":
        """What some expectations need."""
        found = list(expected)
        return cls(
            groups=any(map(_is_of_group, found)),
            replay=any(isinstance(each, LevelAt) for each in found),
            margins=any(isinstance(each, MarginAtLeast) for each in found),
            nodes=frozenset(each.node for each in found if isinstance(each, NodeOutput)),
        )

    def attach(self, engine: Engine, settings: Settings) -> None:
        """Take places beside the nodes of a run that has not begun."""
        for task in engine.tasks:
            for node, step in task.steps.items():
                if self.focus or any(is_called(node, name) for name in self.nodes):
                    tap = self.taps[task.pipeline.task, node] = Tap()
                    step.outs.append(tap)
                if not isinstance(node, Alert):
                    continue
                outs: list[Receiver] = task.steps[node.parents[0]].outs
                if self.groups:
                    outs.append(self.seen)
                if self.replay or self.margins or self.focus:
                    replay = Replay(node, _context(engine, task, settings), self.focus, measure=self.margins)
                    self.replays.append(replay)
                    outs.insert(0, replay)

    @property
    def measured(self) -> list[Measured]:
        """The margins of all alerts, in the order of their times."""
        return sorted((each for replay in self.replays for each in replay.measured), key=lambda each: each.time)

    @property
    def measured_some(self) -> bool:
        """Whether not all margins were measured: there were too many."""
        return any(len(replay.measured) >= MOST_MEASURED for replay in self.replays)

    def given(self, name: str) -> list[Given] | None:
        """What the nodes of a name have handed on; None if there is none."""
        found = [tap for (_, node), tap in self.taps.items() if is_called(node, name)]
        return [given for tap in found for given in tap.given] if found else None


def _is_of_group(expectation: Expectation) -> bool:
    """Whether it could hold for the mere reason that there is no such group."""
    return isinstance(expectation, Silent | Timeline) and expectation.scope.group is not None


def is_called(node: Node, name: str) -> bool:
    """Whether a name means a node: that which Kapacitor gives it, its kind, or an output's own."""
    return name in (node.name, node.kind, getattr(node, "endpoint", None))


def _context(engine: Engine, task: RunningTask, settings: Settings) -> Context:
    """The world of a replay: it hears what the alert hears, and nothing it does is seen."""
    return Context(
        task=task.pipeline.task,
        environment=Environment(settings.clock, settings.zone, Random(0)),
        emit=lambda _: None,
        trouble=lambda _, __, ___: None,
        write=lambda _, __: None,
        topics=engine.topics,
        source=task.pipeline.source,
        variables=task.pipeline.variables,
        on_error=settings.on_error,
    )


@dataclass(slots=True)
class Observed:
    """What came out of a test. `start` is its zero, `end` the time of its clock at the end; ns since 1970."""

    start: int
    end: int = 0
    points: int = 0
    events: list[Published] = field(default_factory=list[Published])
    """Of alert nodes, in order, with the previous level that people expect."""
    makers: list[Maker] = field(default_factory=list[Maker])
    """Of each event the alert that made it."""
    received: list[Published] = field(default_factory=list[Published])
    """What every topic got, in order."""
    requests: list[Sent] = field(default_factory=list[Sent])
    outputs: Mapping[str, Sequence[Row]] = field(default_factory=dict[str, Sequence[Row]])
    troubles: list[Diagnostic] = field(default_factory=list[Diagnostic])
    probes: Probes = field(default_factory=Probes)
    tasks: Sequence[RunningTask] = ()
    topics: Sequence[str] = ()

    def maker(self, published: Published) -> Maker | None:
        """The alert that made an event."""
        found = (maker for maker, each in zip(self.makers, self.events, strict=True) if each.event is published.event)
        return next(found, None)

    def take(self, happenings: Sequence[Happening]) -> None:
        """Keep what the engine says has happened."""
        for each in happenings:
            if each.node is not None:
                self.events.append(each.shown)
                self.makers.append((each.task, each.node.name))
            self.received += each.received
            self.requests += [Sent(entry, each.shown) for entry in each.entries]


def observe(
    loaded: Loaded,
    feed: Feed,
    circumstances: Circumstances,
    probes: Probes | None = None,
    recorder: "Recorder | None" = None,
) -> Observed:
    """Run rules on points; a recorder sees what of them that covers.

    Raises:
        DiagnosticError: a lambda or handler of the rules is wrong, the points cannot be read, there are none, or a
            lambda failed and the run is to end then.
    """
    start = feed.base()
    clock = StreamClock(start)
    found = Observed(start, probes=probes or Probes())
    settings = replace(settings_of(loaded, circumstances, clock), instrument=recorder)
    engine = Engine(
        loaded.pipelines,
        settings,
        found.take,
        found.troubles.append,
        lambda _, __: None,
        lambda entries: found.requests.extend(Sent(entry, None) for entry in entries),
    )
    found.tasks, found.topics = engine.tasks, engine.topic_names()
    found.probes.attach(engine, settings)
    if recorder is not None:
        recorder.attach(engine)
    engine.begin(start)
    for chunk in feed.chunks(start, found.troubles.append):
        found.points += len(chunk)
        engine.feed(chunk)
    if feed.sources and not found.points:
        raise error(NO_POINTS, "there is no point in the test's points", hint="a recording may be empty in this range")
    if circumstances.until is not None:
        engine.advance(circumstances.until.at(start))
    engine.end()
    found.end = clock.now()
    if recorder is not None:
        recorder.heard(settings.subscriptions, {each.topic for each in found.received})
    found.outputs = {name: held() for name, held in engine.outputs.items()}
    return found


def settings_of(loaded: Loaded, circumstances: Circumstances, clock: Clock) -> Settings:
    """How the rules of a test are run."""
    configuration = loaded.configuration
    return Settings(
        workspaces=configuration.workspaces,
        subscriptions=loaded.handlers.subscriptions,
        endpoints=configuration.endpoints,
        instead=_instead(configuration),
        clock=clock,
        zone=_zone(circumstances, configuration.zone),
        random=Random(0),
        on_error=circumstances.on_error or configuration.on_error or "ok",
        expected_groups=circumstances.groups,
    )


def _instead(configuration: Configuration) -> Instead:
    found = configuration.instead
    return found if found is not None and found.way == "discord" else TOLD


def _zone(circumstances: Circumstances, configured: datetime.tzinfo | None) -> datetime.tzinfo:
    return (zone_named(circumstances.zone) if circumstances.zone else configured) or datetime.UTC
