"""Windows, and InfluxQL's functions of them: their cases, however the tape is cut, and Kapacitor's."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from streams import Case, cases, close, on_topic, seen
from tape import Tape

import tickdiscord
from tickdiscord.alert.event import Row
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.gotext import parse_rfc3339
from tickdiscord.pipeline.evaluate import load_text

HERE = Path(__file__).parent / "windows"
KINDS = (
    "window-time window-count window-rows aggregate-window aggregate-types aggregate-stream aggregate-mixed "
    "aggregate-empty use-point-times top-bottom transform-stream transform-window holt-winters"
).split()
KAPACITORS = [case for case in cases("pipelines.yaml") if case["name"].rsplit("-", 1)[0] in KINDS]


def written(*files: Path) -> list[Any]:
    """The cases of some files."""
    return [
        pytest.param(case, id=f"{file.stem}: {case.get('name') or case['script']}")
        for file in sorted(files)
        for case in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    ]


MISTAKES = HERE / "mistakes.yaml"
BEHAVIOURS = written(*(set(HERE.glob("*.yaml")) - {MISTAKES}))


@pytest.mark.parametrize("size", [None, 1, 2])
@pytest.mark.parametrize("case", BEHAVIOURS)
def test_what_comes_out(case: Mapping[str, Any], size: int | None) -> None:
    tape = Tape(case["script"]).feed(case["feed"].splitlines(), size)
    assert tape.lines == case["gives"].splitlines()
    assert dict(tape.troubles) == case.get("troubles", {})


@pytest.mark.parametrize("case", BEHAVIOURS)
def test_a_run_cut_in_two_is_one_run(case: Mapping[str, Any]) -> None:
    lines = case["feed"].splitlines()
    for place in range(1, len(lines)):
        if lines[place].startswith(" "):
            continue
        first = Tape(case["script"]).feed(lines[:place])
        second = Tape(case["script"]).restore(first.snapshot()).feed(lines[place:])
        assert [*first.lines, *second.lines] == case["gives"].splitlines(), f"cut before line {place + 1}"


@pytest.mark.parametrize("case", written(MISTAKES))
def test_mistakes(case: Mapping[str, Any]) -> None:
    if "warns" in case:
        found = load_text(case["script"], "task", "task.tick").warnings
    else:
        with pytest.raises(DiagnosticError) as refusal:
            load_text(case["script"], "task", "task.tick")
        found = refusal.value.diagnostics
    if "codes" in case:
        assert [each.code for each in found] == case["codes"]
    else:
        assert "\n".join(map(str, found)) == case.get("warns", case.get("error", "")).rstrip()


@pytest.mark.parametrize("case", KAPACITORS, ids=[case["name"] for case in KAPACITORS])
def test_as_kapacitor(case: Case) -> None:
    result = tickdiscord.load(case["script"]).run(case["points"], precision=case["precision"])
    events = on_topic(result.happenings, "t")
    assert len(events) == len(case.get("events") or [])
    for published, want in zip(events, case.get("events") or [], strict=True):
        got = seen(published, case, want)
        fields = got.pop("fields")
        assert got == {key: want[key] for key in got}
        assert fields.keys() == want["fields"].keys()
        assert all(close(fields[name], value) for name, value in want["fields"].items())
        if "series" in want:
            alike(published.event.series, want["series"])
    for name, held in (case.get("outputs") or {}).items():
        alike(result.outputs[name], held["series"])


def alike(rows: Any, wanted: Any) -> None:
    """Whether series are the same, whatever their order."""
    found = sorted(map(_ours, rows), key=_head)
    for one, other in zip(found, sorted(map(_theirs, wanted), key=_head), strict=True):
        assert one[:3] == other[:3]
        for values, want in zip(one[3], other[3], strict=True):
            assert all(map(same, values, want)) and len(values) == len(want)


def same(one: object, other: object) -> bool:
    """Numbers are compared by value, and up to the digits that forecasts are good for."""
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6)
    return one == other


def _head(series: tuple[Any, ...]) -> tuple[Any, ...]:
    return series[:2]


def _ours(row: Row) -> tuple[Any, ...]:
    return row.name, sorted(row.tags.items()), list(row.columns), [list(values) for values in row.values]


def _theirs(row: Mapping[str, Any]) -> tuple[Any, ...]:
    values = [[parse_rfc3339(time), *rest] for time, *rest in row.get("values") or []]
    return row["name"], sorted(row.get("tags", {}).items()), row.get("columns") or [], values
