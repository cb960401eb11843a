"""The nodes that take one point or batch at a time: their cases, however the tape is cut."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tape import Tape

from tickdiscord.diagnostics import DiagnosticError

HERE = Path(__file__).parent / "reshaping"


def written(*names: str) -> list[Any]:
    """The cases of the files with these names, all but `mistakes` if there are none."""
    files = [HERE / f"{name}.yaml" for name in names] or sorted(set(HERE.glob("*.yaml")) - {HERE / "mistakes.yaml"})
    return [
        pytest.param(case, id=f"{file.stem}: {case.get('name') or case['script']}")
        for file in files
        for case in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    ]


@pytest.mark.parametrize("size", [None, 1, 2])
@pytest.mark.parametrize("case", written())
def test_what_comes_out(case: Mapping[str, Any], size: int | None) -> None:
    tape = Tape(case["script"]).feed(case["feed"].splitlines(), size)
    assert tape.lines == case["gives"].splitlines()
    assert dict(tape.troubles) == case.get("troubles", {})


@pytest.mark.parametrize("case", written())
def test_a_run_cut_in_two_is_one_run(case: Mapping[str, Any]) -> None:
    lines = case["feed"].splitlines()
    for place in range(1, len(lines)):
        if lines[place].startswith(" "):
            continue
        first = Tape(case["script"]).feed(lines[:place])
        second = Tape(case["script"]).restore(first.snapshot()).feed(lines[place:])
        assert [*first.lines, *second.lines] == case["gives"].splitlines(), f"cut before line {place + 1}"


@pytest.mark.parametrize("case", written("mistakes"))
def test_mistakes(case: Mapping[str, Any]) -> None:
    script = case["script"]
    try:
        found = Tape(script).pipeline.warnings
    except DiagnosticError as problem:
        found = problem.diagnostics
    shown = [
        {
            "severity": each.severity.value,
            "code": each.code,
            "message": each.message,
            "at": script[each.span.start : each.span.end] if each.span else None,
        }
        for each in found
    ]
    assert shown == case["finds"]
