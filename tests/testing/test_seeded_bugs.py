"""The tests of the examples notice mistakes such as people make: each is made in a copy, and the right tests fail."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from inprocess import outcome

EXAMPLES = Path(__file__).parents[2] / "examples" / "discord"
FILES = {
    str(path.relative_to(EXAMPLES)): path.read_text(encoding="utf-8")
    for path in sorted(EXAMPLES.rglob("*"))
    if path.is_file()
}
BUGS: list[Mapping[str, Any]] = yaml.safe_load(Path(__file__).with_name("seeded_bugs.yaml").read_text(encoding="utf-8"))


def failing(files: Mapping[str, str], folder: Path) -> list[str]:
    """The tests that fail on these files."""
    results = map(json.loads, outcome(files, "test --format json --processes 1", folder).out.splitlines())
    return [each["name"] for each in results if each.get("outcome") == "failed"]


@pytest.mark.parametrize("bug", BUGS, ids=[bug["bug"] for bug in BUGS])
def test_a_bug_is_caught(bug: Mapping[str, Any], tmp_path: Path) -> None:
    sound = FILES[bug["file"]]
    assert bug["instead_of"] in sound
    broken = {**FILES, bug["file"]: sound.replace(bug["instead_of"], bug["stands"])}
    assert failing(broken, tmp_path) == bug["caught"]


def test_without_a_bug_nothing_fails(tmp_path: Path) -> None:
    assert failing(FILES, tmp_path) == []
