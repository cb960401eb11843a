"""An event as JSON, in the very form of Kapacitor's log handler: its keys, their order, Go's escapes."""

import math
from collections.abc import Mapping, Sequence

from tickdiscord.alert.event import Event, Published, Row
from tickdiscord.gotext import json_float, json_string, rfc3339
from tickdiscord.points.model import Value


def event_json(published: Published) -> str:
    """One line, without its line break.

    Kapacitor cannot encode an event with a NaN or an infinite field; here they become null.
    """
    event = published.event
    state = event.state
    return (
        f'{{"id":{json_string(state.id)},"message":{json_string(state.message)},"details":{json_string(str(state.details))},'
        f'"time":"{rfc3339(state.time)}","duration":{state.duration},"level":"{state.level}",'
        f'"data":{data_json(event.series)},"previousLevel":"{published.previous}",'
        f'"recoverable":{"true" if event.recoverable else "false"}}}'
    )


def data_json(series: Sequence[Row] | None) -> str:
    """`{"series": […]}`; null for an event without data."""
    if series is None:
        return '{"series":null}'
    return f'{{"series":[{",".join(map(_row, series))}]}}'


def cell(value: Value | None) -> str:
    """A field's value."""
    if isinstance(value, str):
        return json_string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return json_float(value) if math.isfinite(value) else "null"
    return "null" if value is None else str(int(value))


def whole(event: Event) -> bool:
    """Whether every value of an event can be said in JSON: none is NaN or infinite."""
    return all(
        math.isfinite(value)
        for row in event.series or ()
        for values in row.values
        for value in values
        if isinstance(value, float)
    )


def _row(row: Row) -> str:
    parts: list[str] = []
    if row.name:
        parts.append(f'"name":{json_string(row.name)}')
    if row.tags:
        parts.append(f'"tags":{_tags(row.tags)}')
    if row.columns:
        parts.append(f'"columns":[{",".join(map(json_string, row.columns))}]')
    if row.values:
        parts.append(f'"values":[{",".join(map(_cells, row.values))}]')
    return f"{{{','.join(parts)}}}"


def _cells(values: Sequence[Value | None]) -> str:
    first, *rest = values
    time = rfc3339(first) if isinstance(first, int) else ""
    return f'["{time}"{"".join(f",{cell(value)}" for value in rest)}]'


def _tags(tags: Mapping[str, str]) -> str:
    return f"{{{','.join(f'{json_string(key)}:{json_string(tags[key])}' for key in sorted(tags))}}}"
