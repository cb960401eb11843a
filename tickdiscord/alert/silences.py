"""Silences: for a time, what handlers would send about some events is held back, while topics go on as ever.

When no silence holds an event any more, its last state goes to the handlers once, if that is not OK.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from tickdiscord.alert.event import Event, Published
from tickdiscord.alert.level import Level
from tickdiscord.alert.plain import event_of, plain_event

ALWAYS = -(1 << 63)
"""Since when a silence holds that does not say so; ns."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Which events are held back, from `since` until just before `until`, in nanoseconds.

    `id` is the event's, `tags` are some of its tags with their values; `*` stands for any text. One that says neither
    holds every event.
    """

    id: str = "*"
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    since: int = ALWAYS
    until: int = 0
    comment: str = ""

    def holds(self, published: Published) -> bool:
        """Whether it is about this event, whatever the time."""
        tags = published.event.tags
        return _like(self.id, published.event.state.id) and all(
            name in tags and _like(wanted, tags[name]) for name, wanted in self.tags.items()
        )

    def same(self, other: "Silence") -> bool:
        """Whether both are about the very same events."""
        return self.id == other.id and self.tags == other.tags

    def meets(self, other: "Silence") -> bool:
        """Whether there is a moment at which both are in force."""
        return self.since < other.until and other.since < self.until


@dataclass(slots=True)
class Held:
    """The last event of an id that a topic's handlers were not told of, and the level that they know."""

    known: Level
    published: Published


class Silences:
    """The silences of a run on its clock, and what they hold back, by topic and event id. Times are nanoseconds."""

    def __init__(self, silences: Sequence[Silence]) -> None:
        self._silences = silences
        self._now: int | None = None
        self._held: dict[tuple[str, str], Held] = {}
        self._overdue = False
        self._latest: Event | None = None
        self.count = 0
        """How many events were held back."""

    def start(self, now: int) -> None:
        """The run begins, or goes on after a time in which nothing ran: silences may have ended in it."""
        self._now = now
        self._overdue = any(not self._silenced(held.published) for held in self._held.values())

    @property
    def due(self) -> int | None:
        """When the next silence begins or ends."""
        now = self._now
        if now is None or self._overdue:
            return now
        turns = (turn for each in self._silences for turn in (each.since, each.until))
        return min((turn for turn in turns if turn > now), default=None)

    def pass_on(self, published: Published) -> Published | None:
        """What handlers may be told of an event: the event, with the level that they know; None if it is held back."""
        key = published.topic, published.event.state.id
        held = self._held.pop(key, None)
        known = published.previous if held is None else held.known
        if not self._silenced(published):
            return published if held is None else Published(published.topic, published.event, known)
        self._held[key] = Held(known, published)
        if published.event is not self._latest:
            self.count += 1
            self._latest = published.event
        return None

    def tick(self) -> Sequence[Published]:
        """The clock has come to `due`: the events that are not held back any more, and are not OK."""
        self._now = self.due
        self._overdue = False
        free = [key for key, held in self._held.items() if not self._silenced(held.published)]
        ended = [self._held.pop(key) for key in free]
        return [
            Published(each.published.topic, each.published.event, each.known)
            for each in ended
            if each.published.event.state.level != Level.OK
        ]

    def snapshot(self) -> object:
        """The clock, the count, and what is held back, of what JSON has."""
        held = [[topic, int(each.known), plain_event(each.published)] for (topic, _), each in self._held.items()]
        return [self._now, self.count, held]

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` gave; the silences themselves may be others by now."""
        self._now, self.count, held = cast("tuple[int | None, int, list[tuple[str, int, Any]]]", state)
        for topic, known, plain in held:
            published = event_of(topic, plain)
            self._held[topic, published.event.state.id] = Held(Level(known), published)

    def _silenced(self, published: Published) -> bool:
        now = self._now
        return now is not None and any(
            each.since <= now < each.until and each.holds(published) for each in self._silences
        )


def _like(pattern: str, text: str) -> bool:
    if "*" not in pattern:
        return pattern == text
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.S) is not None
