"""An alert lived through once more, so that it can say why each point became an event or did not."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tickdiscord.alert.level import Level
from tickdiscord.alert.state import AlertState, Policy
from tickdiscord.alert.topics import Topics
from tickdiscord.lambdas import Explained, Explainer, of_point
from tickdiscord.nodes.alert import LABELS, RESET_LABELS, Alert, Texts
from tickdiscord.nodes.evaluate import Predicate
from tickdiscord.nodes.levels import Levels
from tickdiscord.nodes.step import Context
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Point
from tickdiscord.testing.margins import Gauge, Margin, combined
from tickdiscord.testing.rules.patterns import same_group


class Why(Enum):
    """Which rule of an alert decided about a point."""

    EVENT = "makes an event"
    QUIET = "OK after OK makes no event"
    UNCHANGED = "`.stateChangesOnly()`: the level has not changed"
    FLAPPING = "`.flapping()`: the levels of the group change too often"
    NO_RECOVERIES = "`.noRecoveries()`: falling back to OK makes no event"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an alert made of a point, or of a batch whose deciding point this is."""

    node: Alert
    point: Point
    time: int
    """Of the event that it makes, or would make; ns."""
    before: Level
    level: Level
    why: Why
    since: int | None
    """When the group last triggered; ns."""
    rows: int | None = None
    """The points of a batch, None for a point of a stream."""

    @property
    def group(self) -> str:
        return self.point.group.id


MOST_MEASURED = 500_000
"""So many margins of an alert are kept."""

Maker = tuple[str, str]
"""An alert, by its task and its node's name."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What is to be explained: what alerts do at a time (ns), in a group; None means whichever comes first."""

    time: int | None
    group: str | None
    maker: Maker | None = None
    """The alert that is meant, if it is known."""

    def meets(self, time: int, group: str) -> bool:
        return self.time in (None, time) and (self.group is None or same_group(self.group, group))


@dataclass(frozen=True, slots=True)
class Asked:
    """A lambda that an alert has asked about a point, and what every part of it came to."""

    label: str
    explained: Explained


@dataclass(frozen=True, slots=True)
class Measured:
    """The margin of a level's condition, or of a reset's, at a point or over a batch; `time` is in nanoseconds."""

    maker: Maker
    time: int
    group: str
    level: Level
    label: str
    asked: bool
    """Whether the alert asked for it: not if a higher level held."""
    margin: Margin


@dataclass(frozen=True, slots=True)
class _Question:
    """A lambda of an alert, as it is looked at from beside."""

    level: Level
    predicate: Predicate
    explainer: Explainer
    gauge: Gauge


_Answer = tuple[Margin, bool]
"""A margin, and whether the alert asked for the lambda."""


