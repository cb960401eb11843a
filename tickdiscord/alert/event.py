"""An alert event: what an alert node says happened, and what topics remember of it."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from tickdiscord.alert.level import Level
from tickdiscord.points.model import Value


class Row(msgspec.Struct, frozen=True):
    """A series in an event's data: a name, tags, columns (the first is `time`) and rows of values; times are in ns."""

    name: str
    tags: Mapping[str, str]
    columns: Sequence[str]
    values: Sequence[Sequence[Value | None]]


class Deferred:
    """A text that is made when it is first read, by `str()`: most details are never read."""

    __slots__ = ("_make", "_text")

    def __init__(self, make: Callable[[], str]) -> None:
        self._make: Callable[[], str] | None = make
        self._text = ""

    def __str__(self) -> str:
        if self._make is not None:
            self._text = self._make()
            self._make = None
        return self._text

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    __hash__ = None  # pyright: ignore[reportAssignmentType]


class EventState(msgspec.Struct, frozen=True):
    """What a topic keeps of the last event with an id. `time` and `duration` are in nanoseconds."""

    id: str
    level: Level
    time: int
    duration: int = 0
    message: str = ""
    details: str | Deferred = ""


class Event(msgspec.Struct, frozen=True):
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


class Published(msgspec.Struct, frozen=True):
    """An event on a topic, with the level that this topic knew of the event's id before."""

    topic: str
    event: Event
    previous: Level
