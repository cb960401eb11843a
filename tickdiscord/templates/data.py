"""What each kind of template sees, as Kapacitor names it. Times and durations are in nanoseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tickdiscord.points.model import Value

NIL_TAGS: Mapping[str, str] = MappingProxyType({})
NIL_FIELDS: Mapping[str, Value] = MappingProxyType({})
"""Go's nil maps, which the event of an aggregate has: they print like empty ones."""


@dataclass(slots=True)
class ServerInfo:
    Hostname: str = ""
    ClusterID: str = ""
    ServerID: str = ""


NO_SERVER = ServerInfo()


@dataclass(slots=True)
class IdData:
    """Seen by `.id()`; `Group` is `nil` where there is no grouping."""

    Name: str
    TaskName: str
    Group: str
    Tags: Mapping[str, str]
    ServerInfo: ServerInfo


@dataclass(slots=True)
class MessageData:
    """Seen by `.message()`."""

    Name: str
    TaskName: str
    Group: str
    Tags: Mapping[str, str]
    ServerInfo: ServerInfo
    ID: str
    Fields: Mapping[str, Value]
    Level: str
    Time: int
    Duration: int


@dataclass(slots=True)
class DetailsData:
    """Seen by `.details()`."""

    Name: str
    TaskName: str
    Group: str
    Tags: Mapping[str, str]
    ServerInfo: ServerInfo
    ID: str
    Fields: Mapping[str, Value]
    Level: str
    Time: int
    Duration: int
    Message: str


@dataclass(slots=True)
class TitleData:
    """Seen by the templates of handlers, such as `.embedTitle()`; `Group` is empty where there is no grouping."""

    ID: str
    Message: str
    Level: str
    Time: int
    Duration: int
    Details: object
    """`str()` gives the text, which may be made only then."""
    Name: str
    TaskName: str
    Group: str
    Tags: Mapping[str, str]
    Fields: Mapping[str, Value]


@dataclass(slots=True)
class AggregateData:
    """Seen by the message of an aggregate handler."""

    Count: int
    Interval: int


@dataclass(slots=True)
class Row:
    """A series within `.Data`; the first value of each row is a time."""

    Name: str
    Tags: Mapping[str, str]
    Columns: Sequence[str]
    Values: Sequence[Sequence[Value | None]]


@dataclass(slots=True)
class Result:
    """`.Data` of an event; no `Series` at all for an aggregate without data."""

    Series: Sequence[Row] | None


@dataclass(slots=True)
class AlertData:
    """Seen by the templates of an `[[httppost]]` endpoint."""

    ID: str
    Message: str
    Details: object
    """`str()` gives the text, which may be made only then."""
    Time: int
    Duration: int
    Level: str
    Data: Sequence[Row] | None
    PreviousLevel: str
    Recoverable: bool


@dataclass(slots=True)
class MappedRow:
    """Seen by the row template of an `[[httppost]]` endpoint: a series whose rows are maps; `time` is a time."""

    Name: str
    Tags: Mapping[str, str]
    Values: Sequence[Mapping[str, Value | None]]


TemplateData = IdData | MessageData | DetailsData | TitleData | AggregateData | AlertData | MappedRow
