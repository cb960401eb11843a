"""The nodes that make one of several: join, union, combine, flatten."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from notes import Run
from streams import Case, cases

from tickdiscord.diagnostics import DiagnosticError
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


@pytest.mark.parametrize("size", [1, 2, 7])
def test_the_size_of_chunks_changes_nothing(size: int) -> None:
    for case in KAPACITORS[::4]:
        assert Precision.named(case["precision"]) == 1_000_000_000
        script = case["script"].partition("    |alert()")[0]
        assert Run(script, case["points"]).whole(size) == Run(script, case["points"]).whole()
