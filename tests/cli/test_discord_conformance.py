"""What is posted to Discord, case by case; and configurations, rules and handler files that a run refuses."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from inprocess import Outcome, outcome

FILE = Path(__file__).parent.parent / "conformance" / "discord.yaml"
CASES: list[Mapping[str, Any]] = list(yaml.load_all(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader))
POSTED = [case for case in CASES if "error" not in case]
REFUSED = [case for case in CASES if "error" in case]


def run(case: Mapping[str, Any], folder: Path) -> Outcome:
    handlers = {f"{number}.yaml": text for number, text in enumerate(case.get("handlers", ()))}
    files = {"k.conf": case["config"], "task.tick": case["script"], "points.lp": case["points"], **handlers}
    options = " ".join(f"--handlers {name}" for name in handlers)
    command = f"run task.tick --config k.conf {options} --points points.lp --precision {case['precision']}"
    return outcome(files, f"{command} --dry-run --format quiet --requests made.jsonl", folder, case.get("env", {}))


@pytest.mark.parametrize("case", POSTED, ids=[case["name"] for case in POSTED])
def test_what_is_posted(case: Mapping[str, Any], tmp_path: Path) -> None:
    done = run(case, tmp_path)
    assert done.code == 0, done.err
    made = [json.loads(line) for line in (tmp_path / "made.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = case["requests"]
    if case.get("unordered"):
        made, wanted = sorted(made, key=repr), sorted(wanted, key=repr)
    assert made == wanted


@pytest.mark.parametrize("case", REFUSED, ids=[case["name"] for case in REFUSED])
def test_what_is_refused_before_any_point_is_read(case: Mapping[str, Any], tmp_path: Path) -> None:
    done = run(case, tmp_path)
    assert (done.code, done.out) == (1, ""), case["error"]
    assert "error[TD" in done.err
    assert "token" not in done.err
