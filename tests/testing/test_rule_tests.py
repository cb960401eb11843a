"""`tickdiscord test`, a case of `rules/*.yaml` or `mutation/*.yaml` each: files, beside `CPU` as cpu.tick."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from inprocess import outcome
from manual import timeless

FOLDERS = [Path(__file__).parent / name for name in ("rules", "mutation")]

CPU = """stream
    |from()
        .measurement('cpu')
        .groupBy('host')
    |alert()
        .crit(lambda: "usage_idle" < 5)
        .stateChangesOnly()
        .message('{{ index .Tags "host" }} is {{ .Level }}')
        .discord()
"""

CASES: list[Mapping[str, Any]] = [
    {**case, "name": f"{file.stem}: {case['name']}"}
    for folder in FOLDERS
    for file in sorted(folder.glob("*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case(case: Mapping[str, Any], tmp_path: Path) -> None:
    found = outcome({"cpu.tick": CPU, **case.get("files", {})}, case.get("command", "test"), tmp_path)
    assert timeless(found.said) == case["says"]
    assert found.code == case.get("code", 0)
    for name, text in case.get("after", {}).items():
        assert (tmp_path / name).read_text(encoding="utf-8") == text
