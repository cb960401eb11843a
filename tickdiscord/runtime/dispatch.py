"""Events on their way to handlers, and through the topics that handlers fill to further handlers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import msgspec

from tickdiscord.alert.event import Published
from tickdiscord.alert.match import Match
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
    `entries` are the requests.
    """

    task: str
    node: Node | None
    published: Sequence[Published]
    entries: Sequence[Entry]
    onward: Sequence[Published] = ()

    @property
    def shown(self) -> Published:
        """The event with the previous level that people expect: that of the topic the script names, if it does."""
        return self.published[-1]

    @property
    def received(self) -> Sequence[Published]:
        """All that topics got."""
        return [*self.published, *self.onward]


@dataclass(frozen=True, slots=True)
class Listener:
    """A handler at a topic, and under what condition it hears."""

    name: str
    bound: Bound
    match: Match | None = None

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


class Dispatcher:
    """All handlers of a run, bound to its settings.

    What is wrong with them goes to `problems`.
    """

    def __init__(self, pipelines: Sequence[Pipeline], topics: Topics, settings: Settings, troubles: Troubles) -> None:
        self._topics = topics
        self._settings = settings
        self._troubles = troubles
        self._environment = Environment(settings.clock, settings.zone, settings.random)
        self._own: dict[Node, Sequence[Listener]] = {}
        self._subscribed: dict[str, list[Listener]] = {}
        self._onward: dict[str, list[str]] = {}
        self._pending: list[Happening] = []
        self.tickers: list[HandlerTicker] = []
        """The handlers that act on the clock."""
        self.problems: list[Diagnostic] = []
        for pipeline in pipelines:
            for node in pipeline.nodes:
                if isinstance(node, Alert):
                    self._own[node] = tuple(self._listeners(pipeline, node))
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
        self._hear(self._own[emission.node], emission.anonymous, heard)
        for each in published:
            self._hear(self._subscribed.get(each.topic, ()), each, heard)
        entries = self._entries(task, emission.node.name, emission.sequence, heard)
        return Happening(task, emission.node, published, entries, heard.onward)

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
        """The states of all handlers that have one, by name, of what JSON has."""
        timed = {each.name: [each.sequence, each.timed.snapshot()] for each in self.tickers}
        return {**timed, **{name: match.snapshot() for name, match in self._matching()}}

    def restore(self, states: Mapping[str, object]) -> None:
        """Go on from what `snapshot` gave; handlers that it does not know begin anew."""
        for each in self.tickers:
            if each.name in states:
                each.sequence, inner = cast("tuple[int, object]", states[each.name])
                each.timed.restore(inner)
        for name, match in self._matching():
            if name in states:
                match.restore(states[name])

    def _matching(self) -> list[tuple[str, Match]]:
        """The matches, each by its handler's name and what it says: another one begins anew."""
        return [
            (f"{each.name} {each.match}", each.match)
            for listeners in self._subscribed.values()
            for each in listeners
            if each.match is not None and each.match.stateful
        ]

    def _listeners(self, pipeline: Pipeline, node: Alert) -> Iterator[Listener]:
        topic = anonymous(pipeline.task, node)
        for number, handler in enumerate(node.handlers):
            with collecting(self.problems, pipeline.source):
                what = f".{handler.kind}()"
                bound = self._bound(handler, pipeline.source, node.name, Trouble(pipeline.task, node.name, what, ""))
                yield self._listening(topic, f"{topic}/{number}", handler, bound, None, pipeline.source)

    def _subscribe(self, subscription: Subscription) -> None:
        topic, source, handler = subscription.topic, subscription.source, subscription.handler
        with collecting(self.problems, source):
            trouble = Trouble("", topic, subscription.id, "")
            bound = self._bound(handler, source, subscription.id, trouble)
            match = None
            if subscription.condition is not None:
                match = Match(subscription.condition, self._environment, self._teller(trouble))
            name = f"{topic}/{subscription.id}"
            listener = self._listening(topic, name, handler, bound, match, source)
            self._subscribed.setdefault(topic, []).append(listener)

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
            )
        )

    def _listening(
        self, topic: str, name: str, handler: Handler, bound: Bound, match: Match | None, source: Source
    ) -> Listener:
        """The handler at its topic.

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
        return Listener(name, bound, match)

    def _teller(self, trouble: Trouble) -> Callable[[Diagnostic], None]:
        def tell(diagnostic: Diagnostic) -> None:
            code = diagnostic.code
            self._troubles.note(Trouble(trouble.task, trouble.node, trouble.what, code), diagnostic)

        return tell

    def _hear(self, listeners: Sequence[Listener], published: Published, heard: Heard) -> None:
        """Let handlers hear an event, each with all that it hands on before the next."""
        for listener in listeners:
            reaction = listener.react(published)
            if reaction is not None:
                heard.requests += [(published, request) for request in reaction.requests]
                for each in reaction.onward:
                    passed = self._topics.collect(each.topic, each.event)
                    heard.onward.append(passed)
                    self._hear(self._subscribed.get(each.topic, ()), passed, heard)

    def _hand_on(self, ticker: HandlerTicker, reaction: Reaction) -> None:
        """What a handler has made by the clock becomes a happening of its own."""
        for each in reaction.onward:
            ticker.sequence += 1
            heard = Heard()
            published = self._topics.collect(each.topic, each.event)
            self._hear(self._subscribed.get(each.topic, ()), published, heard)
            entries = self._entries("", ticker.name, ticker.sequence, heard)
            self._pending.append(Happening("", None, [published], entries, heard.onward))

    def _entries(self, task: str, node: str, sequence: int, heard: Heard) -> Sequence[Entry]:
        lineage = self._settings.lineage
        return [
            Entry(Key(lineage, task, node, number, sequence), published.event.state.id, request)
            for number, (published, request) in enumerate(heard.requests)
        ]


def anonymous(task: str, node: Node) -> str:
    """The topic of an alert node's own (Kapacitor: `main:cpu:alert2`)."""
    return f"main:{task}:{node.name}"
