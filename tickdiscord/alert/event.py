"""An alert event: what an alert node says happened, and what topics remember of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tickdiscord.alert.level import Level
from tickdiscord.points.model import Value


@dataclass(frozen=True, slots=True)
class Row:
    """A series in an event's data: a name, tags, columns (the first is `time`) and rows of values; times are in ns."""

    name: str
    tags: Mapping[str, str]
    columns: Sequence[str]
    values: Sequence[Sequence[Value | None]]


@dataclass(frozen=True, slots=True)
class EventState:
    """What a topic keeps of the last event with an id. `time` and `duration` are in nanoseconds."""

    id: str
    level: Level
    time: int
    duration: int = 0
    message: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One alert event, as handlers and templates see it.

    `group` is the group's id, empty where there is no grouping. `recoverable` is false for an alert with
    `.noRecoveries()`. `series` is the data that goes into the JSON form, None for an aggregate without data.
    """

    state: EventState
    name: str
    task: str
    group: str
    tags: Mapping[str, str]
    fields: Mapping[str, Value]
    series: Sequence[Row] | None = ()
    category: str = ""
    recoverable: bool = True


@dataclass(frozen=True, slots=True)
class Published:
    """An event on a topic, with the level that this topic knew of the event's id before."""

    topic: str
    event: Event
    previous: Level
