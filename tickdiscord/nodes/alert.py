"""`|alert()`: finds the level of every point, and makes an event where one is due."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from tickdiscord.alert.event import Deferred, Event, EventState, Row
from tickdiscord.alert.level import Level
from tickdiscord.alert.state import AlertState, Policy
from tickdiscord.diagnostics import Diagnostic, Span, warning
from tickdiscord.handlers.handler import Handler
from tickdiscord.handlers.registry import handler_classes
from tickdiscord.nodes.evaluate import Predicate, is_plain
from tickdiscord.nodes.levels import Levels
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.rows import batch_row, point_row
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Emission, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Dimensions, Group, Series, Value
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
from tickdiscord.templates import (
    NO_SERVER,
    DetailsData,
    IdData,
    Kind,
    MessageData,
    Template,
    TemplateData,
    TemplateError,
    compile_template,
)

DEFAULT_ID = "{{ .Name }}:{{ .Group }}"
DEFAULT_MESSAGE = "{{ .ID }} is {{ .Level }}"
DEFAULT_DETAILS = "{{ json . }}"
MOST_IDS = 65_536
"""Rendered ids are remembered up to this number."""


def _shares(given: tuple[float, float]) -> str:
    low, high = given
    return "" if low <= 1 and high <= 1 else "wants two shares of at most 1.0"


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
    history: int = value(INTEGER, 21, "How many levels the flapping looks back at; at least 2.")
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
    def one_by_one(self) -> bool:
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


class AlertStep(Step):
    """A running alert: the state of every group, and the rules by which it becomes events."""

    def __init__(self, node: Alert, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._policy = node.policy()
        self._levels = Levels(
            {level: Predicate(found, LABELS[level], node, context) for level, found in node.conditions().items()},
            {level: Predicate(found, RESET_LABELS[level], node, context) for level, found in node.resets().items()},
            context.on_error,
        )
        self._texts = Texts(node, context)
        self._states: dict[Group, AlertState] = {}
        self._active: set[Group] = set()
        """The groups whose next OK may matter: they are not OK, or flapping is measured over their history."""
        self._anonymous = f"main:{context.task}:{node.name}"
        self._sequence = 0
        self._augments = any(
            (node.level_tag, node.level_field, node.message_field, node.duration_field, node.id_tag, node.id_field)
        )

    def chunk(self, chunk: Chunk) -> None:
        levels = self._levels.of(chunk)
        passed: list[int] = []
        states: list[EventState] = []
        for index in self._rows(chunk, levels.marked):
            group = chunk.groups[index]
            state = self._states.get(group)
            if state is None:
                state = self._begin(group, chunk.series[index].name, chunk.series[index].tags, chunk.time(index))
            level = levels.level(index, state.levels[0])
            if not level and self._is_quiet(state):
                continue
            time = chunk.time(index)
            state.add(time, level, self._policy)
            self._note_active(group, state)
            if not state.triggers(self._policy) or not self._trigger(group, state, time):
                continue
            point = chunk.point(index)
            row = point_row(point.name, point.tags, point.fields, time)
            series = chunk.series[index]
            id = self._texts.id(series, group)
            event = self._event(id, series.name, group, series.tags, point.fields, level, time, state.duration(), row)
            self._send(event, chunk.order[index])
            passed.append(index)
            states.append(event.state)
        if passed and self.outs:
            self.give(self._augmented(chunk.take(passed), states) if self._augments else chunk.take(passed))

    def batch(self, batch: Batch) -> None:
        """Kapacitor: `BufferedBatch`; a recovery goes out even while the alert is flapping."""
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


class Texts:
    """The templates of an alert. One that fails never loses an event: the default stands in, and it is reported."""

    def __init__(self, node: Alert, context: Context) -> None:
        self._node = node
        self._context = context
        self._task = context.task
        self._id = self._compile(node.id, Kind.ID, "id")
        self._message = self._compile(node.message, Kind.MESSAGE, "message")
        self._details = self._compile(node.details, Kind.DETAILS, "details")
        self._defaults = {
            kind: compile_template(text, kind)
            for kind, text in ((Kind.ID, DEFAULT_ID), (Kind.MESSAGE, DEFAULT_MESSAGE), (Kind.DETAILS, DEFAULT_DETAILS))
        }
        self._ids: dict[tuple[Series, Group], str] = {}

    def id(self, series: Series, group: Group) -> str:
        """The id of a series; it depends on nothing else."""
        key = (series, group)
        id = self._ids.get(key)
        if id is None:
            if len(self._ids) >= MOST_IDS:
                self._ids.clear()
            id = self._ids[key] = self.fresh_id(series.name, group, series.tags)
        return id

    def fresh_id(self, name: str, group: Group, tags: Mapping[str, str]) -> str:
        return self._render(self._id, Kind.ID, IdData(name, self._task, shown(group), tags, NO_SERVER))

    def state(
        self,
        id: str,
        level: Level,
        time: int,
        duration: int,
        name: str,
        group: Group,
        tags: Mapping[str, str],
        fields: Mapping[str, Value],
    ) -> EventState:
        """What a topic keeps of an event, with its texts."""
        who = (name, self._task, shown(group), tags, NO_SERVER)
        what = (id, fields, str(level), time, duration)
        message = self._render(self._message, Kind.MESSAGE, MessageData(*who, *what))
        data = DetailsData(*who, *what, message)
        if self._details.text == DEFAULT_DETAILS:
            return EventState(id, level, time, duration, message, Deferred(lambda: self._default(Kind.DETAILS, data)))
        return EventState(id, level, time, duration, message, self._render(self._details, Kind.DETAILS, data))

    def _compile(self, text: str, kind: Kind, name: str) -> Template:
        return compile_template(text, kind, self._node.said.get(name), self._context.source)

    def _render(self, template: Template, kind: Kind, data: TemplateData) -> str:
        try:
            return template.render(data)
        except TemplateError as problem:
            place: Span = self._node.said.get(kind.name.lower(), self._node.span)
            message = f"the {kind.name.lower()} could not be rendered, the default stands in: {problem}"
            self._context.trouble(
                self._node, f".{kind.name.lower()}()", warning("TD141", message, place, source=self._context.source)
            )
            return self._default(kind, data)

    def _default(self, kind: Kind, data: TemplateData) -> str:
        try:
            return self._defaults[kind].render(data)
        except TemplateError:  # longer than any text may be
            return ""


def shown(group: Group) -> str:
    """A group as templates see it (Kapacitor: no grouping is `nil`)."""
    return group.id or "nil"
