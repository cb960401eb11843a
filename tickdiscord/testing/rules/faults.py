"""Fault shapes: the points of a test as a bad day would deliver them, and whether the outcome is still the same."""

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tickdiscord.alert.event import Published
from tickdiscord.points.model import Series, Value
from tickdiscord.testing.rules.feed import Fed, FedSource, Feed
from tickdiscord.testing.rules.moments import Moment, offset_text
from tickdiscord.testing.rules.run import Observed
from tickdiscord.testing.rules.suite import Fault

MOST_VARIANTS = 16
"""A fault that may strike at every point strikes at so many, evenly spread."""

MOST_POINTS = 20_000
"""Tests with more points are not run under faults."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The points of a test under a fault. `what` says what was done; `spared` are groups that do not count."""

    what: str
    points: Sequence[Fed]
    silent: Mapping[str, str] | None = None
    """The tags of what went silent, whose own outcome does not count."""


def variants(fault: Fault, points: Sequence[Fed], start: int) -> list[Variant]:
    """The ways in which a fault may strike."""
    return list(_SHAPES[fault](points, start))


def feed_of(variant: Variant, feed: Feed, start: int) -> Feed:
    """What feeds these points into a test that starts at a time."""
    return dataclasses.replace(feed, sources=(FedSource(variant.points),), start=Moment(start, absolute=True))


def outcome(observed: Observed, variant: Variant | None = None) -> Mapping[str, Sequence[str]]:
    """What counts of a run: for each event id the levels in their order, whenever and however often each came."""
    found: dict[str, list[str]] = {}
    for published in observed.events:
        if variant is not None and variant.silent is not None and _is_silent(published, variant.silent):
            continue
        levels = found.setdefault(published.event.state.id, [])
        level = str(published.event.state.level)
        if not levels or levels[-1] != level:
            levels.append(level)
    return found


def _is_silent(published: Published, silent: Mapping[str, str]) -> bool:
    tags = published.event.tags
    return all(tags.get(name) == value for name, value in silent.items())


def change(before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]) -> str:
    """The first difference of two outcomes in words, empty if there is none."""
    for id in dict.fromkeys([*before, *after]):
        one, other = before.get(id, ()), after.get(id, ())
        if list(one) != list(other):
            return f"{id}: {' '.join(one) or 'nothing'} becomes {' '.join(other) or 'nothing'}"
    return ""


def _spread(count: int) -> list[int]:
    if count <= MOST_VARIANTS:
        return list(range(count))
    return sorted({round(number * (count - 1) / (MOST_VARIANTS - 1)) for number in range(MOST_VARIANTS)})


def _gap(points: Sequence[Fed], start: int) -> Iterator[Variant]:
    for index in _spread(len(points)):
        left = [*points[:index], *points[index + 1 :]]
        yield Variant(f"without {_said(points[index], start)}", left)


def _late(points: Sequence[Fed], start: int) -> Iterator[Variant]:
    """A point comes behind the next one of its series."""
    following = _next_of_series(points)
    chosen = [index for index in range(len(points)) if index in following]
    for number in _spread(len(chosen)):
        index = chosen[number]
        after = following[index]
        moved = [*points[:index], *points[index + 1 : after + 1], points[index], *points[after + 1 :]]
        yield Variant(f"with {_said(points[index], start)} behind the next one", moved)


def _duplicate(points: Sequence[Fed], start: int) -> Iterator[Variant]:
    yield Variant("with every point twice", [fed for fed in points for _ in range(2)])


def _silent_host(points: Sequence[Fed], start: int) -> Iterator[Variant]:
    """One host, or what is told apart by another tag, says nothing from the middle of the test on."""
    if not points:
        return
    middle = (points[0].time + points[-1].time) / 2
    silenced: dict[str, Mapping[str, str]] = {}
    for fed in points:
        tags = fed.series.tags
        chosen = {"host": tags["host"]} if "host" in tags else dict(tags)
        silenced.setdefault(",".join(f"{name}={value}" for name, value in chosen.items()), chosen)
    for name, tags in list(silenced.items())[:MOST_VARIANTS]:
        left = [fed for fed in points if fed.time <= middle or not _has(fed.series, tags)]
        yield Variant(f"with {name or 'the series'} silent from {offset_text(int(middle), start)} on", left, tags)


def _int_to_float(points: Sequence[Fed], start: int) -> Iterator[Variant]:
    def converted(value: Value) -> Value:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    changed = [_with(fed, {name: converted(value) for name, value in fed.fields.items()}) for fed in points]
    yield Variant("with floats for integers", changed)


def _counter_reset(points: Sequence[Fed], start: int) -> Iterator[Variant]:
    """A field that never falls begins again at zero in the middle."""
    columns: dict[tuple[Series, str], list[tuple[int, Value]]] = {}
    for index, fed in enumerate(points):
        for name, value in fed.fields.items():
            columns.setdefault((fed.series, name), []).append((index, value))
    changed = [dict(fed.fields) for fed in points]
    counters: list[str] = []
    for (_, name), values in columns.items():
        numbers = [(index, value) for index, value in values if not isinstance(value, str | bool)]
        if len(numbers) < 3 or any(b < a for (_, a), (_, b) in itertools.pairwise(numbers)):
            continue
        if numbers[0][1] == numbers[-1][1]:
            continue
        counters.append(name)
        half = numbers[len(numbers) // 2 :]
        for index, value in half:
            changed[index][name] = value - half[0][1]
    if counters:
        what = f"with {', '.join(f'`{name}`' for name in dict.fromkeys(counters))} back at zero in the middle"
        yield Variant(what, [_with(fed, fields) for fed, fields in zip(points, changed, strict=True)])


def _with(fed: Fed, fields: Mapping[str, Value]) -> Fed:
    return dataclasses.replace(fed, fields=fields)


def _has(series: Series, tags: Mapping[str, str]) -> bool:
    return all(series.tags.get(name) == value for name, value in tags.items())


def _next_of_series(points: Sequence[Fed]) -> Mapping[int, int]:
    newest: dict[Series, int] = {}
    found: dict[int, int] = {}
    for index, fed in enumerate(points):
        if fed.series in newest:
            found[newest[fed.series]] = index
        newest[fed.series] = index
    return found


def _said(fed: Fed, start: int) -> str:
    tags = ",".join(f"{name}={value}" for name, value in fed.series.tags.items())
    return f"the point of {fed.series.name}{' ' if tags else ''}{tags} at {offset_text(fed.time, start)}"


_SHAPES: Mapping[Fault, Callable[[Sequence[Fed], int], Iterator[Variant]]] = {
    "gap": _gap,
    "late": _late,
    "duplicate": _duplicate,
    "silent-host": _silent_host,
    "int-to-float": _int_to_float,
    "counter-reset": _counter_reset,
}
