"""Event files: alert events as Kapacitor's log handler writes them, to try templates on."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar, cast

from tickdiscord.alert.level import Level
from tickdiscord.config.files import read_text
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, Span, did_you_mean, error
from tickdiscord.gotext import parse_duration, parse_rfc3339
from tickdiscord.points.model import Value
from tickdiscord.templates import (
    NIL_FIELDS,
    NIL_TAGS,
    NO_SERVER,
    AggregateData,
    AlertData,
    DetailsData,
    IdData,
    Kind,
    MappedRow,
    MessageData,
    Row,
    TemplateData,
    TitleData,
)

SYNTAX = "TD440"
WRONG = "TD441"

T = TypeVar("T")
SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """An event, with all that any template sees of it. Times and durations are in nanoseconds.

    `group` is empty where there is no grouping; `count` and `interval` are those of an aggregate.
    """

    id: str
    message: str
    details: str
    level: str
    time: int
    duration: int
    name: str
    task: str
    group: str
    tags: Mapping[str, str]
    fields: Mapping[str, Value]
    count: int = 3
    interval: int = 60 * SECOND

    def data(self, kind: Kind) -> TemplateData:
        """What a template of this kind sees."""
        who = (self.name, self.task, self.group or "nil", self.tags, NO_SERVER)
        what = (self.id, self.fields, self.level, self.time, self.duration)
        match kind:
            case Kind.ID:
                return IdData(*who)
            case Kind.MESSAGE:
                return MessageData(*who, *what)
            case Kind.DETAILS:
                return DetailsData(*who, *what, self.message)
            case Kind.AGGREGATE:
                return AggregateData(self.count, self.interval)
            case Kind.TITLE:
                return TitleData(
                    ID=self.id,
                    Message=self.message,
                    Level=self.level,
                    Time=self.time,
                    Duration=self.duration,
                    Details=self.details,
                    Name=self.name,
                    TaskName=self.task,
                    Group=self.group,
                    Tags=self.tags,
                    Fields=self.fields,
                )
            case Kind.ROW:
                return MappedRow(self.name, self.tags, [{"time": self.time, **self.fields}])
            case Kind.ALERT:
                return AlertData(
                    ID=self.id,
                    Message=self.message,
                    Details=self.details,
                    Time=self.time,
                    Duration=self.duration,
                    Level=self.level,
                    Data=[self._row],
                    PreviousLevel=str(Level.OK),
                    Recoverable=True,
                )

    @property
    def _row(self) -> Row:
        return Row(self.name, self.tags, ["time", *self.fields], [[self.time, *self.fields.values()]])


EXAMPLE_EVENT = SampleEvent(
    id="cpu:host=web-1",
    message="cpu:host=web-1 is CRITICAL",
    details="",
    level="CRITICAL",
    time=1_709_251_198_000_000_000,
    duration=90 * SECOND,
    name="cpu",
    task="cpu_alert",
    group="host=web-1",
    tags={"cpu": "cpu-total", "host": "web-1"},
    fields={"n_cpus": 8, "usage_idle": 2.9, "usage_user": 95.25},
)
"""The event that templates are tried on where none is given."""


def read_events(path: Path) -> list[SampleEvent]:
    """The events in a file: one or several JSON objects, as in the file of Kapacitor's log handler.

    What an event does not say is that of the example. The log says no group: it is taken from an id of the form
    `name:group`, which is the default, else from all tags.

    Raises:
        DiagnosticError: the file cannot be read, or something in it is no event.
    """
    source = Source(str(path), read_text(path))
    return [_event(values, Source(f"{path}:{line}", "")) for line, values in _objects(source)]


def _objects(source: Source) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Every object of a file, with the line that it begins in."""
    decoder, text = json.JSONDecoder(parse_constant=_no_constant), source.text
    at = len(text) - len(text.lstrip())
    if not text[at:]:
        raise error(SYNTAX, "the file is empty, an event is wanted", source=source)
    while at < len(text):
        try:
            found, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as problem:
            place = Span(problem.pos, problem.pos + 1)
            raise error(SYNTAX, f"not JSON: {problem.msg[:1].lower()}{problem.msg[1:]}", place, source=source) from None
        except RecursionError:
            raise error(SYNTAX, "not an event: nested too deeply", source=source) from None
        except ValueError as problem:
            raise error(SYNTAX, f"not JSON: {problem}", source=source) from None
        if not isinstance(found, dict):
            raise error(SYNTAX, "an event is an object: {…}", Span(at, at + 1), source=source)
        yield text.count("\n", 0, at) + 1, cast("dict[str, object]", found)
        at = end + len(text[end:]) - len(text[end:].lstrip())


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _event(values: Mapping[str, object], source: Source) -> SampleEvent:
    """An event out of its object.

    Raises:
        DiagnosticError: with everything in it that is not as it should be.
    """
    reading = _Reading(values, [])
    example = EXAMPLE_EVENT
    series = reading.series()
    name, tags, fields = (example.name, example.tags, example.fields) if series is None else series
    id = reading.value("id", _text, example.id if series is None else name)
    event = replace(
        example,
        id=id,
        message=reading.value("message", _text, example.message),
        details=reading.value("details", _text, example.details),
        level=reading.value("level", _level, example.level),
        time=reading.value("time", _time, example.time),
        duration=reading.value("duration", _duration, example.duration),
        name=name,
        task=reading.value("task", _text, example.task),
        group=reading.value("group", _text, _group(id, name, tags)),
        tags=tags,
        fields=fields,
        count=reading.value("count", _integer, example.count),
        interval=reading.value("interval", _duration, example.interval),
    )
    if reading.problems:
        raise DiagnosticError(*reading.problems).within(source)
    return event


