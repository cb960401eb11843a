"""Events as plain data, and back, so that they can be kept."""

from collections.abc import Mapping
from typing import Any

from tickdiscord.alert.event import Event, EventState, Published, Row
from tickdiscord.alert.level import Level


def plain_event(published: Published) -> Mapping[str, object]:
    """An event on a topic, of what JSON has; which topic is up to the caller."""
    event, state = published.event, published.event.state
    return {
        "state": [state.id, int(state.level), state.time, state.duration, state.message, str(state.details)],
        "about": [event.name, event.task, event.group, event.category, event.recoverable],
        "tags": dict(event.tags),
        "fields": dict(event.fields),
        "series": None
        if event.series is None
        else [[each.name, dict(each.tags), list(each.columns), list(map(list, each.values))] for each in event.series],
        "previous": int(published.previous),
    }


def event_of(topic: str, plain: Mapping[str, Any]) -> Published:
    """The reverse."""
    id, level, *rest = plain["state"]
    name, task, group, category, recoverable = plain["about"]
    series = None if plain["series"] is None else [Row(*each) for each in plain["series"]]
    state = EventState(id, Level(level), *rest)
    event = Event(state, name, task, group, plain["tags"], plain["fields"], series, category, recoverable)
    return Published(topic, event, Level(plain["previous"]))
