"""What a run reads: points for streams, and recordings that are replayed to the queries of batch rules."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from tickdiscord.cli.input import (
    MOST_SHOWN,
    Between,
    InputOptions,
    Rejections,
    Source,
    Waiting,
    open_input,
    reading,
)
from tickdiscord.cli.terminal import Terminal
from tickdiscord.clock import Clock
from tickdiscord.diagnostics import Diagnostic, DiagnosticError
from tickdiscord.nodes.query import Query
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.batch import Batch
from tickdiscord.points.batches import BatchReader, open_batches
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.task import RunningTask
from tickdiscord.state.store import Mark

NO_ANSWERS = "TD652"
MIXED = "TD653"
NO_PLACE = "TD654"

Answer = tuple[int, Batch]
"""The number of a query, and a batch that it gave."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What one query has answered."""

    name: str
    reader: BatchReader

    def first(self) -> Batch | None:
        """The batch that comes next; None at the end.

        Raises:
            DiagnosticError: the recording cannot be read on.
        """
        with reading(self.name):
            return self.reader.first()

    def batches(self) -> Iterator[Batch]:
        """All batches.

        Raises:
            DiagnosticError: the recording cannot be read on.
        """
        with reading(self.name):
            yield from self.reader.batches()


@dataclass(frozen=True, slots=True)
class Replay:
    """The recordings of all queries, in the order of the queries."""

    recordings: Sequence[Recording]

    def answers(self) -> Iterator[Answer]:
        """The batches of all recordings by their times, those of one recording in its order.

        Of batches of the same time that of the first query comes first.

        Raises:
            DiagnosticError: a recording cannot be read on.
        """
        waiting = [recording.batches() for recording in self.recordings]
        heads = {query: batch for query, batches in enumerate(waiting) if (batch := next(batches, None)) is not None}
        while heads:
            query = min(heads, key=lambda each: (heads[each].time, each))
            yield query, heads.pop(query)
            following = next(waiting[query], None)
            if following is not None:
                heads[query] = following

    def feed(self, engine: Engine, between: Between[Answer] = iter) -> None:
        """Give the engine all batches.

        Raises:
            DiagnosticError: a recording cannot be read on.
        """
        for query, batch in between(self.answers()):
            engine.answer(query, batch)

    @property
    def lines(self) -> int:
        """How many lines were read."""
        return sum(each.reader.position.lines for each in self.recordings)

    @property
    def rejections(self) -> int:
        """How many of them were no batches."""
        return sum(each.reader.rejections for each in self.recordings)


def open_source(
    options: InputOptions,
    engine: Engine,
    clock: Clock,
    terminal: Terminal,
    stack: ExitStack,
    waiting: Waiting | None = None,
    shown: int = MOST_SHOWN,
    *,
    checked: bool = False,
    start: Mark | None = None,
) -> Source:
    """What a command line says that the engine is to be fed from; it is closed with the stack.

    `checked` and `start` are those of `open_input`.

    Raises:
        DiagnosticError: it cannot be opened, or is not what the rules need.
    """
    if not engine.queries:
        return open_input(options, clock, terminal, stack, waiting, shown, checked=checked, start=start)
    recorded = options.file in options.recordings
    _check_streams(engine.tasks)
    streams = [each for path in options.recordings for each in stack.enter_context(open_batches(path))]
    _check_number(engine.queries, len(streams), recorded)
    recordings = [Recording(name, BatchReader(stream, Rejections(name, terminal, shown))) for name, stream in streams]
    return Replay(_in_order(engine.tasks, recordings, terminal))


def _in_order(tasks: Sequence[RunningTask], recordings: Sequence[Recording], terminal: Terminal) -> Sequence[Recording]:
    """The recordings in the order of the queries.

    Who takes them out of one of Kapacitor's archives has them in its order, the last query of a script first. They are
    turned round where they look like answers so, and would not otherwise.
    """
    turned: list[Recording] = []
    for task in tasks:
        asked = task.pipeline.queries
        mine = recordings[len(turned) : len(turned) + len(asked)]
        if not _fit(asked, mine) and _fit(asked, mine[::-1]):
            terminal.note(
                f"{task.pipeline.task}: the recordings fit its queries in Kapacitor's order, the last one first"
            )
            mine = mine[::-1]
        turned += mine
    return turned


def _fit(queries: Sequence[Query], recordings: Sequence[Recording]) -> bool:
    """Whether each recording looks like the answers to its query, as far as it has any."""
    pairs = zip(queries, recordings, strict=True)
    return all((first := recording.first()) is None or query.could_give(first) for query, recording in pairs)


def check_state(pipelines: Sequence[Pipeline]) -> None:
    """Refuse to remember batch rules between runs: a replay has no place in a stream where the next one goes on.

    Raises:
        DiagnosticError: there are some.
    """
    hint = "run it without --state: each replay begins anew, as the task does in Kapacitor"
    problems = [
        Diagnostic(NO_PLACE, "--state goes with streams, not with replays", node.span, hint, source=pipeline.source)
        for pipeline in pipelines
        for node in pipeline.queries[:1]
    ]
    if problems:
        raise DiagnosticError(*problems)


def _check_streams(tasks: Sequence[RunningTask]) -> None:
    """Beside batch rules, a stream rule sees only what they give back to the stream."""
    loops = any(node.kind == "kapacitorLoopback" for task in tasks for node in task.pipeline.nodes)
    problems = [
        Diagnostic(
            MIXED,
            "rules of streams and of batches do not run together",
            task.pipeline.nodes[0].span,
            "run them one after the other: a stream is read from stdin or --points, batches from --recording",
            source=task.pipeline.source,
        )
        for task in tasks
        if not task.pipeline.queries and not loops
    ]
    if problems:
        raise DiagnosticError(*problems)


def _check_number(queries: Sequence[tuple[RunningTask, Query]], given: int, recorded: bool) -> None:
    """There is one recording for each query."""
    if given == len(queries):
        return
    wanted = f"{len(queries)} {'query' if len(queries) == 1 else 'queries'}"
    hint = "give --recording FILE.brpl once for each query, in the order of the rules"
    if given > len(queries):
        raise DiagnosticError(Diagnostic(NO_ANSWERS, f"the rules have {wanted}, and {given} recordings are given"))
    why = "has no recording" if recorded else "asks an InfluxDB, and there is none; points of a stream are no answers"
    raise DiagnosticError(
        *(
            Diagnostic(NO_ANSWERS, f"the query {why}", node.span, hint, source=task.pipeline.source)
            for task, node in queries[given:]
        )
    )
