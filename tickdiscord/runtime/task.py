"""A task at work: the steps of its pipeline, wired, and the points it sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tickdiscord.diagnostics import Diagnostic, DiagnosticError
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.query import Query
from tickdiscord.nodes.step import Context, Step
from tickdiscord.pipeline.pipeline import Dbrp, Pipeline
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import MOST_SERIES, Groups, Series


class Seen(dict[Series, Series | None]):
    """How a task sees each series: as it is, or not at all.

    Where nobody has said where the points come from, they come from where each task looks: its first database.
    """

    def __init__(self, dbrps: Sequence[Dbrp]) -> None:
        super().__init__()
        self._wanted = {(each.database, each.retention_policy) for each in dbrps}
        self._home = dbrps[0] if dbrps else None

    def __missing__(self, series: Series) -> Series | None:
        if len(self) >= MOST_SERIES:
            self.clear()
        seen = self[series] = self._look(series)
        return seen

    def _look(self, series: Series) -> Series | None:
        if self._home is None:
            return series
        if not series.database and not series.retention_policy:
            return Series(self._home.database, self._home.retention_policy, series.name, series.tags)
        return series if (series.database, series.retention_policy) in self._wanted else None


@dataclass
class RunningTask:
    """The steps of a pipeline. `points` counts those that the task has seen."""

    pipeline: Pipeline
    steps: Mapping[Node, Step]
    _source: Step
    _seen: Seen
    _twice: frozenset[str]
    _one_by_one: bool
    groups: Groups
    """All that its nodes have made."""
    points: int = 0

    def __post_init__(self) -> None:
        self._settling = [step for step in self.steps.values() if type(step).settle is not Step.settle]

    @property
    def alerts(self) -> Sequence[Alert]:
        """Its alert nodes, in the order of the script."""
        return [node for node in self.pipeline.nodes if isinstance(node, Alert)]

    def feed(self, chunk: Chunk) -> None:
        """Take points; everything that they cause has happened when this returns."""
        series = list(map(self._seen.__getitem__, chunk.series))
        if None in series:
            chunk = chunk.take([index for index, each in enumerate(series) if each is not None])
        seen = [each for each in series if each is not None]
        if seen:
            self.points += len(seen)
            chunk = chunk if seen == chunk.series else chunk.renamed(seen)
            chunk = self._doubled(chunk) if self._twice else chunk
            for piece in chunk.cut(1) if self._one_by_one else (chunk,):
                self._source.chunk(piece)
                self.settle()

    def answer(self, query: Query, batch: Batch) -> None:
        """Take a batch that one of its queries gives; everything that it causes has happened when this returns."""
        self.points += len(batch)
        self.steps[query].batch(batch)
        self.settle()

    def settle(self) -> None:
        """Let nodes go on that have waited for several parents."""
        for step in self._settling:
            step.settle()

    def _doubled(self, chunk: Chunk) -> Chunk:
        """The chunk as a task gets it that sees some points twice."""
        times = [2 if series.name in self._twice else 1 for series in chunk.series]
        return chunk.take([index for index, count in enumerate(times) for _ in range(count)])

    def end(self) -> None:
        """The input has ended: every node gives what it still holds, parents first."""
        for step in self.steps.values():
            step.settle()
            step.end()


def start(pipeline: Pipeline, context: Context) -> RunningTask:
    """The running form of a pipeline.

    Raises:
        DiagnosticError: lambdas or templates in it are wrong; all of them.
    """
    steps: dict[Node, Step] = {}
    context.needs.task_one_by_one = False
    problems: list[Diagnostic] = []
    for node in pipeline.nodes:
        try:
            steps[node] = node.step(context)
        except DiagnosticError as problem:
            problems += problem.within(pipeline.source).diagnostics
    if problems:
        raise DiagnosticError(*problems)
    for node in pipeline.nodes:
        for position, parent in enumerate(node.parents):
            steps[parent].outs.append(steps[node].inlet(position))
    source, seen = steps[pipeline.nodes[0]], Seen(pipeline.dbrps)
    return RunningTask(
        pipeline, steps, source, seen, pipeline.seen_twice, context.needs.task_one_by_one, context.groups
    )
