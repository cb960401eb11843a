"""Silences, a case each; and the same when the run is cut into two anywhere."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from handlers.engines import Scene, cases
from inprocess import outcome

CASES = cases("silences.yaml")
IDS = [case["name"] for case in CASES]

RULE = "stream|from()|alert().crit(lambda: \"v\" > 1).log('/dev/null')"


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_silence(case: Mapping[str, Any], tmp_path: Path) -> None:
    scene = Scene(case, tmp_path).run()
    assert scene.requests == case["requests"]
    assert scene.engine.silenced == case["silenced"]
    if "topic" in case:
        assert scene.on("all") == case["topic"]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_run_cut_in_two_is_one_run(case: Mapping[str, Any], tmp_path: Path) -> None:
    for place in range(1, len(case["points"].splitlines())):
        scene = Scene(case, tmp_path).run(place)
        assert scene.requests == case["requests"]
        assert scene.engine.silenced == case["silenced"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("s.yaml", "- {id: a, until: 2024-01-01T00:00:00Z}\n- {id: a, until: 2023-01-01T00:00:00Z}", "TD542"),
        ("s.yaml", "{id: a, from: 2024-01-01T00:00:00Z, until: 2023-01-01T00:00:00Z}", "TD541"),
        ("s.yaml", "{id: a, untill: 2024-01-01T00:00:00Z}", "did you mean `until`?"),
        ("s.yaml", "{id: a, until: 2024-01-01}", "with its zone"),
        ("s.yaml", "{id: a}", "a silence ends some time"),
        ("s.yaml", "{until: 2024-01-01T00:00:00Z}", "which events it holds back"),
        ("s.yaml", "{id: 5, until: 2024-01-01T00:00:00Z}", "`id` wants a string"),
        ("s.yaml", "{tags: {a: 5}, until: 2024-01-01T00:00:00Z}", "the value of the tag `a`"),
        ("s.yaml", "{tags: a, until: 2024-01-01T00:00:00Z}", "a list of keys with values"),
        ("s.yaml", "just words", "a list of keys with values"),
        ("s.yaml", "[", "TD420"),
        ("s.toml", "[[silence]]\nid = 'a'\nuntil = 2024-01-01T00:00:00", "with its zone"),
        ("s.toml", "[[silence]]\nid = 'a'\nfrom = 2024-01-01\nuntil = 2025-01-01T00:00:00Z", "`from` is no time"),
        ("s.toml", "[[silences]]\nid = 'a'", "no `silences`"),
        ("s.toml", "silence = 5", "must be a section"),
        ("s.toml", "[[silence]\n", "not TOML"),
        ("nothing.yaml", None, "cannot be read"),
    ],
)
def test_what_is_refused(name: str, text: str | None, says: str, tmp_path: Path) -> None:
    files = {"r.tick": RULE, "p.lp": "", **({name: text} if text is not None else {})}
    for command in ("run r.tick --points p.lp --dry-run", "check r.tick"):
        done = outcome(files, f"{command} --silences {name}", tmp_path)
        assert done.code == 1
        assert says in done.err


def test_a_run_counts_what_it_holds_back(tmp_path: Path) -> None:
    silences = (
        "[[silence]]\nid = 'x'\nuntil = 1970-01-01T01:00:00+01:00\n[[silence]]\nid='*'\nuntil=1990-01-01 00:00:00Z"
    )
    files = {"r.tick": RULE, "p.lp": "m v=2 10\nm v=2 11\n", "s.toml": silences}
    done = outcome(files, "run r.tick --points p.lp --precision s --dry-run --silences s.toml", tmp_path)
    assert done.code == 0
    assert "2 events held back by silences" in done.err


@pytest.mark.parametrize("option", ["", "--topic main:r:alert2"])
def test_what_is_sent_late_is_shown_when_it_happens(option: str, tmp_path: Path) -> None:
    silence = "{id: '*', from: 1970-01-01T00:00:00Z, until: 1970-01-01T00:00:20Z}"
    rule = RULE.replace(".log('/dev/null')", ".stdout()")
    files = {"r.tick": rule, "p.lp": "m v=2 10\nm v=0 30\n", "s.yaml": silence}
    done = outcome(files, f"run r.tick --points p.lp --precision s --silences s.yaml {option}", tmp_path)
    shown = [line.split()[:2] for line in done.out.splitlines() if not line.startswith("{")]
    told = [json.loads(line)["time"] for line in done.out.splitlines() if line.startswith("{")]
    assert shown == [["1970-01-01T00:00:10Z", "CRITICAL"], ["1970-01-01T00:00:30Z", "OK"]]
    assert told == ["1970-01-01T00:00:10Z", "1970-01-01T00:00:30Z"]
