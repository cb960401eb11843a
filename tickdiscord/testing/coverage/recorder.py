"""The instrument that finds out what there is to be covered, and sees what of it is reached."""

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from tickdiscord.alert.instrument import AlertWatch, Owner
from tickdiscord.diagnostics import Source, Span
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.lambdas import Plan, Probe, Type, static_type
from tickdiscord.lambdas.text import text_of
from tickdiscord.lint.script import Script
from tickdiscord.nodes.alert import RESET_LABELS, Alert
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.query import Query
from tickdiscord.nodes.source import Queries, Stream
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.runtime.engine import Engine
from tickdiscord.syntax import tree
from tickdiscord.templates import Branch, Seen
from tickdiscord.testing.coverage.decisions import Deciding, Decision, Ways, decisions
from tickdiscord.testing.coverage.levels import Moves, level_goals
from tickdiscord.testing.coverage.model import FileCoverage, Goal

LONGEST_TEXT = 60
"""An expression that is longer is cut where a sentence names it."""


class Sight:
    """Stands at an edge, and sees whether a point comes."""

    def __init__(self, id: str, reached: set[str]) -> None:
        self._id = id
        self._reached = reached

    def chunk(self, chunk: Chunk) -> None:
        self._reached.add(self._id)

    def batch(self, batch: Batch) -> None:
        if len(batch):
            self._reached.add(self._id)

    def barrier(self, barrier: Barrier) -> None:
        pass


class Recorder:
    """An instrument for any number of runs. Goals are found where code is made, so that none is without its probe."""

    def __init__(self) -> None:
        self._files: dict[str, FileCoverage] = {}
        self._levels: dict[int, tuple[Pipeline, Sequence[Goal]]] = {}
        """The goals of alerts, by the pipeline's identity: it is loaded once for many runs."""
        self._templates: dict[tuple[Owner, tuple[Branch, ...]], Seen] = {}
        """One for each template, so that it is compiled once."""

    @property
    def files(self) -> Sequence[FileCoverage]:
        """What there is in the files that were run, and what of it was reached."""
        return list(self._files.values())

    def of_lambda(self, owner: Owner, plan: Plan) -> Probe | None:
        file = self._file(owner.source)
        condition = bool(plan.condition) or static_type(plan.expression) is Type.BOOL
        tellers: dict[int, list[Callable[[int, object], None]]] = {}
        for decision in decisions(plan, condition=condition):
            deciding = Deciding(decision, self._told(file, owner, plan, decision))
            for number in deciding.numbers:
                tellers.setdefault(number, []).append(deciding.see)
        if not condition:
            tellers.setdefault(len(plan.steps) - 1, []).append(self._valued(file, owner, plan))
        if not tellers:
            return None

        def seen(number: int, value: object) -> object:
            for tell in tellers[number]:
                tell(number, value)
            return value

        return Probe(seen, frozenset(tellers))

    def of_template(self, owner: Owner, branches: Sequence[Branch]) -> Seen:
        key = (owner, tuple(branches))
        if key not in self._templates:
            self._templates[key] = self._branching(owner, branches)
        return self._templates[key]

    def of_alert(self, owner: Owner) -> AlertWatch:
        return Moves(owner.name, self._file(owner.source).reached)

    def attach(self, engine: Engine) -> None:
        """Take places beside the nodes of a run that has not begun."""
        for task in engine.tasks:
            self.declare(task.pipeline)
            file = self._file(task.pipeline.source)
            for node in _counted(task.pipeline):
                for at in (node,) if _chooses(node) else node.parents:
                    task.steps[at].outs.append(Sight(_sees(node), file.reached))

    def declare(self, pipeline: Pipeline) -> None:
        """The goals of a rule that stand in its nodes: to see points, and the levels of alerts."""
        file, text = self._file(pipeline.source), pipeline.source.text
        file.goals.update((goal.id, goal) for goal in self._alerts(pipeline))
        for node in _counted(pipeline):
            never = "never chooses a point" if _chooses(node) else "never sees a point"
            _add(file, _sees(node), node.span, f"`|{text[node.span.start : node.span.end]}()`", never)

    def heard(self, subscriptions: Sequence[Subscription], topics: Collection[str]) -> None:
        """A run with these handlers has ended, in which these topics got events."""
        for each in subscriptions:
            file = self._file(each.source)
            id = f"{each.topic}/{each.id}: hears"
            file.goals[id] = Goal(id, each.topic_span or each.handler.span, f"`{each.topic}`", "never gets an event")
            if each.topic in topics:
                file.reached.add(id)

    def _file(self, source: Source) -> FileCoverage:
        file = self._files.get(source.name)
        if file is None:
            path = Path(os.path.normpath(source.name))
            file = self._files[source.name] = FileCoverage(path, source.text)
        return file

    def _told(self, file: FileCoverage, owner: Owner, plan: Plan, decision: Decision) -> Callable[[bool, Ways], None]:
        """What notes how a decision came out; its goals are in the file then."""
        whole = _place(owner, plan, decision.root)
        itself = decision.root == len(plan.steps) - 1
        label = _label(owner)
        subject = label if itself else f"`{_text(plan, decision.root)}` in {label}"
        prefix = f"{owner.name} {owner.label} {_text(plan, decision.root)} {whole.start}"
        if not (itself and owner.label in RESET_LABELS.values()):  # a reset has goals of its own
            for value in (True, False):
                _add(file, f"{prefix} {value}", whole, subject, f"is never {_word(value)}")
        ways: dict[tuple[int, bool], str] = {}
        for number in decision.operands if decision.joined else ():
            if number in decision.constant:
                continue
            place, text = _place(owner, plan, number), _text(plan, number)
            for value in (True, False):
                id = f"{prefix} by {text} {place.start} {value}"
                ways[number, value] = id
                _add(file, id, place, f"`{text}` in {subject}", f"is never {_word(value)} where it counts")

        def told(value: bool, deciding: Ways) -> None:
            file.reached.add(f"{prefix} {value}")
            file.reached.update(ways[way] for way in deciding if way in ways)

        return told

    def _valued(self, file: FileCoverage, owner: Owner, plan: Plan) -> Callable[[int, object], None]:
        """What notes that a lambda that is no condition has a value."""
        last = len(plan.steps) - 1
        place = _place(owner, plan, last)
        id = f"{owner.name} {owner.label} {place.start} value"
        _add(file, id, place, _label(owner), "never has a value")
        return lambda _, __: file.reached.add(id)

    def _branching(self, owner: Owner, branches: Sequence[Branch]) -> Seen:
        file = self._file(owner.source)
        ids: list[tuple[str, str]] = []
        for branch in branches:
            text = branch.text if len(branch.text) <= LONGEST_TEXT else f"{branch.text[:LONGEST_TEXT]}…"
            yes, no = ("never runs", "is never empty") if branch.loop else ("is never true", "is never false")
            prefix = f"{owner.name} {owner.label} {branch.text} {branch.span.start}"
            for value, never in ((True, yes), (False, no)):
                _add(file, f"{prefix} {value}", branch.span, f"`{text}` in {_label(owner)}", never)
            ids.append((f"{prefix} False", f"{prefix} True"))

        def seen(number: int, value: object) -> object:
            file.reached.add(ids[number][bool(value)])
            return value

        return seen

    def _alerts(self, pipeline: Pipeline) -> Sequence[Goal]:
        known = self._levels.get(id(pipeline))
        if known is None:
            script = Script(pipeline, Workspaces(), (pipeline,))
            alerts = [node for node in pipeline.nodes if isinstance(node, Alert)]
            known = pipeline, [goal for alert in alerts for goal in level_goals(alert, script)]
            self._levels[id(pipeline)] = known
        return known[1]


