"""A run that is cut in two, with a file between the halves, equals one run: events, requests and keys, outputs."""

import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import streams
from hypothesis import given, settings
from hypothesis import strategies as st

from tickdiscord.alert.encoding import data_json
from tickdiscord.clock import StreamClock
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.pipeline.evaluate import load_text
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import START, LineReader, Position
from tickdiscord.runtime.engine import Engine, Happening
from tickdiscord.runtime.settings import Settings
from tickdiscord.state.encoding import restore
from tickdiscord.state.saving import Saving
from tickdiscord.state.store import Mark, StateFile

CASES = [case for name in ("alerts.yaml", "pipelines.yaml") for case in streams.cases(name) if "error" not in case]


class Half:
    """An engine on a part of a case's lines."""

    def __init__(self, scripts: Sequence[str], precision: str, start: Position = START) -> None:
        self.happenings: list[Happening] = []
        self._clock = StreamClock(0)
        self._precision = Precision.named(precision)
        self.position = start
        self.engine = Engine(
            [load_text(script, f"task{number}", f"{number}.tick") for number, script in enumerate(scripts)],
            Settings(Workspaces(open=True), clock=self._clock, lineage="one"),
            self.happenings.extend,
            lambda _: None,
            lambda _, __: None,
        )

    def feed(self, lines: str) -> "Half":
        reader = LineReader(
            io.BytesIO(lines.encode()),
            clock=self._clock,
            rejected=lambda _: None,
            precision=self._precision,
            start=self.position,
        )
        for chunk in reader.chunks():
            self.engine.feed(chunk)
        self.position = reader.position
        return self

    def seen(self) -> list[Any]:
        return [[each.task, each.published, each.onward, each.entries] for each in self.happenings]

    def outputs(self) -> dict[str, Any]:
        """What `|httpOut()` nodes hold, as they serve it."""
        return {name: json.loads(data_json(held())) for name, held in self.engine.outputs.items()}


def _saved(half: Half, path: Path) -> None:
    with StateFile(path) as file:
        Saving(file, half.engine, lambda: {"points": Mark(half.position, 0)}, lambda: 0).save()


def _restored(path: Path, scripts: Sequence[str], precision: str) -> Half:
    with StateFile(path) as file:
        half = Half(scripts, precision, file.marks()["points"].position)
        restore(half.engine, file)
    return half


@settings(max_examples=60)
@given(case=st.sampled_from(CASES), where=st.floats(0, 1))
def test_a_run_cut_at_any_line(case: streams.Case, where: float) -> None:
    scripts, lines = case.get("scripts") or [case["script"]], str(case["points"]).splitlines(keepends=True)
    cut = round(where * len(lines))
    whole = Half(scripts, case["precision"]).feed("".join(lines))
    whole.engine.end()
    first = Half(scripts, case["precision"]).feed("".join(lines[:cut]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        _saved(first, path)
        second = _restored(path, scripts, case["precision"]).feed("".join(lines[cut:]))
    second.engine.end()
    assert first.seen() + second.seen() == whole.seen()
    assert second.outputs() == whole.outputs()


RULE = """
var cpu = stream|from().measurement('cpu').groupBy('host')
cpu|stateCount(lambda: "v" > 3)|httpOut('count')
cpu|stateCount(lambda: "v" > {threshold})|httpOut('other')
"""


def _last(half: Half) -> dict[str, Any]:
    return {name: data["series"][0]["values"][0][-2] for name, data in half.outputs().items()}


def test_a_rule_that_changes_keeps_what_has_not_changed(tmp_path: Path) -> None:
    points = "".join(f"cpu,host=a v=9 {second}\n" for second in range(5))
    before = Half([RULE.format(threshold=5)], "s").feed(points)
    _saved(before, tmp_path / "state")
    after = _restored(tmp_path / "state", ["// changed\nvar x = 1\n" + RULE.format(threshold=6)], "s").feed(
        "cpu,host=a v=9 5\n"
    )
    assert _last(after) == {"count": 6, "other": 1}
    _saved(after, tmp_path / "state")
    with StateFile(tmp_path / "state") as file:
        nodes = [part for part in file.parts() if part.kind == "node"]
    assert len(nodes) == len(after.engine.snapshot().nodes)


@pytest.mark.parametrize("script", [case["script"] for case in CASES[::10] if "script" in case])
def test_a_script_read_again_has_the_same_nodes(script: str) -> None:
    states = [Half([script], "s").engine.snapshot().nodes.keys() for _ in range(2)]
    assert states[0] == states[1]
