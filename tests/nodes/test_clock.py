"""The nodes that act by the clock: stats, deadman, barrier."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ticking import Ticking, shown

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.nodes.settings import DeadmanSettings, NodeSettings
from tickdiscord.nodes.stats import SETTLED, StatsStep

HERE = Path(__file__).parent / "clock"
CENTURY = 3_155_760_000
"""In seconds."""


def written(*names: str) -> list[Any]:
    """The cases of the files with these names."""
    return [
        pytest.param(case, id=f"{name}: {case.get('name') or case['script']}")
        for name in names
        for case in yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    ]


def check(run: Ticking, case: Mapping[str, Any]) -> None:
    """Whether a run came out as a case says."""
    if "gives" in case:
        assert run.lines == case["gives"].splitlines()
    if "events" in case:
        assert list(map(shown, run.events)) == case["events"].splitlines()
    assert not run.troubles


@pytest.mark.parametrize("size", [None, 1, 2])
@pytest.mark.parametrize("case", written("stats", "deadman", "barrier"))
def test_what_comes_out(case: Mapping[str, Any], size: int | None) -> None:
    check(Ticking.of(case).run(size), case)


@pytest.mark.parametrize("case", written("stats", "deadman", "barrier"))
def test_a_run_cut_in_two_is_one_run(case: Mapping[str, Any]) -> None:
    for place in range(len(case.get("points", "").splitlines())):
        check(Ticking.of(case).run(1, cut=place), case)


@pytest.mark.parametrize("case", written("refused"))
def test_what_is_refused(case: Mapping[str, Any]) -> None:
    with pytest.raises(DiagnosticError) as refusal:
        Ticking.of(case)
    assert "\n".join(map(str, refusal.value.diagnostics)) == case["error"].rstrip()


WATCHED = """
var data = stream|from().groupBy('host')
data|stats(1s)|derivative('emitted')|alert().crit(lambda: "emitted" <= 0.0).stateChangesOnly().topic('a')
data|deadman(0.0, 1s).stateChangesOnly().topic('b')
data|stats(1s).align()|httpOut('x')
"""
APART = f"cpu,host=a v=1 10\ncpu,host=b v=1 12\ncpu,host=a v=1 {CENTURY}\ncpu,host=b v=1 {CENTURY + 9}\n"


MOST = 500


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ticks in a row are too many sooner than usual."""
    monkeypatch.setattr("tickdiscord.nodes.stats.MOST_TICKS", MOST)
    monkeypatch.setattr("tickdiscord.nodes.barrier.MOST_TICKS", MOST)


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Gets an item for each time that a `|stats()` acts."""
    times: list[int] = []
    tick = StatsStep.tick

    def counted(step: StatsStep, now: int) -> None:
        times.append(now)
        tick(step, now)

    monkeypatch.setattr(StatsStep, "tick", counted)
    return times


def test_ticks_that_change_nothing_are_left_out(ticks: list[int]) -> None:
    run = Ticking([WATCHED], APART, until=2 * CENTURY).run()
    assert [shown(each).partition(" for ")[0] for each in run.events] == [
        "12 CRITICAL a: stats:host=a is CRITICAL",
        "12 CRITICAL b: host=a:from1",
        "14 CRITICAL a: stats:host=b is CRITICAL",
        "14 CRITICAL b: host=b:from1",
        f"{CENTURY + 1} OK a: stats:host=a is OK",
        f"{CENTURY + 1} OK b: host=a:from1",
        f"{CENTURY + 2} CRITICAL a: stats:host=a is CRITICAL",
        f"{CENTURY + 2} CRITICAL b: host=a:from1",
        f"{CENTURY + 10} OK a: stats:host=b is OK",
        f"{CENTURY + 10} OK b: host=b:from1",
        f"{CENTURY + 11} CRITICAL a: stats:host=b is CRITICAL",
        f"{CENTURY + 11} CRITICAL b: host=b:from1",
    ]
    assert [row.values[0] for row in run.engine.outputs["x"]()] == [(2 * CENTURY * 1_000_000_000, 2)] * 2
    assert not run.troubles
    assert len(ticks) < 100


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    "node", ["deadman(0.0, 1s).details('')", "stats(1s)|window().period(1m).every(1m)|count('emitted')"]
)
def test_ticks_that_change_something_are_left_out_only_when_they_are_too_many(ticks: list[int], node: str) -> None:
    run = Ticking([f"stream|from()|{node}"], f"cpu v=1 10\ncpu v=1 400\ncpu v=1 {CENTURY}\n").run()
    assert ticks.count(400 * 1_000_000_000) == 390
    assert len(ticks) <= 390 + SETTLED + MOST + 2
    (trouble,) = run.troubles
    assert trouble.code == "TD181"
    assert "3,155,759,095 ticks" in trouble.message


@pytest.mark.usefixtures("few")
def test_barriers_of_a_century_are_left_out_too() -> None:
    run = Ticking(["stream|from()|barrier().idle(1s)"], f"cpu v=1 10\ncpu v=1 {CENTURY}\n").run()
    assert [trouble.code for trouble in run.troubles] == ["TD181"]
    assert len(run.lines) < MOST + 10
    assert run.lines[-2:] == [f"[] barrier {CENTURY - 1}", f"[] cpu v=1.0 {CENTURY}"]


def test_the_configuration_may_say_more_of_deadmen() -> None:
    deadman = DeadmanSettings(
        everywhere=True, interval=5_000_000_000, threshold=3.0, id="{{ .Group }} NODE_NAME", message="INTERVAL"
    )
    scripts = ["stream|from().measurement('cpu')|deadman(0.0, 10s)"]
    run = Ticking(scripts, "cpu v=1 1\nmem v=1 2\n", 0, 20, settings=NodeSettings(deadman)).run()
    assert [(each.event.state.id, *shown(each).split(": ")) for each in run.events] == [
        ("nil stream0", "10 CRITICAL main:task:alert8", "5s"),
        ("nil stream0", "15 CRITICAL main:task:alert8", "5s"),
        ("nil from1", "20 CRITICAL main:task:alert5", "10s"),
        ("nil stream0", "20 CRITICAL main:task:alert8", "5s"),
    ]


def test_a_global_deadman_is_no_pipeline() -> None:
    with pytest.raises(DiagnosticError):
        Ticking(["var x = 1"], "", settings=NodeSettings(DeadmanSettings(everywhere=True)))
