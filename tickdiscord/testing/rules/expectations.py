"""What a test may expect; every kind is a small class, and `comparing` says how each is held against what came out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import NOWHERE, Span
from tickdiscord.testing.rules.document import Plain
from tickdiscord.testing.rules.moments import Moment, Window
from tickdiscord.testing.rules.patterns import EventPattern, PointPattern, TextPattern

Path = tuple[str | int, ...]
"""Where something stands in a document: the keys and indexes that lead to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What all expectations have."""

    span: Span = NOWHERE
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which events are meant: of all, of a group, or on a topic."""

    group: str | None = None
    topic: str | None = None

    def __str__(self) -> str:
        if self.topic is not None:
            return f"topic {self.topic}"
        return "all events" if self.group is None else self.group or "the group of all points"


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Timeline(Expectation):
    """These events in this order, and no others. `unknown` asks for what came out, to be written down."""

    events: Sequence[EventPattern]
    scope: Scope = EVERYTHING
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Within(Expectation):
    """At least one such event."""

    event: EventPattern


@dataclass(frozen=True, slots=True)
class Silent(Expectation):
    """No event, at all or of a group, in a window, or on a topic."""

    scope: Scope = EVERYTHING
    when: Window | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """How many: a number, or from one to another; None means no bound."""

    least: int
    most: int | None

    def holds(self, number: int) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        if self.least == self.most:
            return str(self.least)
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Counts(Expectation):
    """How many events each level has; levels that are not named do not matter. None counts all levels together."""

    counts: Mapping[Level | None, Amount]
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class LevelAt(Expectation):
    """The level of an alert's group at a time, whether an event said so or not; None is the end of the test."""

    when: Moment | None
    level: Level
    group: str | None = None


@dataclass(frozen=True, slots=True)
class MarginAtLeast(Expectation):
    """No condition of a level comes nearer than a part to being decided otherwise; None is any level, group and time.

    Without a level all conditions are meant that the alert asked, resets among them.
    """

    least: float
    level: Level | None = None
    group: str | None = None
    when: Window | None = None


@dataclass(frozen=True, slots=True)
class RequestPattern:
    """What is expected of a request: parts of a Discord message, or what its body holds."""

    kind: str
    when: Window | None = None
    target: TextPattern | None = None
    texts: Mapping[str, TextPattern] = field(default_factory=dict[str, TextPattern])
    """`title`, `description`, `timestamp`, `username`, `avatar_url` of a Discord message."""
    colour: int | Level | None = None
    body: Plain = None
    """Must be the whole of the body."""
    has: Plain = None
    """Must be in the body: of every mapping the keys that are said."""
    times: int = 1
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Requests(Expectation):
    """Everything that would go to handlers of a kind, in order; `amount` says only how often."""

    kind: str
    requests: Sequence[RequestPattern] = ()
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class NodeOutput(Expectation):
    """What a node hands on, in order; `amount` says only how many points or batches."""

    node: str
    points: Sequence[PointPattern] = ()
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class HttpOutput(Expectation):
    """What an `|httpOut()` holds at the end: a row for each group, in any order."""

    name: str
    rows: Sequence[PointPattern]


@dataclass(frozen=True, slots=True)
class Troubles(Expectation):
    """What goes wrong with single points, by the codes of the messages; empty for nothing."""

    codes: Sequence[str]