def _group(id: str, name: str, tags: Mapping[str, str]) -> str:
    every = [f"{key}={tags[key]}" for key in sorted(tags)]
    before, colon, group = id.partition(":")
    if colon and before == name:
        if group == "nil":
            return ""
        if all(pair in every for pair in group.split(",")):
            return group
    return ",".join(every)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The keys of an event, and what is wrong with them."""

    values: Mapping[str, object]
    problems: list[Diagnostic]

    def value(self, key: str, read: Callable[[object], T], default: T) -> T:
        """The value of a key; a reader says by a ValueError what is wrong."""
        given = self.values.get(key)
        if given is None:
            return default
        try:
            return read(given)
        except ValueError as problem:
            self.problems.append(Diagnostic(WRONG, f"`{key}` {problem}"))
            return default

    def series(self) -> tuple[str, Mapping[str, str], Mapping[str, Value]] | None:
        """Name, tags and fields out of the first row of the data; None if the event says nothing of its data."""
        if "data" not in self.values:
            return None
        return self.value("data", _first_row, ("", NIL_TAGS, NIL_FIELDS))


def _first_row(data: object) -> tuple[str, Mapping[str, str], Mapping[str, Value]]:
    listed = _mapping(data).get("series")
    if listed is None:
        return "", NIL_TAGS, NIL_FIELDS
    first = _mapping(_first(listed, 'is {"series": […]}'))
    tags = {key: _text(value) for key, value in sorted(_mapping(first.get("tags", {})).items())}
    columns = [_text(each) for each in _list(first.get("columns", []))]
    rows = _list(first.get("values", []))
    row = _list(rows[0]) if rows else []
    if rows and len(row) != len(columns):
        raise ValueError(f"has {len(columns)} columns and {len(row)} values in a row")
    fields = {
        key: _value(value) for key, value in zip(columns, row, strict=False) if key != "time" and value is not None
    }
    return _text(first.get("name", "")), tags, dict(sorted(fields.items()))


def _first(listed: object, form: str) -> object:
    found = _list(listed)
    if not found:
        raise ValueError(form)
    return found[0]


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError("wants an object: {…}")
    return cast("dict[str, object]", value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("wants a list: […]")
    return cast("list[object]", value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"wants a text, got {json.dumps(value)[:40]}")
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"wants a whole number, got {json.dumps(value)[:40]}")
    return value


def _value(value: object) -> Value:
    if not isinstance(value, bool | int | float | str):
        raise ValueError("has a value that is no number, text or bool")
    return value


def _level(value: object) -> str:
    known = [str(level) for level in Level]
    if value not in known:
        raise ValueError(f"is one of {', '.join(known)}; {did_you_mean(_text(value), known)}".rstrip("; "))
    return _text(value)


def _time(value: object) -> int:
    try:
        return parse_rfc3339(_text(value))
    except ValueError:
        raise ValueError("is a time such as 2024-02-29T23:59:58Z") from None


def _duration(value: object) -> int:
    """Nanoseconds, or a text such as `1m30s`."""
    try:
        return parse_duration(value) if isinstance(value, str) else _integer(value)
    except ValueError:
        raise ValueError("is a duration: nanoseconds, or a text such as 1m30s") from None