def _counted(pipeline: Pipeline) -> Sequence[Node]:
    """The nodes that the script makes; those that sugar stands for have one place, and the last one counts."""
    last: dict[Span, Node] = {node.span: node for node in pipeline.nodes if not isinstance(node, Stream | Queries)}
    return list(last.values())


def _chooses(node: Node) -> bool:
    """Whether it gets everything, so that only what it hands on tells anything."""
    return isinstance(node, From | Query)


def _sees(node: Node) -> str:
    return f"{node.name} sees"


def _add(file: FileCoverage, id: str, span: Span, subject: str, never: str) -> None:
    file.goals[id] = Goal(id, span, subject, never)


def _label(owner: Owner) -> str:
    return owner.label if "`" in owner.label else f"`{owner.label}`"


def _word(value: bool) -> str:
    return "true" if value else "false"


def _place(owner: Owner, plan: Plan, number: int) -> Span:
    """Where a node of a lambda stands; a text that is not in the file as it is stands where its owner does."""
    return plan.steps[number].node.span if plan.source == owner.source else owner.span


def _text(plan: Plan, number: int) -> str:
    """An expression as it is written, or as it would be: with a var's name where the script has one."""
    node = plan.steps[number].node
    while isinstance(node, tree.Lambda):
        node = node.expression
    text = plan.source.text[node.span.start : node.span.end] if plan.source else ""
    if isinstance(node, tree.Binary) and node.parens:
        text = text.removeprefix("(").removesuffix(")").strip()
    if not text or text.isidentifier() or "\n" in text:
        text = text_of(node)
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
