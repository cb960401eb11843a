"""The engine: all tasks of a run on one stream, their topics, and the handlers that hear of their events."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, cast

from tickdiscord.alert.event import Row
from tickdiscord.alert.inhibit import Inhibitors
from tickdiscord.alert.topics import Topics
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, collecting
from tickdiscord.lambdas import Environment
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.query import Query
from tickdiscord.nodes.step import Context, Emission, Needs, Step
from tickdiscord.nodes.turns import Turns
from tickdiscord.outbox.request import Entry
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.runtime.dispatch import Dispatcher, Happening, anonymous
from tickdiscord.runtime.fingerprints import fingerprints
from tickdiscord.runtime.interaction import interaction, unanswered
from tickdiscord.runtime.limits import too_many
from tickdiscord.runtime.loop import Loop
from tickdiscord.runtime.settings import Settings
from tickdiscord.runtime.snapshot import EngineState
from tickdiscord.runtime.task import RunningTask, start
from tickdiscord.runtime.ticks import Ticks
from tickdiscord.runtime.troubles import Trouble, Troubles

Sink = Callable[[Sequence[Happening]], None]
"""Takes what the points of a chunk have caused, in order; when it returns, nothing of it can be lost any more."""

LIMITED = 256
"""So many points go in at once where the number of groups has a limit."""


class Engine:
    """Runs pipelines. It reads and sends nothing: points come by `feed`, batches by `answer`, events go to the sink.

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
        self._dispatcher = Dispatcher(pipelines, self.topics, settings, self.troubles)
        found = interaction(pipelines, self._dispatcher.topic_names())
        self._turns = Turns(found.turns)
        needs = Needs(one_by_one=found.one_by_one)
        self._loop = Loop(self._feed_back, self.troubles)
        self._compile(pipelines, write, needs)
        self._queries = [(task, node) for task in self.tasks for node in task.pipeline.queries]
        self._one_by_one = needs.one_by_one
        self._ticks = Ticks(needs.tickers, settings.clock, self._settle) if needs.tickers else None
        self.unexpected = [id for id in settings.expected_groups if id not in needs.expected]
        """The expected groups that no node counts."""

    def feed(self, chunk: Chunk) -> None:
        """Take points. When this returns, the sink has everything that they cause.

        Raises:
            DiagnosticError: an alert's lambda failed and shall not, or there are too many groups.
        """
        size = 1 if self._one_by_one else len(chunk) if self._settings.most_groups is None else LIMITED
        for piece in chunk.cut(size):
            self._feed(piece, self.tasks)

    def answer(self, query: int, batch: Batch) -> None:
        """Take a batch that a query gives: queries are counted from 0, over all tasks in their order.

        When this returns, the sink has everything that it causes.
        """
        task, node = self.queries[query]
        if self._ticks is not None:
            self._ticks.before(batch.time)
        self._settings.clock.observe(batch.time)
        task.answer(node, batch)
        self._settle()

    @property
    def queries(self) -> Sequence[tuple[RunningTask, Query]]:
        """The queries of all batch tasks, in their order."""
        return self._queries

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
        self._dispatcher.end(self._settings.clock.now())
        self._settle()

    @property
    def holds(self) -> bool:
        """Whether something may leave at the end that would not leave otherwise."""
        steps = (step for task in self.tasks for step in task.steps.values())
        return bool(self._dispatcher.tickers) or any(type(step).end is not Step.end for step in steps)

    def snapshot(self) -> EngineState:
        """All that has to be remembered when nothing is being fed."""
        nodes = {
            (task.pipeline.task, fingerprint): state
            for task in self.tasks
            for node, fingerprint in fingerprints(task.pipeline).items()
            if (state := task.steps[node].snapshot()) is not None
        }
        topics = {name: topic.snapshot() for name, topic in self.topics.all().items()}
        return EngineState(self._run_snapshot(), nodes, topics, self._dispatcher.snapshot())

    def restore(self, state: EngineState) -> None:
        """Go on from what `snapshot` gave, in this run or another, before any point is fed.

        Nodes that are not the same any more begin anew, and topics that nobody publishes to are left alone.
        """
        for name in self.topic_names():
            if name in state.topics:
                self.topics[name].restore(state.topics[name])
        self._dispatcher.restore(state.handlers)
        for task in self.tasks:
            for node, fingerprint in fingerprints(task.pipeline).items():
                kept = state.nodes.get((task.pipeline.task, fingerprint))
                if kept is not None:
                    task.steps[node].restore(kept)
        if state.run is not None:
            self._restore_run(state.run)

    def _run_snapshot(self) -> object:
        begun = self._ticks and self._ticks.snapshot()
        # Only a run that takes points one by one may have asked for chance.
        return [self._settings.clock.snapshot(), begun, self._settings.random.getstate() if self._one_by_one else None]

    def _restore_run(self, state: object) -> None:
        clock, begun, random = cast("tuple[Any, Any, Any]", state)
        self._settings.clock.restore(clock)
        if self._ticks is not None:
            self._ticks.restore(begun)
        if random is not None:
            version, numbers, gauss = random
            self._settings.random.setstate((version, tuple(numbers), gauss))

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
            if self._settings.most_groups is not None:
                self._check_groups(self._settings.most_groups)

    def _check_groups(self, most: int) -> None:
        for task in self.tasks:
            if len(task.groups) > most:
                raise too_many(task.pipeline, task.groups, most)

    def _feed_back(self, chunk: Chunk) -> None:
        """Points that a task gave back go to the tasks that ask for their database, not to those that take any."""
        self._feed(chunk, [task for task in self.tasks if task.pipeline.dbrps])

    def _settle(self) -> None:
        """Hand on what has happened, then take the points that nodes have given back to the stream."""
        for task in self.tasks:
            task.settle()
        self._turns.take()
        self._flush()
        self._loop.drain()

    def events_of(self, task: str) -> Counter[str]:
        """How many events of each level the alerts of a task have made."""
        return Counter({level: count for (name, level), count in self._events.items() if name == task})

    def topic_names(self) -> Sequence[str]:
        """The topics that get events: those the scripts name, those that handlers fill, and each alert's own."""
        own = [anonymous(task.pipeline.task, node) for task in self.tasks for node in task.alerts]
        named = [node.topic for task in self.tasks for node in task.alerts if node.topic]
        return list(dict.fromkeys([*named, *self._dispatcher.topic_names(), *own]))

    @property
    def silenced(self) -> int:
        """How many events silences have held back."""
        silences = self._dispatcher.silences
        return silences.silences.count if silences else 0

    def warnings(self) -> Sequence[Diagnostic]:
        """What is not wrong with the handlers and inhibitions, and should be known."""
        return [*self._dispatcher.unheard(), *unanswered([task.pipeline for task in self.tasks])]

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
                turns=self._turns,
                number=number,
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
                endpoints=settings.endpoints,
                destination=settings.takes,
                instrument=settings.instrument,
            )
            with collecting(problems, pipeline.source):
                self.tasks.append(start(pipeline, context))
        problems += self._dispatcher.problems
        needs.tickers += self._dispatcher.clocked()
        if problems:
            raise DiagnosticError(*problems)

    def _emitter(self, task: int) -> Callable[[Emission], None]:
        emissions = self._emissions
        return lambda emission: emissions.append((emission.order, task, emission))

    def _troubled(self, task: str) -> Callable[[Node, str, Diagnostic], None]:
        def trouble(node: Node, what: str, diagnostic: Diagnostic) -> None:
            if not node.quiet:
                self.troubles.note(Trouble(task, node.name, what, diagnostic.code), diagnostic)

        return trouble

    def _flush(self) -> None:
        """Hand what has happened to the handlers, in the order of the points, then of the nodes."""
        if self._requested:
            self._requested.sort(key=lambda each: each[0])
            entries = [entry for _, entry in self._requested]
            self._requested.clear()
            self._requests(entries)
        emissions = self._emissions
        emissions.sort(key=_place)
        happenings = [*self._dispatcher.ticked(), *(self._happening(emission, task) for _, task, emission in emissions)]
        emissions.clear()
        if happenings:
            self._sink(happenings)

    def _happening(self, emission: Emission, task: int) -> Happening:
        name = self.tasks[task].pipeline.task
        self._events[name, str(emission.anonymous.event.state.level)] += 1
        return self._dispatcher.happening(name, emission)


def _place(pending: tuple[int, int, Emission]) -> tuple[int, int, int, int]:
    order, task, emission = pending
    return order, task, emission.node.number, emission.sequence
