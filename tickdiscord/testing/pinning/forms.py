"""The ways to write the points of a test and what is expected of them: the most readable that says it all."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import groupby, pairwise

from tickdiscord.gotext import format_float, rfc3339
from tickdiscord.points.line_protocol import field_set, head
from tickdiscord.points.model import Series, Value
from tickdiscord.testing.pinning.keeping import Kept
from tickdiscord.testing.pinning.yaml_text import Block, Entries, Raw
from tickdiscord.testing.rules.feed import Fed
from tickdiscord.testing.rules.moments import offset_text
from tickdiscord.testing.rules.patterns import EventPattern
from tickdiscord.testing.rules.reading import DEFAULT_INTERVAL
from tickdiscord.testing.rules.run import Observed
from tickdiscord.testing.rules.showing import event_line

MOST_SLOTS = 60
"""A series of more values, with those that are left out, is no pleasure to read."""


def points_as_series(kept: Kept) -> Entries | None:
    """`points` as series, with the `interval` between their values; None if the times are too irregular for that."""
    times = [fed.time for fed in kept.points]
    interval = math.gcd(*(time - times[0] for time in times)) or DEFAULT_INTERVAL
    length = (max(times) - times[0]) // interval + 1
    if length > MOST_SLOTS or any(later < earlier for earlier, later in pairwise(times)):
        return None
    listed = _listed(kept.points)
    if listed is None:
        return None
    rows: dict[Series, list[Mapping[str, Value] | None]] = {series: [] for series in listed}
    for fed in kept.points:
        row = rows[fed.series]
        place = (fed.time - times[0]) // interval
        if place < len(row):
            return None
        row += [None] * (place - len(row)) + [fed.fields]
    texts = {series: _columns(row) for series, row in rows.items()}
    written = [_series(head(series.name, series.tags), columns) for series, columns in texts.items()]
    if len({name for each in written for name in each}) < len(written):
        return None
    said: Entries = {} if interval == DEFAULT_INTERVAL else {"interval": offset_text(interval, 0)}
    late: Entries = {} if times[0] == kept.start else {"start": offset_text(times[0], kept.start)}
    return {**said, "points": {**late, **{name: value for each in written for name, value in each.items()}}}


def _listed(points: Sequence[Fed]) -> Sequence[Series] | None:
    """The series in an order that gives the points of one time theirs; None if no order does."""
    order: TopologicalSorter[Series] = TopologicalSorter({fed.series: () for fed in points})
    for one, next_ in pairwise(points):
        if one.time == next_.time:
            order.add(next_.series, one.series)
    try:
        return list(order.static_order())
    except CycleError:
        return None


def _columns(rows: Sequence[Mapping[str, Value] | None]) -> dict[str, str]:
    names = sorted({name for row in rows if row for name in row})
    return {name: _values([row.get(name) if row else None for row in rows]) for name in names}


def _series(name: str, columns: Mapping[str, str]) -> Entries:
    if len(columns) > 1:
        return {name: {field: Raw(text) for field, text in columns.items()}}
    ((field, text),) = columns.items()
    return {f"{name} {_escaped(field)}": Raw(text)}


def _escaped(field: str) -> str:
    """A field's name as line protocol has it."""
    return field_set({field: True}).removesuffix("=true")


def _values(values: Sequence[Value | None]) -> str:
    """`50 40x3 _ 3i`."""
    runs = ((text, len(list(same))) for text, same in groupby(map(_value, values)))
    return " ".join(text if count == 1 else f"{text}x{count}" for text, count in runs)


def _value(value: Value | None) -> str:
    match value:
        case None:
            return "_"
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case float():
            return format_float(value)
        case int():
            return f"{int(value)}i"


def points_as_lines(kept: Kept) -> Entries:
    """`points` as line protocol, with the times that they had."""
    times = [fed.time for fed in kept.points]
    unit, precision = next((unit, name) for unit, name in _UNITS if not any(time % unit for time in times))
    said: Entries = {} if precision == "ns" else {"precision": precision}
    if any(later < earlier for earlier, later in pairwise(times)):
        said["order"] = "written"
    return {**said, "points": Block("\n".join(_line(fed, unit) for fed in kept.points) + "\n")}


_UNITS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"), (1, "ns"))


def _line(fed: Fed, unit: int) -> str:
    return f"{head(fed.series.name, fed.series.tags)} {field_set(fed.fields)} {fed.time // unit}"


def start(kept: Kept, *, said: bool) -> Entries:
    """`start`, if it has to be said."""
    return {"start": Raw(rfc3339(kept.start))} if said else {}


def until(kept: Kept) -> Entries:
    """`until`, if the clock is to run on."""
    return {} if kept.until is None else {"until": offset_text(kept.until, kept.start)}


def timeline_as_lines(observed: Observed) -> object:
    """What `expect` says of all events: a line for each."""
    like = [EventPattern(previous=each.previous) for each in observed.events]
    begin = observed.start
    lines = (
        f"{offset_text(each.event.state.time, begin)} {event_line(each, pattern)}\n"
        for each, pattern in zip(observed.events, like, strict=True)
    )
    return Block("".join(lines))


def timeline_as_mappings(observed: Observed) -> object:
    """The same for texts that no line can hold: a mapping for each."""
    return [
        {
            "at": offset_text(each.event.state.time, observed.start),
            "group": each.event.group,
            "level": str(each.event.state.level),
            "message": each.event.state.message,
            "previous": str(each.previous),
        }
        for each in observed.events
    ]


Points = Callable[[Kept], Entries | None]
Expected = Callable[[Observed], object]


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a test: its points, whether in virtual time from zero on, and what is expected."""

    points: Points
    virtual: bool
    said: bool
    """Whether `start` is said."""
    expected: Expected = timeline_as_lines


def forms() -> Iterator[Form]:
    """The ways to write a test, the most readable first."""
    for expected in (timeline_as_lines, timeline_as_mappings):
        yield Form(points_as_series, virtual=True, said=False, expected=expected)
        yield Form(points_as_series, virtual=False, said=True, expected=expected)
        yield Form(points_as_lines, virtual=False, said=False, expected=expected)
        yield Form(points_as_lines, virtual=False, said=True, expected=expected)
