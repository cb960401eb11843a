"""The `[deadman]` section of kapacitor.conf."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tickdiscord.config.kapacitor import read_configuration
from tickdiscord.diagnostics import DiagnosticError

CASES = yaml.safe_load((Path(__file__).parent / "deadman.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_deadman(case: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kapacitor.conf").write_text(case["text"], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    try:
        deadman = read_configuration(Path("kapacitor.conf"), case.get("environment", {})).nodes.deadman
    except DiagnosticError as refusal:
        assert "\n".join(map(str, refusal.diagnostics)) == case["problems"].rstrip()
    else:
        assert {key: getattr(deadman, key) for key in case["settings"]} == case["settings"]
