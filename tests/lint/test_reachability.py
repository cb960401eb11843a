"""What can never happen in a rule is found, with its line, and nothing else is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from inprocess import outcome

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("reachability.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_finds(case: dict[str, Any], tmp_path: Path) -> None:
    files = {f"{name}.tick": case[name] for name in ("other", "rule") if name in case}
    handlers = {f"{name}.json": json.dumps(case[name]) for name in ("handler", "second") if name in case}
    options = "".join(f" --handlers {name}" for name in handlers)
    done = outcome({**files, **handlers}, f"check {' '.join(files)}{options}", tmp_path)
    found = re.findall(r"^\S+?:(\d+):\d+: \w+\[(TD\d{3})\]", done.said, re.M)
    assert [f"{code}:{line}" for line, code in found] == case["finds"], done.said
