"""Windows, and InfluxQL's functions of them: their cases, however the tape is cut, and Kapacitor's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tape import Tape

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.pipeline.evaluate import load_text

HERE = Path(__file__).parent / "windows"


def written(*files: Path) -> list[Any]:
    """The cases of some files."""
    return [
        pytest.param(case, id=f"{file.stem}: {case.get('name') or case['script']}")
        for file in sorted(files)
        for case in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    ]


MISTAKES = HERE / "mistakes.yaml"
BEHAVIOURS = written(*(set(HERE.glob("*.yaml")) - {MISTAKES}))


@pytest.mark.parametrize("size", [None, 1, 2])
@pytest.mark.parametrize("case", BEHAVIOURS)
def test_what_comes_out(case: Mapping[str, Any], size: int | None) -> None:
    tape = Tape(case["script"]).feed(case["feed"].splitlines(), size)
    assert tape.lines == case["gives"].splitlines()
    assert dict(tape.troubles) == case.get("troubles", {})


@pytest.mark.parametrize("case", BEHAVIOURS)
def test_a_run_cut_in_two_is_one_run(case: Mapping[str, Any]) -> None:
    lines = case["feed"].splitlines()
    for place in range(1, len(lines)):
        if lines[place].startswith(" "):
            continue
        first = Tape(case["script"]).feed(lines[:place])
        second = Tape(case["script"]).restore(first.snapshot()).feed(lines[place:])
        assert [*first.lines, *second.lines] == case["gives"].splitlines(), f"cut before line {place + 1}"


@pytest.mark.parametrize("case", written(MISTAKES))
def test_mistakes(case: Mapping[str, Any]) -> None:
    if "warns" in case:
        found = load_text(case["script"], "task", "task.tick").warnings
    else:
        with pytest.raises(DiagnosticError) as refusal:
            load_text(case["script"], "task", "task.tick")
        found = refusal.value.diagnostics
    if "codes" in case:
        assert [each.code for each in found] == case["codes"]
    else:
        assert "\n".join(map(str, found)) == case.get("warns", case.get("error", "")).rstrip()
