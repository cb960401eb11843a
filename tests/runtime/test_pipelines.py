"""Whole scripts and the events and outputs that Kapacitor's own code makes of them; and scripts that it refuses."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
import streams

import tickdiscord
from tickdiscord.alert.event import Published, Row
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.gotext import parse_rfc3339
from tickdiscord.points.precision import Precision

CASES = streams.cases("pipelines.yaml")
REFUSED = [case for case in CASES if "error" in case]
RUN = [case for case in CASES if "error" not in case]
APPROXIMATE = {"holt-winters": 1e-6}
"""Kinds of cases whose numbers come out of a search for a minimum, and how near they must be."""


@pytest.mark.parametrize("case", RUN, ids=[case["name"] for case in RUN])
def test_as_kapacitor(case: streams.Case) -> None:
    unit = Precision.named(case["precision"])
    clock = {word: time * unit for word, time in zip(("start", "until"), case.get("clock", {}).values(), strict=False)}
    result = tickdiscord.load(case["script"]).run(case["points"], precision=case["precision"], **clock)
    near = APPROXIMATE.get(case["name"].rsplit("-", 1)[0], 1e-9)

    wanted: list[dict[str, Any]] = case.get("events") or []
    events = streams.on_topic(result.happenings, "t")
    if case.get("unordered"):
        events, wanted = sorted(events, key=_id), sorted(wanted, key=lambda want: want["id"])
    for published, want in zip(events, wanted, strict=True):
        got = streams.seen(published, case, want)
        assert same(got, {key: want[key] for key in got}, near)
        if "series" in want:
            assert same(_held(published.event.series or ()), _expected(want["series"]), near)
    for name, output in (case.get("outputs") or {}).items():
        assert same(_held(result.outputs[name]), _expected(output["series"]), near)


@pytest.mark.parametrize("case", REFUSED, ids=[case["name"] for case in REFUSED])
def test_refused_as_by_kapacitor(case: streams.Case) -> None:
    with pytest.raises(DiagnosticError):
        tickdiscord.load(case["script"]).run("")


def same(one: object, other: object, near: float) -> bool:
    """Whether two values are the same, numbers up to a part of their size."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same(one[key], other[key], near) for key in one)
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other, [near] * len(one)))
        case float(), float():
            return math.isclose(one, other, rel_tol=near) or (math.isnan(one) and math.isnan(other))
    return one == other and isinstance(one, float) == isinstance(other, float)


def _id(published: Published) -> str:
    return published.event.state.id


def _held(rows: Sequence[Row]) -> list[Any]:
    """Series that came out, sorted, as their order means nothing."""
    return _sorted([each.name, dict(each.tags), list(each.columns), _values(each.values)] for each in rows)


def _expected(series: Sequence[streams.Case]) -> list[Any]:
    """Series of a case, their times as nanoseconds."""
    return _sorted(
        [
            each["name"],
            each.get("tags") or {},
            each.get("columns", []),
            _values([parse_rfc3339(time), *rest] for time, *rest in each.get("values", ())),
        ]
        for each in series
    )


def _sorted(series: Iterable[list[Any]]) -> list[Any]:
    return sorted(series, key=lambda each: (each[0], sorted(each[1].items())))


def _values(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """In JSON an int and a float of one value are the same."""
    return [[float(each) if type(each) is int else each for each in row] for row in rows]
