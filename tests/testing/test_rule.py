"""Rules under test from Python, and as items of pytest."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.testing import Rule

SCRIPT = """var limit = 20.0
stream|from().measurement('cpu').groupBy('host')
    |alert().warn(lambda: "usage_idle" < limit).crit(lambda: "usage_idle" < 5).stateChangesOnly()
        .message('{{ index .Tags "host" }} is {{ .Level }}').discord()
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "cpu.tick"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_events_and_requests_are_typed(script: Path) -> None:
    found = Rule(script).feed({"cpu,host=a usage_idle": "50 10 3", "cpu,host=b usage_idle": "50x3"})
    assert found.levels == [Level.WARNING, Level.CRITICAL]
    last = found.of("host=a")[-1]
    assert (last.at, last.previous, last.message) == (timedelta(seconds=20), Level.WARNING, "a is CRITICAL")
    assert (last.duration, last.tags, last.fields) == (timedelta(seconds=10), {"host": "a"}, {"usage_idle": 3.0})
    assert found.of("host=b") == []
    assert [each.kind for each in found.requests] == ["discord", "discord"]


def test_line_protocol_vars_and_a_start(script: Path) -> None:
    rule = Rule(script, vars={"limit": 60.0})
    found = rule.feed("cpu,host=a usage_idle=50", start="2026-03-02T08:00:00Z")
    assert [str(each.time) for each in found.events] == ["2026-03-02 08:00:00+00:00"]
    assert rule.feed("cpu,host=a usage_idle=70").events == []


def test_what_is_wrong_is_said_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "wrong.tick"
    path.write_text("stream|form()", encoding="utf-8")
    with pytest.raises(DiagnosticError) as refused:
        Rule(path)
    assert [each.hint for each in refused.value.diagnostics] == ["did you mean `from`?"]


TESTS = """rule: cpu.tick
points:
  cpu,host=a usage_idle: 50 10 3
tests:
  - {name: right, expect: {counts: 2}}
  - {name: wrong, expect: silent}
  - {name: later, todo: not yet, expect: silent}
"""


def test_files_are_items_of_pytest(script: Path, tmp_path: Path) -> None:
    (tmp_path / "cpu_test.yaml").write_text(TESTS, encoding="utf-8")
    (tmp_path / "another_programs_test.yaml").write_text("rule_files: [alerts.yml]\ntests: []", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", ".", "-rA", "--no-header"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    for said in (
        "PASSED cpu_test.yaml::right",
        "FAILED cpu_test.yaml::wrong",
        "1 failed, 1 passed, 1 skipped",
        '"usage_idle" = 10.0',
        '+ 10s   ·         host=a WARNING "a is WARNING"',
    ):
        assert said in done.stdout


def test_a_broken_file_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "cpu_test.yaml").write_text("rule: [", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "cpu_test.yaml", "--no-header"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "error[TD750]: not YAML" in done.stdout
    assert "Traceback" not in done.stdout
