"""Differences from Kapacitor name tests that exist, and so does what is the same; what no other test shows is here."""

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from inprocess import outcome

from tickdiscord.manual import fidelity
from tickdiscord.manual.differences import Difference, sections

ROOT = Path(__file__).parent.parent.parent
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CASES: list[Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("differences.yaml").read_text(encoding="utf-8")
)
DIFFERENCES = [difference for section in sections() for difference in section.differences]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_difference(case: Mapping[str, Any], tmp_path: Path) -> None:
    run = f"run rule.tick --points points.lp --precision s --dry-run {case.get('options', '')}"
    done = outcome(case["files"], f"{run} --requests requests.jsonl", tmp_path)
    assert done.code == case.get("code", 0), done.said
    for piece in case.get("has", ()):
        assert piece in done.said
    if "requests" in case:
        assert (tmp_path / "requests.jsonl").read_text(encoding="utf-8") == case["requests"]


def test_every_event_is_kept_however_many_there_are(tmp_path: Path) -> None:
    """Discord cannot be reached, and Kapacitor's queue is full at 5,000."""
    files = {
        "rule.tick": "stream|from()|alert().crit(lambda: TRUE).discord()",
        "kapacitor.conf": '[[discord]]\n  enabled = true\n  url = "http://127.0.0.1:9/api/webhooks/1/token"\n',
        "points.lp": "".join(f"m v=1 {second}\n" for second in range(5_001)),
    }
    options = "--config kapacitor.conf --outbox kept --drain-timeout 0 --format quiet"
    done = outcome(files, f"run rule.tick --points points.lp --precision s {options}", tmp_path)
    assert done.code == 4
    assert "5,001 requests not sent yet, kept in kept" in done.said


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.tickdiscord)
def test_a_difference_names_a_test_that_exists(difference: Difference) -> None:
    file, _, name = difference.test.partition("::")
    assert file.startswith("tests/")
    assert (ROOT / file).is_file(), file
    if name or not file.endswith(".txt"):
        assert name in names(file)


def test_the_page_of_fidelity_points_to_files_that_exist() -> None:
    files = re.findall(r"\]\(\.\./(tests/[^)]+)\)", fidelity.markdown())
    assert files
    assert [file for file in files if not (ROOT / file).is_file()] == []


@functools.cache
def names(file: str) -> frozenset[str]:
    """The functions of a file of tests, or the names of the cases of a file of data."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".py"):
        return frozenset(each.name for each in ast.parse(text).body if isinstance(each, ast.FunctionDef))
    return frozenset(_named(list(yaml.load_all(text, LOADER))))


def _named(cases: object) -> Iterator[str]:
    if isinstance(cases, list):
        for each in cases:
            yield from _named(each)
    elif isinstance(cases, dict) and "name" in cases:
        yield str(cases["name"])
