"""The requests to Discord that whole configurations, rules and handler files make; or why a run does not start."""

import json
from pathlib import Path

import pytest
import streams
from inprocess import outcome

CASES = streams.cases("discord.yaml")
COMMAND = "run task.tick --config kapacitor.conf --handlers handlers --points points.lp --dry-run --format quiet"


def _files(case: streams.Case) -> dict[str, str]:
    handlers = {
        f"handlers/{number}.{'json' if text.startswith('{') else 'yaml'}": text
        for number, text in enumerate(case.get("handlers", ()))
    }
    return {"task.tick": case["script"], "kapacitor.conf": case["config"], "points.lp": case["points"], **handlers}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_would_be_posted(case: streams.Case, tmp_path: Path) -> None:
    (tmp_path / "handlers").mkdir()
    command = f"{COMMAND} --precision {case['precision']} --requests requests.jsonl"

    done = outcome(_files(case), command, tmp_path, case.get("env", {}))

    made = tmp_path / "requests.jsonl"
    lines = made.read_text(encoding="utf-8").splitlines() if made.exists() else []
    got, wanted = list(map(json.loads, lines)), case.get("requests", [])
    if case.get("unordered"):
        got, wanted = sorted(got, key=json.dumps), sorted(wanted, key=json.dumps)
    assert (done.code, got) == (1 if "error" in case else 0, wanted)
    assert "webhooks/1/token" not in done.said
