"""The engine: all tasks of a run on one stream, their topics, and the handlers that hear of their events."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tickdiscord.alert.event import Published, Row
from tickdiscord.alert.inhibit import Inhibitors
from tickdiscord.alert.topics import Topics
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, collecting
from tickdiscord.handlers.handler import Binding, Bound
from tickdiscord.lambdas import Environment
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Emission, Needs
from tickdiscord.outbox.request import Entry, Key
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.chunk import Chunk
from tickdiscord.runtime.loop import Loop
from tickdiscord.runtime.settings import Settings
from tickdiscord.runtime.task import RunningTask, start
from tickdiscord.runtime.ticks import Ticks
from tickdiscord.runtime.troubles import Trouble, Troubles


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of an alert node, and what its handlers make of it.

    `published` is the event on every topic that got it, the node's own first; `entries` are the requests.
    """

    task: str
    node: Node
    published: Sequence[Published]
    entries: Sequence[Entry]

    @property
    def shown(self) -> Published:
        """The event with the previous level that people expect: that of the topic the script names, if it does."""
        return self.published[-1]


Sink = Callable[[Sequence[Happening]], None]
"""Takes what the points of a chunk have caused, in order; when it returns, nothing of it can be lost any more."""


class Engine:
    """Runs pipelines. It reads nothing and sends nothing: points come in by `feed`, events go out to the sink.

    `requests` takes what nodes want to be sent that is no event, as `|httpPost()` does, before the sink is called.

    Raises:
        DiagnosticError: a lambda, template or handler is wrong; all of them.
    """

    def __init__(
        self,
        pipelines: Sequence[Pipeline],
        settings: Settings,
        sink: Sink,
        tell: Callable[[Diagnostic], None],
        write: Callable[[str, str], None],
        requests: Callable[[Sequence[Entry]], None] = lambda _: None,
    ) -> None:
        self._settings = settings
        self._sink = sink
        self._requests = requests
        self._requested: list[tuple[int, Entry]] = []
        self._emissions: list[tuple[int, int, Emission]] = []
        self.topics = Topics()
        self.outputs: dict[str, Callable[[], Sequence[Row]]] = {}
        """What the `|httpOut()` nodes hold, by name."""
        self.troubles = Troubles(tell)
        self.tasks: list[RunningTask] = []
        self._events: Counter[tuple[str, str]] = Counter()
        self._handlers: dict[Node, Sequence[Bound]] = {}
        self._subscribed: dict[str, list[Bound]] = {}
        needs = Needs(one_by_one=interacting(pipelines))
        self._loop = Loop(self._feed_back, self.troubles)
        self._compile(pipelines, write, needs)
        self._one_by_one = needs.one_by_one
        self._ticks = Ticks(needs.tickers, settings.clock, self._settle) if needs.tickers else None

    def feed(self, chunk: Chunk) -> None:
        """Take points. When this returns, the sink has everything that they cause."""
        for piece in chunk.cut(1) if self._one_by_one else (chunk,):
            self._feed(piece, self.tasks)

    def advance(self, now: int) -> None:
        """The clock moves on to `now` (ns) without a point: whatever is due until then happens."""
        if self._ticks is None:
            self._settings.clock.observe(now)
        else:
            self._ticks.until(now)

    def end(self) -> None:
        """The input has ended."""
        for task in self.tasks:
            task.end()
            self._loop.drain()
        self._settle()

    @property
    def due(self) -> int | None:
        """When something is to happen next, even if no point comes; in nanoseconds."""
        return None if self._ticks is None else self._ticks.due

    def begin(self, now: int) -> None:
        """The tasks begin at this time (ns); without a call, at the time of the first point."""
        if self._ticks is not None:
            self._ticks.begin(now)

    def _feed(self, chunk: Chunk, tasks: Sequence[RunningTask]) -> None:
        for piece in (chunk,) if self._ticks is None else self._ticks.between(chunk):
            self._settings.clock.observe(max(piece.times()))
            for task in tasks:
                task.feed(piece)
            self._settle()

    def _feed_back(self, chunk: Chunk) -> None:
        """Points that a task gave back go to the tasks that ask for their database, not to those that take any."""
        self._feed(chunk, [task for task in self.tasks if task.pipeline.dbrps])

    def _settle(self) -> None:
        """Hand on what has happened, then take the points that nodes have given back to the stream."""
        self._flush()
        self._loop.drain()

    def events_of(self, task: str) -> Counter[str]:
        """How many events of each level the alerts of a task have made."""
        return Counter({level: count for (name, level), count in self._events.items() if name == task})

    def topic_names(self) -> Sequence[str]:
        """The topics that the rules publish to: those the scripts name, and each alert's own."""
        own = [f"main:{task.pipeline.task}:{node.name}" for task in self.tasks for node in task.alerts]
        named = {node.topic: None for task in self.tasks for node in task.alerts if node.topic}
        return [*named, *own]

    def _compile(self, pipelines: Sequence[Pipeline], write: Callable[[str, str], None], needs: Needs) -> None:
        settings = self._settings
        environment = Environment(settings.clock, settings.zone, settings.random)
        inhibitors = Inhibitors()
        problems: list[Diagnostic] = []
        for number, pipeline in enumerate(pipelines):
            context = Context(
                task=pipeline.task,
                environment=environment,
                emit=self._emitter(number),
                trouble=self._troubled(pipeline.task),
                write=write,
                topics=self.topics,
                inhibitors=inhibitors,
                source=pipeline.source,
                variables=pipeline.variables,
                on_error=settings.on_error,
                needs=needs,
                outputs=self.outputs,
                request=lambda order, entry: self._requested.append((order, entry)),
                loop=self._loop.put,
                dbrps=tuple((each.database, each.retention_policy) for each in pipeline.dbrps),
                lineage=settings.lineage,
                expected_groups=settings.expected_groups,
            )
            with collecting(problems, pipeline.source):
                self.tasks.append(start(pipeline, context))
            for node in pipeline.nodes:
                if isinstance(node, Alert):
                    self._handlers[node] = tuple(self._bound(pipeline, node, problems))
        for subscription in settings.subscriptions:
            with collecting(problems, subscription.source):
                binding = self._binding("", subscription.topic, subscription.id, subscription.source)
                bound = subscription.handler.bind(binding)
                self._subscribed.setdefault(subscription.topic, []).append(bound)
        if problems:
            raise DiagnosticError(*problems)

    def _bound(self, pipeline: Pipeline, node: Alert, problems: list[Diagnostic]) -> Iterator[Bound]:
        for handler in node.handlers:
            with collecting(problems, pipeline.source):
                yield handler.bind(self._binding(pipeline.task, node.name, f".{handler.kind}()", pipeline.source))

    def _binding(self, task: str, node: str, what: str, source: Source) -> Binding:
        def trouble(diagnostic: Diagnostic) -> None:
            self.troubles.note(Trouble(task, node, what, diagnostic.code), diagnostic)

        return Binding(self._settings.workspaces, trouble, source)

    def _emitter(self, task: int) -> Callable[[Emission], None]:
        emissions = self._emissions
        return lambda emission: emissions.append((emission.order, task, emission))

    def _troubled(self, task: str) -> Callable[[Node, str, Diagnostic], None]:
        return lambda node, what, diagnostic: self.troubles.note(
            Trouble(task, node.name, what, diagnostic.code), diagnostic
        )

    def _flush(self) -> None:
        """Hand what has happened to the handlers, in the order of the points, then of the nodes."""
        if self._requested:
            self._requested.sort(key=lambda each: each[0])
            entries = [entry for _, entry in self._requested]
            self._requested.clear()
            self._requests(entries)
        emissions = self._emissions
        if not emissions:
            return
        emissions.sort(key=_place)
        happenings = [self._happening(emission, task) for _, task, emission in emissions]
        emissions.clear()
        self._sink(happenings)

    def _happening(self, emission: Emission, task: int) -> Happening:
        name = self.tasks[task].pipeline.task
        published = [emission.anonymous, *([emission.named] if emission.named else [])]
        self._events[name, str(emission.anonymous.event.state.level)] += 1
        own = self._handlers[emission.node]
        heard = [(bound, emission.anonymous) for bound in own]
        if emission.named:
            heard += [(bound, emission.named) for bound in self._subscribed.get(emission.named.topic, ())]
        entries = [
            Entry(
                Key(self._settings.lineage, name, emission.node.name, number, emission.sequence),
                each.event.state.id,
                request,
            )
            for number, (bound, each) in enumerate(heard)
            for request in bound.requests(each)
        ]
        return Happening(name, emission.node, published, entries)


def _place(pending: tuple[int, int, Emission]) -> tuple[int, int, int, int]:
    order, task, emission = pending
    return order, task, emission.node.number, emission.sequence


def interacting(pipelines: Sequence[Pipeline]) -> bool:
    """Whether nodes act on one another, so that points must be handled one by one: inhibitors, shared topics."""
    alerts = [node for pipeline in pipelines for node in pipeline.nodes if isinstance(node, Alert)]
    topics = Counter(alert.topic for alert in alerts if alert.topic)
    return any(count > 1 for count in topics.values()) or any(
        node.one_by_one for pipeline in pipelines for node in pipeline.nodes
    )
