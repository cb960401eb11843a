"""Rules are held against data: what does not go together is said, with its line, and nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from inprocess import outcome

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("check.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_says(case: dict[str, Any], tmp_path: Path) -> None:
    data = "contract.yaml" if "contract" in case else case.get("data_name", "data.lp")
    files: dict[str, str] = {"rule.tick": case["rule"], data: case["contract" if "contract" in case else "data"]}
    done = outcome(files, f"check rule.tick --data {data}", tmp_path)
    said = re.split(r"^(?=\S*?(?:warning|error|info)\[|\S+?: (?:warning|error|info)\[)", done.said, flags=re.M)[1:]
    found = [re.match(r"(?:\S+?:(\d+):\d+: |\S+: )?\w+\[(TD\d+)\]", each) for each in said]
    places = [f"{it[2]}:{it[1]}" if it[1] else it[2] for it in found if it]
    assert places == [each.split(" ")[0] for each in case["says"]], done.said
    for each, text in zip(case["says"], said, strict=True):
        assert each.partition(" ")[2] in text
    assert done.code == case.get("code", 0)
