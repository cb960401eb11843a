"""The commands about handlers, a case each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from handlers.engines import cases
from inprocess import outcome

CASES = cases("commands.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_command(case: Mapping[str, Any], tmp_path: Path) -> None:
    done = outcome(case["files"], case["command"], tmp_path)
    assert done.code == case.get("code", 0), done.said
    if "says" in case:
        assert done.said == case["says"]
    for piece in case.get("says_some", ()):
        assert piece in done.said
    for name, text in case.get("after", {}).items():
        assert (tmp_path / name).read_bytes().decode() == text