class Replay:
    """Stands beside an alert node and sees what it sees, a moment before it does.

    Inhibitors are not looked at: an event that is decided here and does not come was inhibited. With `focus` every
    decision is kept, and the lambdas behind the one in focus are explained; without, only changes of levels are kept.
    With `measure` the margins of all decisions are kept.
    """

    def __init__(self, node: Alert, context: Context, focus: Focus | None = None, *, measure: bool = False) -> None:
        self.node = node
        self.decisions: list[Decision] = []
        self.asked: list[Asked] = []
        """The lambdas that decided about the point in focus."""
        self.decided: Decision | None = None
        """What was decided there."""
        self.groups: dict[str, AlertState] = {}
        """The state of each group, by its id."""
        self.measured: list[Measured] = []
        """The first `MOST_MEASURED` margins."""
        self._measures = measure
        self._focus = focus
        self._context = context
        self._policy: Policy = node.policy()
        self._conditions = {
            level: Predicate(found, LABELS[level], node, context) for level, found in node.conditions().items()
        }
        self._resets = {
            level: Predicate(found, RESET_LABELS[level], node, context) for level, found in node.resets().items()
        }
        self._levels = Levels(self._conditions, self._resets, "hold" if context.on_error == "hold" else "ok")
        self._questions: dict[str, _Question] = {}
        self._texts = Texts(node, node.id, node.message, node.details, context)
        self.seen: set[str] = set()
        """The ids of all groups."""

    @property
    def maker(self) -> Maker:
        """The alert that is lived through."""
        return self._context.task, self.node.name

    def chunk(self, chunk: Chunk) -> None:
        """See some points of a stream."""
        levels = self._levels.of(chunk)
        for index, group in enumerate(chunk.groups):
            series = chunk.series[index]
            state = self._state(group, series.name, series.tags, chunk.time(index))
            before, since = state.level, state.last_triggered
            time = chunk.time(index)
            self._look(chunk, index, time, before)
            if self._measures:
                self._keep([self._margins(chunk, index, before)], group, time)
            state.add(time, levels.level(index, before), self._policy)
            self._decide(state, chunk.point(index), time, before, since, None)

    def batch(self, batch: Batch) -> None:
        """See a batch."""
        rows = batch.rows
        if not len(rows):
            return
        state = self._state(batch.group, batch.name, batch.tags, batch.time)
        before, since = state.level, state.last_triggered
        levels = self._levels.of(rows)
        margins: list[Mapping[str, _Answer]] = []
        found: list[Level] = []
        for index in range(len(rows)):
            if self._measures:
                margins.append(self._margins(rows, index, before))
            found.append(levels.level(index, before))
        highest = max(range(len(found)), key=found.__getitem__)
        level = min(found) if self.node.all else found[highest]
        time = batch.time if self.node.all or level == Level.OK else rows.time(highest)
        self._look(rows, highest, time, before)
        self._keep(margins, batch.group, time)
        state.add(time, level, self._policy)
        self._decide(state, rows.point(highest), time, before, since, len(rows))

    def barrier(self, barrier: Barrier) -> None:
        """See a barrier: the group may end with it."""
        if barrier.delete:
            self.groups.pop(barrier.group.id, None)

    def _decide(
        self, state: AlertState, point: Point, time: int, before: Level, since: int | None, rows: int | None
    ) -> None:
        why = self._why(state, stream=rows is None)
        if why in (Why.EVENT, Why.NO_RECOVERIES):
            state.trigger(time)
        new = point.group.id not in self.seen
        self.seen.add(point.group.id)
        if self._focus is None and not new and before == state.level:
            return
        decision = Decision(self.node, point, time, before, state.level, why, since, rows)
        self.decisions.append(decision)
        if self.decided is None and self._focus is not None and self._focus.meets(time, point.group.id):
            self.decided = decision

    def _look(self, chunk: Chunk, index: int, time: int, current: Level) -> None:
        """Explain the lambdas that are asked about a point in focus, in Kapacitor's order (`determineLevel`)."""
        if self._focus is None or self.decided is not None or not self._focus.meets(time, chunk.groups[index].id):
            return
        self.asked = list(self._asks(chunk, index, current))

    def _asks(self, chunk: Chunk, index: int, current: Level) -> Iterator[Asked]:
        conditions, resets = self.node.conditions(), self.node.resets()
        downwards = sorted(conditions, reverse=True)
        for level in (each for each in downwards if each > current):
            found = self._explained(LABELS[level], chunk, index)
            yield Asked(LABELS[level], found)
            if found.result is True:
                return
        if current in resets and current in conditions:
            found = self._explained(RESET_LABELS[current], chunk, index)
            yield Asked(RESET_LABELS[current], found)
            if found.result is False:
                return
        for level in (each for each in downwards if each <= current):
            found = self._explained(LABELS[level], chunk, index)
            yield Asked(LABELS[level], found)
            if found.result is True:
                return

    def _explained(self, label: str, chunk: Chunk, index: int) -> Explained:
        asked = self._question(label)
        point = chunk.point(index)
        state = copy.deepcopy(asked.predicate.states.get(point.group))
        return asked.explainer(of_point(point, asked.predicate.references), state)

    def _question(self, label: str) -> _Question:
        found = self._questions.get(label)
        if found is None:
            environment, source = self._context.environment, self._context.source
            ways = (
                (LABELS, self.node.conditions(), self._conditions),
                (RESET_LABELS, self.node.resets(), self._resets),
            )
            level, wanted, predicate = next(
                (level, lambdas[level], predicates[level])
                for labels, lambdas, predicates in ways
                for level in lambdas
                if labels[level] == label
            )
            explainer = Explainer(wanted.expression, environment, source)
            gauge = Gauge(wanted.expression, environment, source)
            found = self._questions[label] = _Question(level, predicate, explainer, gauge)
        return found

    def _margins(self, chunk: Chunk, index: int, current: Level) -> Mapping[str, _Answer]:
        """The margins at a point, by label: of all levels, and of a reset if it is asked for."""
        asked = {each.label: each.explained for each in self._asks(chunk, index, current)}
        labels = dict.fromkeys([*asked, *(LABELS[level] for level in self.node.conditions())])
        found: dict[str, _Answer] = {}
        for label in labels:
            question = self._question(label)
            explained = asked.get(label) or self._explained(label, chunk, index)
            row = of_point(chunk.point(index), question.predicate.references)
            margin = question.gauge.of(explained, row)
            if margin is not None:
                found[label] = margin, label in asked
        return found

    def _keep(self, margins: Sequence[Mapping[str, _Answer]], group: Group, time: int) -> None:
        """Keep the margins at a point, or over the points of a batch: one of them is enough, or all have to do."""
        for label in dict.fromkeys(label for each in margins for label in each):
            answers = [each[label] for each in margins if label in each]
            margin = combined([margin for margin, _ in answers], every=self.node.all)
            level, asked = self._question(label).level, any(asked for _, asked in answers)
            if margin is not None and len(self.measured) < MOST_MEASURED:
                self.measured.append(Measured(self.maker, time, group.id, level, label, asked, margin))

    def _why(self, state: AlertState, *, stream: bool) -> Why:
        """Kapacitor: the order of the questions in `runAlert` of points and batches."""
        policy = self._policy
        if not stream and state.level == Level.OK:
            triggers, held = state.triggers_batch(policy), Why.QUIET
        else:
            triggers = state.triggers(policy) if stream else state.triggers_batch(policy)
            if policy.flapping is not None and state.flapping:
                held = Why.FLAPPING
            elif state.level == Level.OK and not state.changed:
                held = Why.QUIET
            else:
                held = Why.UNCHANGED
        if not triggers:
            return held
        return Why.EVENT if policy.recoveries or state.level != Level.OK else Why.NO_RECOVERIES

    def _state(self, group: Group, name: str, tags: Mapping[str, str], time: int) -> AlertState:
        state = self.groups.get(group.id)
        if state is None:
            state = self.groups[group.id] = AlertState.new(self._policy)
            known = self._known(self._texts.fresh_id(name, group, tags))
            if known is not None and known[0] != Level.OK:
                state.add(time, known[0], self._policy)
                state.trigger(known[1])
        return state

    def _known(self, id: str) -> tuple[Level, int] | None:
        """What the topics know of an id when a group begins (Kapacitor: `restoreEvent`), without telling them."""
        topics: Topics = self._context.topics
        own = f"main:{self._context.task}:{self.node.name}" if self.node.handlers else ""
        for name in (own, self.node.topic):
            topic = topics.all().get(name) if name else None
            if topic is not None and id in topic.states:
                found = topic.states[id]
                return found.level, found.time
        return None
