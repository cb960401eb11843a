"""The nodes that make one of several: join, union, combine, flatten."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from notes import Run
from streams import Case, cases, close, on_topic, seen

import tickdiscord
from tickdiscord.alert.event import Row
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.gotext import parse_rfc3339
from tickdiscord.points.precision import Precision

HERE = Path(__file__).parent / "merging"
KINDS = "join join-on join-self join-batch union combine flatten".split()
KAPACITORS = [case for case in cases("pipelines.yaml") if case["name"].rsplit("-", 1)[0] in KINDS]


def written(*names: str) -> list[Any]:
    """The cases of the files with these names."""
    return [
        pytest.param(case, id=f"{name}: {case['name']}")
        for name in names
        for case in yaml.load_all((HERE / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    ]


OURS = written("join", "join_on", "union", "combine", "flatten", "batches")


@pytest.mark.parametrize("size", [None, 1, 2])
@pytest.mark.parametrize("case", OURS)
def test_what_comes_out(case: Case, size: int | None) -> None:
    run = Run(case["script"], case["points"], case.get("clock"))
    assert run.whole(size) == case["gives"].splitlines()
    assert "\n".join(map(str, run.troubles)) == case.get("warnings", "").rstrip()


@pytest.mark.parametrize("case", [case for case in OURS if "clock" not in case.values[0]])
def test_a_run_cut_in_two_is_one_run(case: Case) -> None:
    for place in range(1, len(case["points"].splitlines())):
        assert Run(case["script"], case["points"]).cut(place) == case["gives"].splitlines(), f"cut behind line {place}"


@pytest.mark.parametrize("case", written("refused"))
def test_what_is_refused(case: Case) -> None:
    with pytest.raises(DiagnosticError) as refusal:
        Run(case["script"], "")
    assert "\n".join(map(str, refusal.value.diagnostics)) == case["error"].rstrip()


@pytest.mark.parametrize("case", KAPACITORS, ids=[case["name"] for case in KAPACITORS])
def test_as_kapacitor(case: Case) -> None:
    result = tickdiscord.load(case["script"]).run(case["points"], precision=case["precision"])
    wanted = case.get("events") or []
    got = [seen(each, case, want) for each, want in zip(on_topic(result.happenings, "t"), wanted, strict=True)]
    if case.get("unordered"):
        got, wanted = by_id(got), by_id(wanted)
    for one, other in zip(got, wanted, strict=True):
        fields = one.pop("fields")
        assert one == {key: other[key] for key in one}
        assert fields.keys() == other["fields"].keys()
        assert all(close(fields[name], other["fields"][name]) for name in fields)
    for name, output in (case.get("outputs") or {}).items():
        assert series(result.outputs[name]) == [plain(each) for each in output["series"]]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_the_size_of_chunks_changes_nothing(size: int) -> None:
    for case in KAPACITORS[::4]:
        assert Precision.named(case["precision"]) == 1_000_000_000
        script = case["script"].partition("    |alert()")[0]
        assert Run(script, case["points"]).whole(size) == Run(script, case["points"]).whole()


def by_id(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order of the ids; those with the same id stay in theirs."""
    return sorted(events, key=lambda event: event["id"])


def series(rows: Sequence[Row]) -> list[Any]:
    """The result of a `|httpOut()` in the form of a case."""
    found = [[row.name, dict(row.tags), list(row.columns), [list(values) for values in row.values]] for row in rows]
    return sorted(found, key=lambda each: (each[0], sorted(each[1].items())))


def plain(wanted: Case) -> list[Any]:
    """A series of a case; its times as nanoseconds."""
    values = [[parse_rfc3339(time), *rest] for time, *rest in wanted["values"]]
    return [wanted["name"], wanted.get("tags") or {}, wanted["columns"], values]
