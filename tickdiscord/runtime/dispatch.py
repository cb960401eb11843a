"""Events on their way to handlers, and through the topics that handlers fill to further handlers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import msgspec

from tickdiscord.alert.event import Published
from tickdiscord.alert.instrument import Owner, Watched
from tickdiscord.alert.match import Match
from tickdiscord.alert.silences import Silences
from tickdiscord.alert.topics import Topics
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, collecting, did_you_mean, error, warning
from tickdiscord.handlers.cycles import circle
from tickdiscord.handlers.handler import Binding, Bound, Handler, Reaction, Timed
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.lambdas import Environment
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Emission
from tickdiscord.outbox.request import Entry, Key, Request
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.runtime.settings import Settings
from tickdiscord.runtime.troubles import Trouble, Troubles

CIRCLE = "TD532"
UNHEARD = "TD533"


class Happening(msgspec.Struct, frozen=True):
    """An event, and what its handlers make of it.

    `published` is the event on every topic that got it from where it was made: an alert node, its own topic first, or
    an aggregate, which has no task and no node. `onward` is what other topics got of it, from their handlers;
    `entries` are the requests. `late` says that a silence has held the event back: its topics got it when it happened,
    and only now their handlers.
    """

    task: str
    node: Node | None
    published: Sequence[Published]
    entries: Sequence[Entry]
    onward: Sequence[Published] = ()
    late: bool = False

    @property
    def shown(self) -> Published:
        """The event with the previous level that people expect: that of the topic the script names, if it does."""
        return self.published[-1]

    @property
    def received(self) -> Sequence[Published]:
        """All that topics got."""
        return [*(() if self.late else self.published), *self.onward]


@dataclass(frozen=True, slots=True)
class Listener:
    """A handler at a topic, and under what condition it hears."""

    name: str
    bound: Bound
    match: Match | None = None
    relays: bool = False

    def react(self, published: Published) -> Reaction | None:
        """What it makes of an event; None if that does not match."""
        if self.match is not None and not self.match(published):
            return None
        return self.bound.react(published)


@dataclass(slots=True)
class Heard:
    """What came of an event, as far as it has gone."""

    requests: list[tuple[Published, Request]] = field(default_factory=list[tuple[Published, Request]])
    onward: list[Published] = field(default_factory=list[Published])


class HandlerTicker:
    """A handler that acts on the clock, as the engine's clock sees it. `sequence` counts the events it has made."""

    def __init__(self, name: str, timed: Timed, hand_on: Callable[["HandlerTicker", Reaction], None]) -> None:
        self.name = name
        self.timed = timed
        self.sequence = 0
        self._hand_on = hand_on

    def start(self, now: int) -> None:
        self.timed.start(now)

    @property
    def due(self) -> int | None:
        return self.timed.due

    def tick(self, now: int) -> None:
        self._hand_on(self, self.timed.tick(now))

    def end(self, now: int) -> None:
        """The input has ended."""
        self._hand_on(self, self.timed.end(now))

    def snapshot(self) -> object:
        """What the handler keeps, of what JSON has."""
        return [self.sequence, self.timed.snapshot()]

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` gave."""
        self.sequence, inner = cast("tuple[int, object]", state)
        self.timed.restore(inner)


class SilenceTicker:
    """The silences of a run, as the engine's clock sees them. `sequence` counts the events that were sent late."""

    def __init__(self, silences: Silences, send: Callable[["SilenceTicker", Published], None]) -> None:
        self.name = "silences"
        self.silences = silences
        self.sequence = 0
        self._send = send

    def start(self, now: int) -> None:
        self.silences.start(now)

    @property
    def due(self) -> int | None:
        return self.silences.due

    def tick(self, now: int) -> None:
        for published in self.silences.tick():
            self._send(self, published)

    def snapshot(self) -> object:
        """What is held back, of what JSON has."""
        return [self.sequence, self.silences.snapshot()]

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` gave."""
        self.sequence, inner = cast("tuple[int, object]", state)
        self.silences.restore(inner)


class Dispatcher:
    """All handlers of a run, bound to its settings, and the silences that hold events back from them.

    What is wrong with handlers goes to `problems`. A snapshot holds the aggregates as far as they are filled, the state
    of matches, and what silences hold back; a handler is known again by its topic and its id, or its number at a node.
    """

    def __init__(self, pipelines: Sequence[Pipeline], topics: Topics, settings: Settings, troubles: Troubles) -> None:
        self._topics = topics
        self._settings = settings
        self._troubles = troubles
        self._environment = Environment(settings.clock, settings.zone, settings.random)
        self._listeners: dict[str, list[Listener]] = {}
        """Those of a script's alert are at its own topic, before those of files."""
        self._onward: dict[str, list[str]] = {}
        self._pending: list[Happening] = []
        self.tickers: list[HandlerTicker] = []
        """The handlers that act on the clock."""
        self.silences = SilenceTicker(Silences(settings.silences), self._send_late) if settings.silences else None
        self.problems: list[Diagnostic] = []
        for pipeline in pipelines:
            for node in pipeline.nodes:
                if isinstance(node, Alert):
                    self._listen(pipeline, node)
        for subscription in settings.subscriptions:
            self._subscribe(subscription)
        self._published = {
            name: None
            for pipeline in pipelines
            for node in pipeline.nodes
            if isinstance(node, Alert)
            for name in (node.topic, anonymous(pipeline.task, node))
            if name
        }

    def happening(self, task: str, emission: Emission) -> Happening:
        """The event of an alert node, with what its handlers and those of its topics make of it."""
        heard = Heard()
        published = [emission.anonymous, *([emission.named] if emission.named else [])]
        for each in published:
            self._hear(each, heard)
        entries = self._entries(task, emission.node.name, emission.sequence, heard)
        return Happening(task, emission.node, published, entries, heard.onward)

    def clocked(self) -> Sequence["HandlerTicker | SilenceTicker"]:
        """What acts on the clock; silences end before handlers act."""
        return [*([self.silences] if self.silences else []), *self.tickers]

    def ticked(self) -> Sequence[Happening]:
        """What handlers have made by the clock since the last call."""
        ticked, self._pending = self._pending, []
        return ticked

    def end(self, now: int) -> None:
        """The input has ended (ns): intervals that have begun end, and those that this begins, and so on."""
        for _ in self.tickers:
            for ticker in self.tickers:
                ticker.end(now)

    def topic_names(self) -> Sequence[str]:
        """The topics that handlers hand events on to."""
        return list(dict.fromkeys(topic for topics in self._onward.values() for topic in topics))

    def unheard(self) -> Iterator[Diagnostic]:
        """Warnings about handlers whose topic nobody publishes to."""
        known = [*self._published, *self.topic_names()]
        for each in self._settings.subscriptions:
            if each.topic not in known:
                message = (
                    f"nothing publishes to the topic `{each.topic}`, so that the handler `{each.id}` hears nothing"
                )
                hint = did_you_mean(each.topic, known)
                yield warning(UNHEARD, message, each.topic_span, hint, each.source)

    def snapshot(self) -> Mapping[str, object]:
        """The states of all handlers that have one, and of the silences, by name, of what JSON has."""
        clocked = {each.name: each.snapshot() for each in self.clocked()}
        return {**clocked, **{name: match.snapshot() for name, match in self._matching()}}

    def restore(self, states: Mapping[str, object]) -> None:
        """Go on from what `snapshot` gave; handlers that it does not know begin anew."""
        for each in self.clocked():
            if each.name in states:
                each.restore(states[each.name])
        for name, match in self._matching():
            if name in states:
                match.restore(states[name])

    def _matching(self) -> list[tuple[str, Match]]:
        """The matches, each by its handler's name and what it says: another one begins anew."""
        return [
            (f"{each.name} {each.match}", each.match)
            for listeners in self._listeners.values()
            for each in listeners
            if each.match is not None and each.match.stateful
        ]

    def _listen(self, pipeline: Pipeline, node: Alert) -> None:
        topic = anonymous(pipeline.task, node)
        for number, handler in enumerate(node.handlers):
            with collecting(self.problems, pipeline.source):
                what = f".{handler.kind}()"
                bound = self._bound(handler, pipeline.source, node.name, Trouble(pipeline.task, node.name, what, ""))
                self._listening(topic, f"{topic}/{number}", handler, bound, None, pipeline.source)

    def _subscribe(self, subscription: Subscription) -> None:
        topic, source, handler = subscription.topic, subscription.source, subscription.handler
        with collecting(self.problems, source):
            trouble = Trouble("", topic, subscription.id, "")
            bound = self._bound(handler, source, subscription.id, trouble)
            match = None
            if subscription.condition is not None:
                watched = self._watched(subscription)
                match = Match(subscription.condition, self._environment, self._teller(trouble), watched)
            name = f"{topic}/{subscription.id}"
            self._listening(topic, name, handler, bound, match, source)

    def _watched(self, subscription: Subscription) -> Watched | None:
        instrument = self._settings.instrument
        if instrument is None:
            return None
        owner = Owner(subscription.id, "`match`", subscription.source, subscription.handler.span)
        return Watched(instrument, owner)

    def _bound(self, handler: Handler, source: Source, name: str, trouble: Trouble) -> Bound:
        problems = handler.problems()
        if problems:
            raise DiagnosticError(*problems)
        settings = self._settings
        return handler.bind(
            Binding(
                settings.workspaces,
                self._teller(trouble),
                source,
                name=name,
                clock=settings.clock,
                endpoints=settings.endpoints,
                instead=settings.instead,
                destination=settings.takes,
                instrument=settings.instrument,
            )
        )

    def _listening(
        self, topic: str, name: str, handler: Handler, bound: Bound, match: Match | None, source: Source
    ) -> None:
        """Put a handler at its topic.

        Raises:
            DiagnosticError: with it, events would go in a circle.
        """
        self._onward.setdefault(topic, []).extend(handler.topics())
        found = circle(self._onward)
        if found:
            del self._onward[topic][-len(handler.topics()) :]
            message = f"events would go in a circle through the topics {' -> '.join(found)}"
            raise error(CIRCLE, message, handler.span, "let one of them hand its events on elsewhere", source)
        if isinstance(bound, Timed):
            self.tickers.append(HandlerTicker(name, bound, self._hand_on))
        self._listeners.setdefault(topic, []).append(Listener(name, bound, match, handler.relays))

    def _teller(self, trouble: Trouble) -> Callable[[Diagnostic], None]:
        def tell(diagnostic: Diagnostic) -> None:
            code = diagnostic.code
            self._troubles.note(Trouble(trouble.task, trouble.node, trouble.what, code), diagnostic)

        return tell

    def _hear(self, published: Published, heard: Heard, late: bool = False) -> None:
        """Let a topic's handlers hear an event, each with all that it hands on before the next.

        One that comes late, after a silence, was handed on by relays when it happened.
        """
        listeners = self._listeners.get(published.topic, ())
        told: Published | None = published
        if self.silences is not None and not late and not all(each.relays for each in listeners):
            told = self.silences.silences.pass_on(published)
        for listener in listeners:
            if listener.relays:
                reaction = None if late else listener.react(published)
            else:
                reaction = None if told is None else listener.react(told)
            if reaction is not None:
                heard.requests += [(published, request) for request in reaction.requests]
                for each in reaction.onward:
                    passed = self._topics.collect(each.topic, each.event)
                    heard.onward.append(passed)
                    self._hear(passed, heard)

    def _hand_on(self, ticker: HandlerTicker, reaction: Reaction) -> None:
        """What a handler has made by the clock becomes a happening of its own."""
        for each in reaction.onward:
            ticker.sequence += 1
            heard = Heard()
            published = self._topics.collect(each.topic, each.event)
            self._hear(published, heard)
            entries = self._entries("", ticker.name, ticker.sequence, heard)
            self._pending.append(Happening("", None, [published], entries, heard.onward))

    def _send_late(self, ticker: SilenceTicker, published: Published) -> None:
        """What a silence held back, and is still not OK, goes to the handlers as a happening of its own."""
        ticker.sequence += 1
        heard = Heard()
        self._hear(published, heard, late=True)
        entries = self._entries("", ticker.name, ticker.sequence, heard)
        self._pending.append(Happening("", None, [published], entries, heard.onward, late=True))

    def _entries(self, task: str, node: str, sequence: int, heard: Heard) -> Sequence[Entry]:
        lineage = self._settings.lineage
        return [
            Entry(Key(lineage, task, node, number, sequence), published.event.state.id, request)
            for number, (published, request) in enumerate(heard.requests)
        ]


def anonymous(task: str, node: Node) -> str:
    """The topic of an alert node's own (Kapacitor: `main:cpu:alert2`)."""
    return f"main:{task}:{node.name}"
