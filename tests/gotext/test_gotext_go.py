"""What Go's own strconv, time and encoding/json answer, case by case."""

import json
import math
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tickdiscord import gotext

HERE = Path(__file__).parent


def cases(name: str) -> list[Any]:
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=f"{name}:{n}") for n, case in enumerate(map(json.loads, lines), 1)]


@pytest.mark.parametrize("case", cases("floats"))
def test_a_float_is_written_as_strconv_writes_it(case: dict[str, Any]) -> None:
    value = float(case["value"])
    assert {f: gotext.format_float(value, f[0], int(f[1:] or "-1")) for f in case["texts"]} == case["texts"]
    assert gotext.value_text(value) == case["texts"]["g"]


@pytest.mark.parametrize("case", cases("json_floats"))
def test_a_float_in_json(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ValueError) as raised:
            gotext.json_float(float(case["value"]))
        assert str(raised.value) == case["error"]
    else:
        assert gotext.json_float(float(case["value"])) == case["text"]


@pytest.mark.parametrize("case", cases("parsed_floats"))
def test_a_float_is_read_as_strconv_reads_it(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ValueError):
            gotext.parse_float(case["input"])
    else:
        found, expected = gotext.parse_float(case["input"]), float(case["value"])
        assert found == expected or (math.isnan(found) and math.isnan(expected))


@pytest.mark.parametrize("case", cases("durations"))
def test_a_duration_is_written_as_go_writes_it(case: dict[str, Any]) -> None:
    assert gotext.duration_text(int(case["ns"])) == case["text"]


@pytest.mark.parametrize("case", cases("parsed_durations"))
def test_a_duration_is_read_as_go_reads_it(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ValueError):
            gotext.parse_duration(case["input"])
    else:
        assert gotext.parse_duration(case["input"]) == int(case["ns"])


@pytest.mark.parametrize("case", cases("times"))
def test_a_time_in_a_layout_and_a_zone(case: dict[str, Any]) -> None:
    ns = case["seconds"] * 1_000_000_000 + case["ns"]
    zone = ZoneInfo(case["zone"])
    assert {layout: gotext.format_time(ns, layout, zone) for layout in case["texts"]} == case["texts"]


@pytest.mark.parametrize("case", cases("time_texts"))
def test_a_time_as_it_prints(case: dict[str, Any]) -> None:
    assert gotext.time_text(case["seconds"] * 1_000_000_000 + case["ns"]) == case["text"]


@pytest.mark.parametrize("case", cases("dates"))
def test_a_date_may_overflow_and_a_clock_may_not_exist(case: dict[str, Any]) -> None:
    year, month, day, hour, minute, second = case["date"]
    clock = hour * 3600 + minute * 60 + second
    found = gotext.civil_ns(year, month, day, clock, zone=ZoneInfo(case["zone"]))
    assert found == case["seconds"] * 1_000_000_000


@pytest.mark.parametrize("case", cases("quoted"))
def test_a_string_is_quoted_as_go_quotes_it(case: dict[str, Any]) -> None:
    text = case["value"] if "value" in case else bytes.fromhex(case["hex"]).decode("utf-8", "surrogateescape")
    assert gotext.quote(text) == case["text"]
    assert gotext.quote(text, ascii_only=True) == case["ascii"]
    assert gotext.can_backquote(text) == case["backquote"]


@pytest.mark.parametrize("case", cases("quoted_runes"))
def test_a_character_is_quoted_as_go_quotes_it(case: dict[str, Any]) -> None:
    assert gotext.quote_rune(case["code"]) == case["text"]
    assert gotext.quote_rune(case["code"], ascii_only=True) == case["ascii"]


@pytest.mark.parametrize("case", cases("unquoted"))
def test_a_literal_is_read_as_go_reads_it(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ValueError):
            gotext.unquote(case["literal"])
    else:
        assert gotext.unquote(case["literal"]) == case["text"]
