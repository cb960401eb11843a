"""The `[[httppost]]` endpoints of the configuration, which post handlers name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from tickdiscord.alert.event import Published
from tickdiscord.gotext import parse_rfc3339
from tickdiscord.templates import AlertData, Kind, Row, Template, TemplateError, compile_template


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One section. `url` and `alert_template` are templates over an event, `row_template` one over a series."""

    name: str
    url: Template
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
        else [Row(each.name, each.tags, each.columns, each.values) for each in event.series],
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


def _row(plain: Mapping[str, Any]) -> Row:
    values = [[parse_rfc3339(time), *rest] for time, *rest in plain.get("values", ())]
    return Row(plain.get("name", ""), plain.get("tags", {}), plain.get("columns", ()), values)


def urls(template: Template) -> Callable[[str], str]:
    """What makes the URL for an event that is told as JSON; it raises ValueError where the template fails."""
    if template.constant:
        return lambda _: template.text

    def url(line: str) -> str:
        try:
            return template.render(told(line))
        except TemplateError as problem:
            raise ValueError(str(problem)) from None

    return url


def is_url(text: str) -> bool:
    """Whether a text is a URL that can be posted to."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def url_template(text: str, *where: Any) -> Template:
    """A URL as a template.

    Raises:
        DiagnosticError: it is none.
    """
    return compile_template(text, Kind.ALERT, *where)
