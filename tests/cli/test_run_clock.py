"""The clock of a run on the command line: cases, times as people write them, and a stdin that is silent."""

import io
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from command import tickdiscord

from tickdiscord.cli.interrupts import Interrupts
from tickdiscord.cli.moments import end, moment
from tickdiscord.cli.waiting import WaitingStream
from tickdiscord.config.groups import read_groups
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.points.precision import Precision

CASES: list[Mapping[str, Any]] = yaml.safe_load((Path(__file__).parent / "run_clock.yaml").read_text(encoding="utf-8"))
MINUTE = 60 * 1_000_000_000


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_command(case: Mapping[str, Any], tmp_path: Path) -> None:
    for name, text in case["files"].items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = tickdiscord(*shlex.split(case["command"]), folder=tmp_path, stdin=case.get("stdin", ""))
    assert done.code == case.get("code", 0), done.err
    assert done.out == case.get("out", "")
    if "err" in case:
        assert done.err == case["err"]
    for piece in case.get("err_has", []):
        assert piece in done.err


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("3", 3 * MINUTE),
        ("-3", -3 * MINUTE),
        ("1970-01-01T00:02:00Z", 2 * MINUTE),
        ("+90s", 11_500_000_000 + 90 * 1_000_000_000),
        ("+1h30m", 11_500_000_000 + 90 * MINUTE),
        ("+2d", 11_500_000_000 + 2 * 24 * 60 * MINUTE),
        ("+1w", 11_500_000_000 + 7 * 24 * 60 * MINUTE),
    ],
)
def test_times(text: str, time: int) -> None:
    assert end(text, "--until", Precision.MINUTE, 11_500_000_000) == time


@pytest.mark.parametrize(
    "text", ["", "+", "x", "+x", "+d", "1.5", "１", "2026-13-01T00:00:00Z", "9" * 30, "9" * 19, "+9999999w", "\0"]
)
def test_no_times(text: str) -> None:
    with pytest.raises(DiagnosticError, match="is no time"):
        end(text, "--until", Precision.SECOND, 0)
    with pytest.raises(DiagnosticError, match="is no time"):
        moment(text, "--since", Precision.SECOND)


@pytest.mark.parametrize(
    "text", ["host=a\n\n# no\nhost=b,cpu=0\nhost=a\n", '["host=a", "host=b,cpu=0"]', "- host=a\n- host=b,cpu=0\n"]
)
def test_lists_of_groups(text: str, tmp_path: Path) -> None:
    (tmp_path / "groups").write_text(text)
    assert read_groups(tmp_path / "groups") == ("host=a", "host=b,cpu=0")


@pytest.mark.parametrize("text", ["host", "[1]", "- a: b\n", "[", "- [" * 3000, "{}", "- x\0=y", "- host=a\n- x\n"])
def test_no_lists_of_groups(text: str, tmp_path: Path) -> None:
    (tmp_path / "groups").write_text(text)
    with pytest.raises(DiagnosticError) as refusal:
        read_groups(tmp_path / "groups")
    assert [each.code for each in refusal.value.diagnostics] == ["TD414"]


def test_the_clock_ticks_while_nothing_comes() -> None:
    reading, writing = os.pipe()
    done: list[str] = []

    def tick() -> None:
        done.append("tick")
        if len(done) == 3:
            os.write(writing, b"cpu v=1")
            os.close(writing)

    with io.FileIO(reading, "rb") as pipe:
        stream = WaitingStream(pipe, lambda: 0.0, tick)
        assert [stream.read(100), stream.read(100)] == [b"cpu v=1", b""]
    assert done == ["tick"] * 3


def test_a_signal_while_the_clock_ticks_waits_until_all_is_done() -> None:
    interrupts, done = Interrupts(), list[str]()

    def items() -> Any:
        yield "first"
        with interrupts.working():
            interrupts._handle(2, None)  # pyright: ignore[reportPrivateUsage]
            done.append("all")
        yield "second"

    assert [*interrupts.between(items())] == ["first"]
    assert done == ["all"]
