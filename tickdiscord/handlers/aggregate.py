"""`.aggregate()`: the events of an interval become one event of another topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import msgspec

from tickdiscord.alert.event import Event, EventState, Published, Row
from tickdiscord.alert.instrument import template
from tickdiscord.alert.level import Level
from tickdiscord.clock import Clock
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.gotext import duration_text
from tickdiscord.handlers.handler import NOTHING, Binding, Bound, Handler, Onward, Reaction
from tickdiscord.properties import DURATION, STRING, value
from tickdiscord.templates import NIL_FIELDS, NIL_TAGS, AggregateData, Kind, Template

INTERVAL = "TD524"
TOPIC = "TD525"

DEFAULT_MESSAGE = "Received {{ .Count }} events in the last {{.Interval}}."
LONG_AGO = -62_135_596_800_000_000_000
"""The time of Go's zero value, which is before every event; ns."""


@dataclass(eq=False)
class Aggregate(Handler):
    """Kapacitor: `aggregateHandler`, there in handler files only, and on the clock of the machine."""

    kind: ClassVar[str] = "aggregate"
    doc: ClassVar[str] = "Collects the events of an interval, and hands one event for all of them to another topic."

    id: str = value(STRING, "", "The id of the event; that of the handler if empty.")
    interval: int = value(DURATION, 0, "How long events are collected, such as 24h; counted from the start of the run.")
    topic: str = value(STRING, "", "The topic that gets the event.")
    message: str = value(STRING, DEFAULT_MESSAGE, "Template of its message; knows .Count and .Interval.")

    def topics(self) -> Sequence[str]:
        return (self.topic,)

    def problems(self) -> Sequence[Diagnostic]:
        found: list[Diagnostic] = []
        if self.interval <= 0:
            place = self.said.get("interval", self.span)
            found.append(Diagnostic(INTERVAL, "an aggregate wants an interval longer than 0s", place, "such as 24h"))
        if not self.topic:
            place = self.said.get("topic", self.span)
            found.append(Diagnostic(TOPIC, "an aggregate wants a topic that its event goes to", place))
        return found

    def bind(self, binding: Binding) -> Bound:
        watched = binding.watched("`message`", self.span)
        message = template(self.message, Kind.AGGREGATE, self.said.get("message"), binding.source, watched)
        return BoundAggregate(self.id or binding.name, self.topic, self.interval, message, binding.clock)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an event until the interval is over. Times are nanoseconds."""

    message: str
    level: Level
    time: int
    duration: int
    series: Sequence[Row]


class BoundAggregate:
    """An aggregate with the events of the interval that has begun.

    Intervals follow one another from the start of the run on; what comes at the very end of one belongs to the next.
    """

    def __init__(self, id: str, topic: str, interval: int, message: Template, clock: Clock) -> None:
        self._id = id
        self._topic = topic
        self._interval = interval
        self._message = message
        self._clock = clock
        self._start: int | None = None
        self._due: int | None = None
        self._kept: list[Kept] = []

    def react(self, published: Published) -> Reaction:
        now = self._clock.now()
        full = self._due is not None and self._due <= now and bool(self._kept)
        reaction = self._flushed() if full else NOTHING
        if not self._kept:
            self._due = self._next(now)
        self._kept.append(_kept(published.event))
        return reaction

    def start(self, now: int) -> None:
        if self._start is None:
            self._start = now
            self._due = now + self._interval

    @property
    def due(self) -> int | None:
        return self._due

    def tick(self, now: int) -> Reaction:
        """Intervals without an event make none, so that those until `now` may be left out."""
        reaction = self._flushed() if self._kept else NOTHING
        self._due = self._next(now)
        return reaction

    def end(self, now: int) -> Reaction:
        """The interval that has begun ends with the input; the event's details say so."""
        if not self._kept:
            return NOTHING
        begun = now if self._due is None else self._due - self._interval
        lasted = duration_text(max(0, now - begun))
        return self._flushed(f"(the input ended {lasted} into the interval of {duration_text(self._interval)})")

    def snapshot(self) -> object:
        return [self._start, self._due, [_plain(each) for each in self._kept]]

    def restore(self, state: object) -> None:
        self._start, self._due, kept = cast("tuple[int | None, int | None, list[Any]]", state)
        self._kept = [msgspec.convert(each, Kept) for each in kept]

    def _next(self, now: int) -> int | None:
        """The end of the interval that a time lies in."""
        if self._start is None:
            return None
        return self._start + ((now - self._start) // self._interval + 1) * self._interval

    def _flushed(self, remark: str = "") -> Reaction:
        """Kapacitor: `aggregateHandler.run`."""
        kept, self._kept = self._kept, []
        state = EventState(
            id=self._id,
            level=max(each.level for each in kept),
            time=max(LONG_AGO, *(each.time for each in kept)),
            duration=max(0, *(each.duration for each in kept)),
            message=self._message.render(AggregateData(len(kept), self._interval)),
            details="\n".join([*(each.message for each in kept), *([remark] if remark else [])]),
        )
        series = [row for each in kept for row in each.series]
        event = Event(state, "", "", "", NIL_TAGS, NIL_FIELDS, series or None, recoverable=False)
        return Reaction(onward=(Onward(self._topic, event),))


def _kept(event: Event) -> Kept:
    state = event.state
    return Kept(state.message, state.level, state.time, state.duration, event.series or ())


def _plain(kept: Kept) -> Mapping[str, object]:
    return cast("Mapping[str, object]", msgspec.to_builtins(kept))
