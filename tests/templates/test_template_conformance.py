"""Every case of the conformance files, which say what Kapacitor's own templates give."""

import json
from pathlib import Path
from typing import Any

import pytest

from tickdiscord.templates.jsonl import answer

CONFORMANCE = Path(__file__).parent.parent / "conformance"


def cases() -> list[Any]:
    found: list[Any] = []
    for path in sorted(CONFORMANCE.glob("templates*.jsonl")):
        lines = path.read_text(encoding="utf-8").split("\n")
        found += [pytest.param(line, id=f"{path.stem}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    return found


@pytest.mark.parametrize("line", cases())
def test_a_template_gives_what_kapacitor_gives(line: str) -> None:
    expected = json.loads(line)["expect"]
    found = json.loads(answer(line))
    if "error" in expected:
        assert found.get("error") == expected["error"] or found.get("error") == "parse"
    else:
        assert found == {"text": expected["text"]}


def test_a_failure_is_told_in_the_words_of_go() -> None:
    """Not all of Go's words are kept (it points to the last thing it looked at), but most are."""
    failing = [
        case for case in (json.loads(case.values[0]) for case in cases()) if case["expect"].get("error") == "exec"
    ]
    failing = [c for c in failing if c["expect"]["go_says"].startswith("template:") and c["kind"] != "aggregate"]
    same = [c for c in failing if json.loads(answer(json.dumps(c)))["message"] == c["expect"]["go_says"]]
    assert len(same) >= 0.9 * len(failing)


@pytest.mark.parametrize(
    "line", ["", "{", "null", "[]", '{"kind": "message"}', '{"kind": 1, "template": 2, "data": {}}']
)
def test_a_line_that_is_no_case_is_answered_too(line: str) -> None:
    assert json.loads(answer(line))["error"] == "input"
