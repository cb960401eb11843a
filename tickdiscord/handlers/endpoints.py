"""Where events and points are posted to: `[[httppost]]` endpoints of the configuration, and URLs of rules."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from tickdiscord.alert.event import Published, Row
from tickdiscord.gotext import parse_rfc3339
from tickdiscord.templates import AlertData, Kind, MappedRow, Template, TemplateError
from tickdiscord.templates import Row as Series


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One section. `url` is a template over an event or a series, whichever is posted; `alert_template` is one over an
    event, `row_template` one over a series."""

    name: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    alert_template: Template | None = None
    row_template: Template | None = None


def alert_data(published: Published) -> AlertData:
    """What the templates of an endpoint see of an event (Kapacitor: `alert.Data`)."""
    event, state = published.event, published.event.state
    return AlertData(
        ID=state.id,
        Message=state.message,
        Details=state.details,
        Time=state.time,
        Duration=state.duration,
        Level=str(state.level),
        Data=None
        if event.series is None
        else [Series(each.name, each.tags, each.columns, each.values) for each in event.series],
        PreviousLevel=str(published.previous),
        Recoverable=event.recoverable,
    )


def told(line: str) -> AlertData:
    """The same of an event that was written as JSON."""
    found = cast("dict[str, Any]", json.loads(line))
    series = cast("list[dict[str, Any]] | None", found["data"]["series"])
    return AlertData(
        ID=found["id"],
        Message=found["message"],
        Details=found["details"],
        Time=parse_rfc3339(found["time"]),
        Duration=found["duration"],
        Level=found["level"],
        Data=None if series is None else [_row(each) for each in series],
        PreviousLevel=found["previousLevel"],
        Recoverable=found["recoverable"],
    )


def _row(plain: Mapping[str, Any]) -> Series:
    values = [[parse_rfc3339(time), *rest] for time, *rest in plain.get("values", ())]
    return Series(plain.get("name", ""), plain.get("tags", {}), plain.get("columns", ()), values)


def urls(template: Template) -> Callable[[str], str]:
    """What makes the URL for an event or a series, told as JSON; it raises ValueError where the template fails."""
    if template.constant:
        return lambda _: template.text
    data = mapped if template.kind is Kind.ROW else told

    def url(line: str) -> str:
        try:
            return template.render(data(line))
        except TemplateError as problem:
            raise ValueError(str(problem)) from None

    return url


def row_data(row: Row) -> MappedRow:
    """What the templates of an endpoint see of a series (Kapacitor: `newMappedRow`)."""
    return MappedRow(row.name, row.tags, [dict(zip(row.columns, values, strict=True)) for values in row.values])


def mapped(line: str) -> MappedRow:
    """The same of the only series of a result that was written as JSON."""
    (series,) = cast("list[dict[str, Any]]", json.loads(line)["series"])
    row = _row(series)
    return row_data(Row(row.Name, row.Tags, row.Columns, row.Values))


def is_url(text: str) -> bool:
    """Whether a text is a URL that can be posted to."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def without_secrets(url: str) -> str:
    """The scheme and the server of a URL: the rest may be secret."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    except ValueError:
        return "a URL"
