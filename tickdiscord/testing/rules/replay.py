"""An alert lived through once more, so that it can say why each point became an event or did not."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from tickdiscord.alert.level import Level
from tickdiscord.alert.state import AlertState, Policy
from tickdiscord.alert.topics import Topics
from tickdiscord.lambdas import Explained, explain, of_point
from tickdiscord.nodes.alert import LABELS, RESET_LABELS, Alert, Texts
from tickdiscord.nodes.evaluate import Predicate
from tickdiscord.nodes.levels import Levels
from tickdiscord.nodes.step import Context
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Point
from tickdiscord.syntax import tree
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


class Replay:
    """Stands beside an alert node and sees what it sees, a moment before it does.

    Inhibitors are not looked at: an event that is decided here and does not come was inhibited. With `focus` every
    decision is kept, and the lambdas behind the one in focus are explained; without, only changes of levels are kept.
    """

    def __init__(self, node: Alert, context: Context, focus: Focus | None = None) -> None:
        self.node = node
        self.decisions: list[Decision] = []
        self.asked: list[Asked] = []
        """The lambdas that decided about the point in focus."""
        self.decided: Decision | None = None
        """What was decided there."""
        self.groups: dict[str, AlertState] = {}
        """The state of each group, by its id."""
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
        found = [levels.level(index, before) for index in range(len(rows))]
        highest = max(range(len(found)), key=found.__getitem__)
        level = min(found) if self.node.all else found[highest]
        time = batch.time if self.node.all or level == Level.OK else rows.time(highest)
        self._look(rows, highest, time, before)
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
            found = self._explained(conditions[level], self._conditions[level], chunk, index)
            yield Asked(LABELS[level], found)
            if found.result is True:
                return
        if current in resets and current in conditions:
            found = self._explained(resets[current], self._resets[current], chunk, index)
            yield Asked(RESET_LABELS[current], found)
            if found.result is False:
                return
        for level in (each for each in downwards if each <= current):
            found = self._explained(conditions[level], self._conditions[level], chunk, index)
            yield Asked(LABELS[level], found)
            if found.result is True:
                return

    def _explained(self, wanted: tree.Lambda, predicate: Predicate, chunk: Chunk, index: int) -> Explained:
        point = chunk.point(index)
        row = of_point(point, predicate.references)
        state = copy.deepcopy(predicate.states.get(point.group))
        return explain(wanted.expression, row, self._context.environment, self._context.source, state)

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
