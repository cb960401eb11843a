"""The command line as a real process, a case of `cases.yaml` each."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from command import tickdiscord

CASES: list[Mapping[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_command(case: Mapping[str, Any], tmp_path: Path) -> None:
    for name, text in case["files"].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = tickdiscord(*shlex.split(case["command"]), folder=tmp_path, stdin=case.get("stdin", ""))
    assert done.code == case.get("code", 0), done.err
    assert "Traceback" not in done.err
    if "out" in case:
        assert done.out == case["out"]
    if "err" in case:
        assert done.err == case["err"]
    for piece in case.get("out_has", []):
        assert piece in done.out
    for piece in case.get("err_has", []):
        assert piece in done.err
