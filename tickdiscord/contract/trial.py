"""A rule at work on points, watched: what every node gives, and what comes to its alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tickdiscord.alert.level import Level
from tickdiscord.contract.nearness import Approach, approach
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.lambdas import Environment, Failure
from tickdiscord.lint.script import Script
from tickdiscord.nodes.alert import LABELS, Alert
from tickdiscord.nodes.alert_texts import Texts
from tickdiscord.nodes.evaluate import Evaluator, Predicate
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import MOST_SERIES, Group
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.settings import Settings
from tickdiscord.syntax import tree


@dataclass(slots=True)
class Given:
    """Counts what a node gives."""

    points: int = 0

    def chunk(self, chunk: Chunk) -> None:
        self.points += len(chunk)

    def batch(self, batch: Batch) -> None:
        self.points += len(batch)

    def barrier(self, barrier: Barrier) -> None: ...


@dataclass(slots=True)
class Watched:
    """The condition of a level: how often it was true and how often it failed, how, and how near it came."""

    condition: Predicate
    approach: Approach | None
    terms: Mapping[str, Evaluator]
    true: int = 0
    failed: int = 0
    failure: Failure | None = None

    def note(self, chunk: Chunk) -> None:
        """Take the points that the alert takes."""
        for value in self.condition.column(chunk):
            if value is True:
                self.true += 1
            elif isinstance(value, Failure):
                self.failed += 1
                self.failure = value
        if self.approach and not self.true:
            for name, term in self.terms.items():
                values = term.column(chunk)
                self.approach.note(name, [it for it in values if isinstance(it, int | float) and it is not bool(it)])


@dataclass(slots=True)
class AlertWatch:
    """What comes to an alert: its points, its levels, and which groups have which id."""

    levels: Mapping[Level, Watched]
    texts: Texts
    points: int = 0
    shared: tuple[str, Group, Group] | None = None
    """The first id that two groups share, and these."""
    ids: dict[str, Group] = field(default_factory=dict[str, Group])
    seen: set[Group] = field(default_factory=set[Group])

    def chunk(self, chunk: Chunk) -> None:
        self._note(chunk)
        for series, group in dict.fromkeys(zip(chunk.series, chunk.groups, strict=True)):
            if group not in self.seen:
                self._note_id(self.texts.id(series, group), group)

    def batch(self, batch: Batch) -> None:
        self._note(batch.rows)
        if batch.group not in self.seen:
            self._note_id(self.texts.fresh_id(batch.name, batch.group, batch.tags), batch.group)

    def barrier(self, barrier: Barrier) -> None: ...

    def _note(self, chunk: Chunk) -> None:
        self.points += len(chunk)
        for each in self.levels.values():
            each.note(chunk)

    def _note_id(self, id: str, group: Group) -> None:
        if len(self.seen) < MOST_SERIES:
            self.seen.add(group)
            first = self.ids.setdefault(id, group)
            if first is not group and self.shared is None:
                self.shared = (id, first, group)


class Trial:
    """All rules of a run on one stream, offline. It sends nothing; what goes wrong with single events is kept."""

    def __init__(self, scripts: Sequence[Script], settings: Settings) -> None:
        self.troubles: list[Diagnostic] = []
        pipelines = [script.pipeline for script in scripts]
        self._engine = Engine(pipelines, settings, lambda _: None, self.troubles.append, lambda _, __: None)
        self.given: dict[Node, Given] = {}
        self.alerts: dict[Alert, AlertWatch] = {}
        for script, task in zip(scripts, self._engine.tasks, strict=True):
            for node, step in task.steps.items():
                self.given[node] = Given()
                step.outs.append(self.given[node])
            for alert in script.alerts:
                watch = self.alerts[alert] = _watch(alert, script, settings)
                task.steps[alert.parents[0]].outs.append(watch)

    def feed(self, chunk: Chunk) -> None:
        """Take points."""
        self._engine.feed(chunk)

    def end(self) -> None:
        """The input has ended."""
        self._engine.end()

    def points(self, script: Script) -> int:
        """How many points a rule has seen."""
        return sum(task.points for task in self._engine.tasks if task.pipeline is script.pipeline)


def _watch(alert: Alert, script: Script, settings: Settings) -> AlertWatch:
    context = Context(
        task=script.pipeline.task,
        environment=Environment(settings.clock, settings.zone, settings.random),
        emit=lambda _: None,
        trouble=lambda _, __, ___: None,
        write=lambda _, __: None,
        source=script.source,
        variables=script.pipeline.variables,
    )
    levels = {
        level: _watched(condition, Predicate(condition, LABELS[level], alert, context), script, alert, context)
        for level, condition in alert.conditions().items()
    }
    return AlertWatch(levels, Texts(alert, alert.id, alert.message, alert.details, context))


def _watched(condition: tree.Lambda, predicate: Predicate, script: Script, alert: Alert, context: Context) -> Watched:
    found = script.region(condition)
    near = approach(condition.expression, found) if found else None
    terms = {
        name: Evaluator(tree.Lambda(term, span=term.span), "", alert, context)
        for name, term in (near.terms.items() if near else ())
    }
    return Watched(predicate, near, terms)
