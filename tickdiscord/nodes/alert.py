"""`|alert()`: finds the level of every point, and makes an event where one is due."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, cast

from tickdiscord.alert.event import Event, EventState, Row
from tickdiscord.alert.level import Level
from tickdiscord.alert.state import AlertState, Policy
from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.handlers.handler import Handler
from tickdiscord.handlers.registry import handler_classes
from tickdiscord.nodes.alert_texts import DEFAULT_DETAILS, DEFAULT_ID, DEFAULT_MESSAGE, Texts
from tickdiscord.nodes.evaluate import Predicate, is_plain
from tickdiscord.nodes.levels import ChunkLevels, Levels, Seen
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.rows import batch_row, point_row
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Emission, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Dimensions, Group, Value
from tickdiscord.properties import (
    DURATION,
    FLOAT,
    INTEGER,
    LAMBDA,
    STRING,
    flag,
    maybe,
    pair,
    repeated,
    switch,
    value,
)
from tickdiscord.syntax import tree

MOST_LEVELS = 100_000
"""Kapacitor takes any number, and as much memory for every group."""


def _shares(given: tuple[float, float]) -> str:
    low, high = given
    return "" if low <= 1 and high <= 1 else "wants two shares of at most 1.0"


def _not_endless(history: int) -> str:
    return "" if history <= MOST_LEVELS else f"wants at most {MOST_LEVELS:,} levels"


@dataclass(eq=False)
class Alert(Node):
    """Kapacitor: `AlertNode`."""

    kind: ClassVar[str] = "alert"
    doc: ClassVar[str] = "Finds the level of every point, and makes an event where one is due."

    topic: str = value(STRING, "", "A topic that gets the events as well as the handlers below.")
    id: str = value(STRING, DEFAULT_ID, "Template of the event's id.")
    message: str = value(STRING, DEFAULT_MESSAGE, "Template of the event's message.")
    details: str = value(STRING, DEFAULT_DETAILS, "HTML template of the event's details.")
    info: tree.Lambda | None = maybe(LAMBDA, "When a point is INFO.")
    warn: tree.Lambda | None = maybe(LAMBDA, "When a point is WARNING.")
    crit: tree.Lambda | None = maybe(LAMBDA, "When a point is CRITICAL.")
    info_reset: tree.Lambda | None = maybe(LAMBDA, "INFO stays until this is true.")
    warn_reset: tree.Lambda | None = maybe(LAMBDA, "WARNING stays until this is true.")
    crit_reset: tree.Lambda | None = maybe(LAMBDA, "CRITICAL stays until this is true.")
    category: str = value(STRING, "", "The category that inhibitors of other alerts name.")
    inhibit: tuple[tuple[str, ...], ...] = repeated(
        STRING, rest=STRING, doc="While this alert is not OK, silence a category where these tags are equal."
    )
    flapping: tuple[float, float] | None = pair(
        FLOAT,
        "Be silent from when more than the second share of the history are changes, until less than the first.",
        check=_shares,
    )
    history: int = value(INTEGER, 21, "How many levels the flapping looks back at; at least 2.", check=_not_endless)
    state_changes_only: int | None = switch(
        "Only changes of the level make events, and the same level after this time.", DURATION, 0
    )
    no_recoveries: bool = flag("A level that falls back to OK makes no event.")
    all: bool = flag("A batch has a level only if all of its points have it.")
    level_tag: str = value(STRING, "", "A tag of the points handed on that gets the level.")
    level_field: str = value(STRING, "", "A field of the points handed on that gets the level.")
    message_field: str = value(STRING, "", "A field of the points handed on that gets the message.")
    duration_field: str = value(STRING, "", "A field of the points handed on that gets the duration in nanoseconds.")
    id_tag: str = value(STRING, "", "A tag of the points handed on that gets the event's id.")
    id_field: str = value(STRING, "", "A field of the points handed on that gets the event's id.")

    handlers: list[Handler] = field(default_factory=list[Handler], init=False, repr=False)

    def part(self, name: str) -> Handler | None:
        found = handler_classes().get(name)
        if found is None:
            return None
        handler = found()
        self.handlers.append(handler)
        return handler

    @classmethod
    def parts(cls) -> Sequence[str]:
        return list(handler_classes())

    @property
    def inhibits(self) -> bool:
        """Whether it has a part in inhibition, on either side."""
        return bool(self.inhibit or self.category)

    @property
    def repeats(self) -> bool:
        """So it is if only changes make events, and the levels depend on nothing but fields and tags."""
        lambdas = (*self.conditions().values(), *self.resets().values())
        return self.state_changes_only == 0 and self.flapping is None and all(map(is_plain, lambdas))

    def check(self) -> Iterable[Diagnostic]:
        if not (self.info or self.warn or self.crit):
            yield warning("TD140", "the alert has no level: it never fires", self.span, "add `.crit(lambda: …)`")

    def conditions(self) -> Mapping[Level, tree.Lambda]:
        """The lambdas of the levels."""
        return _said({Level.INFO: self.info, Level.WARNING: self.warn, Level.CRITICAL: self.crit})

    def resets(self) -> Mapping[Level, tree.Lambda]:
        """The reset lambdas of the levels."""
        found = {Level.INFO: self.info_reset, Level.WARNING: self.warn_reset, Level.CRITICAL: self.crit_reset}
        return _said(found)

    def policy(self) -> Policy:
        """When a level becomes an event."""
        return Policy(
            history=max(2, self.history),
            flapping=self.flapping,
            changes_only=self.state_changes_only is not None,
            expiry=self.state_changes_only or 0,
            recoveries=not self.no_recoveries,
        )

    def step(self, context: Context) -> Step:
        return AlertStep(self, context)


def _said(lambdas: Mapping[Level, tree.Lambda | None]) -> dict[Level, tree.Lambda]:
    return {level: found for level, found in lambdas.items() if found is not None}


LABELS = {Level.INFO: ".info()", Level.WARNING: ".warn()", Level.CRITICAL: ".crit()"}
RESET_LABELS = {Level.INFO: ".infoReset()", Level.WARNING: ".warnReset()", Level.CRITICAL: ".critReset()"}


def _unseen(node: Alert, context: Context) -> dict[Level, Predicate]:
    """The lambdas of levels that have a reset, for whoever wants to know whether they are still true."""
    plain = dataclasses.replace(context, instrument=None)
    asked = {level: found for level, found in node.conditions().items() if level in node.resets()}
    made = {level: Predicate(found, LABELS[level], node, plain) for level, found in asked.items()}
    return {level: each for level, each in made.items() if not (each.stateful or each.volatile)}


@dataclass(slots=True)
class Passed:
    """The rows of a chunk that have made an event, with what it was."""

    chunk: Chunk
    rows: list[int] = field(default_factory=list[int])
    states: list[EventState] = field(default_factory=list[EventState])


class AlertStep(Step):
    """A running alert: the state of every group, and the rules by which it becomes events."""

    def __init__(self, node: Alert, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._policy = node.policy()
        watched = context.watched(node, "|alert()")
        self._watch = watched.instrument.of_alert(watched.owner) if watched else None
        self._levels = Levels(
            {level: Predicate(found, LABELS[level], node, context) for level, found in node.conditions().items()},
            {level: Predicate(found, RESET_LABELS[level], node, context) for level, found in node.resets().items()},
            context.on_error,
            Seen(self._watch, _unseen(node, context)) if self._watch else None,
        )
        self._texts = Texts(node, node.id, node.message, node.details, context)
        self._states: dict[Group, AlertState] = {}
        self._active: set[Group] = set()
        """The groups whose next OK may matter: they are not OK, or flapping is measured over their history."""
        self._anonymous = f"main:{context.task}:{node.name}"
        self._sequence = 0
        self._turns = context.turns if context.turns and node in context.turns.nodes else None
        self._waiting = False
        """Whether something waits for its turn."""
        self._passed: list[Passed] = []
        self._augments = any(
            (node.level_tag, node.level_field, node.message_field, node.duration_field, node.id_tag, node.id_field)
        )

    def chunk(self, chunk: Chunk) -> None:
        levels = self._levels.of(chunk)
        passed = Passed(chunk)
        if self._turns is None:
            for index in self._rows(chunk, levels.marked):
                self._row(levels, index, passed)
            self._give_passed(passed)
            return
        # What waits already may change which groups the rows of this chunk matter to.
        rows = range(len(chunk)) if self._waiting else self._rows(chunk, levels.marked)
        for index in rows:
            self._wait(chunk.order[index], partial(self._row, levels, index, passed))
        self._passed.append(passed)

    def _row(self, levels: ChunkLevels, index: int, passed: "Passed") -> None:
        chunk = passed.chunk
        group = chunk.groups[index]
        state = self._states.get(group)
        if state is None:
            state = self._begin(group, chunk.series[index].name, chunk.series[index].tags, chunk.time(index))
        level = levels.level(index, state.levels[0])
        if not level and self._is_quiet(state):
            return
        time = chunk.time(index)
        state.add(time, level, self._policy)
        if self._watch is not None:
            self._watch.moved(state)
        self._note_active(group, state)
        if not state.triggers(self._policy) or not self._trigger(group, state, time):
            return
        point = chunk.point(index)
        row = point_row(point.name, point.tags, point.fields, time)
        series = chunk.series[index]
        id = self._texts.id(series, group)
        event = self._event(id, series.name, group, series.tags, point.fields, level, time, state.duration(), row)
        self._send(event, chunk.order[index])
        passed.rows.append(index)
        passed.states.append(event.state)

    def _give_passed(self, passed: "Passed") -> None:
        """Hand on what has passed and is not handed on yet."""
        rows, states, passed.rows, passed.states = passed.rows, passed.states, [], []
        if rows and self.outs:
            points = passed.chunk.take(rows)
            self.give(self._augmented(points, states) if self._augments else points)

    def batch(self, batch: Batch) -> None:
        if self._turns is None:
            self._take_batch(batch)
        else:
            self._wait(batch.order, partial(self._take_batch, batch))

    def _wait(self, order: int, act: Callable[[], None]) -> None:
        """Put something by until it is its turn."""
        if self._turns is not None:
            if not self._waiting:
                self._waiting = True
                self._turns.afterwards(self._end_turns)
            self._turns.wait(order, self._context.number, self._node, act)

    def _end_turns(self) -> None:
        self._waiting = False
        self._give_all_passed()
        self._passed.clear()

    def _give_all_passed(self) -> None:
        for passed in self._passed:
            self._give_passed(passed)

    def _take_batch(self, batch: Batch) -> None:
        """Kapacitor: `BufferedBatch`; a recovery goes out even while the alert is flapping."""
        self._give_all_passed()
        rows = batch.rows
        if not len(rows):
            return
        group = batch.group
        state = self._states.get(group)
        if state is None:
            state = self._begin(group, batch.name, batch.tags, batch.time)
        levels = self._levels.of(rows)
        found = [levels.level(index, state.levels[0]) for index in range(len(rows))]
        highest = max(range(len(found)), key=found.__getitem__)
        level = min(found) if self._node.all else found[highest]
        time = batch.time if self._node.all or level == Level.OK else rows.time(highest)
        state.add(time, level, self._policy)
        if self._watch is not None:
            self._watch.moved(state)
        self._note_active(group, state)
        if not state.triggers_batch(self._policy) or not self._trigger(group, state, time):
            return
        id = self._texts.fresh_id(batch.name, group, batch.tags)
        fields = rows.rows.fields(highest)
        row = batch_row(batch)
        event = self._event(id, batch.name, group, batch.tags, fields, level, time, state.duration(), row)
        self._send(event, batch.order)
        if self.outs:
            self.give_batch(self._augmented_batch(batch, event.state) if self._augments else batch)

    def barrier(self, barrier: Barrier) -> None:
        if self._turns is None:
            self._take_barrier(barrier)
        else:
            self._wait(barrier.order, partial(self._take_barrier, barrier))

    def _take_barrier(self, barrier: Barrier) -> None:
        self._give_all_passed()
        if barrier.delete:
            state = self._states.pop(barrier.group, None)
            self._active.discard(barrier.group)
            if state is not None:  # Kapacitor: `Done` removes the group's inhibitors
                self._set_inhibitors(barrier.group, False)
            for predicate in self._levels.predicates:
                predicate.forget(barrier.group)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return {
            "sequence": self._sequence,
            "groups": by_group(self._states, AlertState.plain),
            "lambdas": [predicate.snapshot() for predicate in self._levels.predicates],
        }

    def restore(self, state: object) -> None:
        kept = cast("dict[str, Any]", state)
        self._sequence = kept["sequence"]
        self._states = of_groups(kept["groups"], self._context.groups, AlertState.of)
        for group, each in self._states.items():
            self._note_active(group, each)
            self._set_inhibitors(group, each.inhibits)
        for predicate, states in zip(self._levels.predicates, kept["lambdas"], strict=True):
            predicate.restore(states)

    def _rows(self, chunk: Chunk, marked: set[int] | None) -> Iterable[int]:
        """The rows that can change anything: all others are OK in a group that has long been OK."""
        groups = chunk.groups
        everything = range(len(groups))
        if marked is None or not self._states.keys() >= set(groups):
            return everything
        touched = {groups[index] for index in marked}
        if self._active:
            touched |= self._active
        return [index for index in everything if groups[index] in touched] if touched else ()

    def _begin(self, group: Group, name: str, tags: Mapping[str, str], time: int) -> AlertState:
        """The state of a group at its first point, from what the topics know of its id (Kapacitor: `NewGroup`)."""
        state = self._states[group] = AlertState.new(self._policy)
        id = self._texts.fresh_id(name, group, tags)
        anonymous = self._anonymous if self._node.handlers else ""
        known = self._context.topics.restore(anonymous, self._node.topic, id)
        if known is not None and known.level != Level.OK:
            state.add(time, known.level, self._policy)
            state.trigger(known.time)
            self._inhibit(group, state)
            self._note_active(group, state)
        return state

    def _is_quiet(self, state: AlertState) -> bool:
        return state.levels[0] == Level.OK if self._policy.flapping is None else state.quiet

    def _note_active(self, group: Group, state: AlertState) -> None:
        if self._is_quiet(state):
            self._active.discard(group)
        else:
            self._active.add(group)

    def _trigger(self, group: Group, state: AlertState, time: int) -> bool:
        """Note that the alert triggers; whether that makes an event."""
        state.trigger(time)
        self._inhibit(group, state)
        return self._policy.recoveries or state.level != Level.OK

    def _inhibit(self, group: Group, state: AlertState) -> None:
        state.inhibits = state.level != Level.OK
        self._set_inhibitors(group, state.inhibits)

    def _set_inhibitors(self, group: Group, inhibits: bool) -> None:
        for number, (category, *tags) in enumerate(self._node.inhibit):
            equal = {tag: group.tags.get(tag, "") for tag in tags}
            owner = (self._anonymous, number, group.id)
            self._context.inhibitors.set(owner, category, equal, inhibits)

    def _event(
        self,
        id: str,
        name: str,
        group: Group,
        tags: Mapping[str, str],
        fields: Mapping[str, Value],
        level: Level,
        time: int,
        duration: int,
        row: Row,
    ) -> Event:
        return Event(
            state=self._texts.state(id, level, time, duration, name, group, tags, fields),
            name=name,
            task=self._context.task,
            group=group.id,
            tags=tags,
            fields=fields,
            series=(row,),
            category=self._node.category,
            recoverable=self._policy.recoveries,
        )

    def _send(self, event: Event, order: int) -> None:
        """Tell the topics, unless the event is inhibited, and leave it for the handlers."""
        if event.category and self._context.inhibitors.inhibited(event.category, event.tags):
            return
        topics = self._context.topics
        self._sequence += 1
        anonymous = topics.collect(self._anonymous, event)
        named = topics.collect(self._node.topic, event) if self._node.topic else None
        self._context.emit(Emission(order, self._node, self._sequence, anonymous, named))

    def _augmented(self, chunk: Chunk, states: Sequence[EventState]) -> Chunk:
        """The points handed on, with what the script wants of their events. Their groups stay as they are."""
        series = [
            self._context.series.like(each, self._tags(each.tags, state))
            for each, state in zip(chunk.series, states, strict=True)
        ]
        fields = [self._fields(chunk.rows.fields(index), state) for index, state in enumerate(states)]
        return Chunk(ParsedRows(fields, chunk.times()), series, chunk.groups, chunk.order)

    def _augmented_batch(self, batch: Batch, state: EventState) -> Batch:
        rows = self._augmented(batch.rows, [state] * len(batch.rows))
        tags = self._tags(batch.tags, state)
        # Kapacitor: the tags of a batch are its group, so that a level tag makes a group of each level.
        dimensions = Dimensions(tuple(sorted(tags)), batch.group.dimensions.by_name)
        group = self._context.groups.of(batch.name, tags, dimensions)
        return dataclasses.replace(batch, group=group, tags=tags, rows=rows.regrouped([group] * len(rows)))

    def _tags(self, tags: Mapping[str, str], state: EventState) -> Mapping[str, str]:
        node = self._node
        added = {node.level_tag: str(state.level), node.id_tag: state.id}
        return {**tags, **{tag: text for tag, text in added.items() if tag}}

    def _fields(self, fields: Mapping[str, Value], state: EventState) -> Mapping[str, Value]:
        node = self._node
        added: dict[str, Value] = {
            node.level_field: str(state.level),
            node.message_field: state.message,
            node.id_field: state.id,
            node.duration_field: state.duration,
        }
        return {**fields, **{name: given for name, given in added.items() if name}}
