"""Topics: what is known of every event id, and who is to hear of the next event.

A topic takes an event, finds the level it knew of that id, remembers the new one, and leaves the pair in `published`
for the runtime to hand to the topic's handlers. Topics exist from their first use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from tickdiscord.alert.event import Event, EventState, Published
from tickdiscord.alert.level import Level


@dataclass(slots=True)
class Topic:
    """The last state of every event id."""

    states: dict[str, EventState] = field(default_factory=dict[str, EventState])
    collected: int = 0

    def update(self, state: EventState) -> EventState | None:
        """Remember a state; returns the one known before."""
        before = self.states.get(state.id)
        self.states[state.id] = state
        return before

    def snapshot(self) -> object:
        """What it knows, of what JSON has; but for the details, which nobody asks a topic for."""
        states = [[it.id, int(it.level), it.time, it.duration, it.message] for it in self.states.values()]
        return [self.collected, states]

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` gave."""
        self.collected, states = cast("tuple[int, list[tuple[str, int, int, int, str]]]", state)
        self.states = {
            id: EventState(id, Level(level), time, duration, message) for id, level, time, duration, message in states
        }


@dataclass(slots=True)
class Topics:
    """All topics of a run, by name."""

    _topics: dict[str, Topic] = field(default_factory=dict[str, Topic])

    def __getitem__(self, name: str) -> Topic:
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topics[name] = Topic()
        return topic

    def collect(self, name: str, event: Event) -> Published:
        """Put an event into a topic."""
        topic = self[name]
        topic.collected += 1
        before = topic.update(event.state)
        return Published(name, event, before.level if before else Level.OK)

    def restore(self, anonymous: str, named: str, id: str) -> EventState | None:
        """What is known of an id when a group of an alert begins; the anonymous topic knows best.

        Either name may be empty. Where the two topics disagree, the other one is told (Kapacitor: `restoreEvent`).
        """
        own = self._known(anonymous, id)
        shared = self._known(named, id)
        if own and shared and own.level != shared.level:
            self[named].update(own)
        elif shared and not own and anonymous and shared.level != Level.OK:
            self[anonymous].update(shared)
        return own or shared

    def all(self) -> Mapping[str, Topic]:
        """Every topic that was used, by name."""
        return self._topics

    def _known(self, name: str, id: str) -> EventState | None:
        topic = self._topics.get(name) if name else None
        return topic.states.get(id) if topic else None
