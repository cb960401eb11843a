"""Input that rules are not made for: points of one time, of times far apart, of wrong types, and rules to match."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from inprocess import outcome
from test_cut_runs import SCRIPTS

import tickdiscord

CASES: list[Mapping[str, Any]] = yaml.safe_load((Path(__file__).parent / "hard_input.yaml").read_text(encoding="utf-8"))
ONE_TIME = int(os.environ.get("POINTS_OF_ONE_TIME", "300"))
"""`scripts/soak` takes a million."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_hard_input(case: Mapping[str, Any], tmp_path: Path) -> None:
    files = {"rule.tick": case["script"], "points.lp": case.get("points", "")}
    done = outcome(files, "run rule.tick --points points.lp --precision s --dry-run", tmp_path)
    assert done.code == case.get("code", 0), done.said
    for piece in case["has"]:
        assert piece in done.said


@pytest.mark.parametrize("kind", SCRIPTS)
def test_many_points_of_one_time(kind: str) -> None:
    """Nothing is asked of what comes out but that it comes: a node that compares all with all would not end."""
    lines = (
        f'{"ab"[i % 2]},host={"xy"[i // 2 % 2]},k={i % 3} v={i % 9},n={i % 4}i,s="up" 100' for i in range(ONE_TIME)
    )
    result = tickdiscord.load(SCRIPTS[kind][0]).run([*lines, "a,host=x v=1 200", "b,host=x v=1 200"], precision="s")
    assert not result.rejected
