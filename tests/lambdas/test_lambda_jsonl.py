"""Questions and answers in JSON, whatever the line holds."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lambda_cases import environment

from tickdiscord.lambdas.jsonl import answer


def ask(text: str, *points: object) -> list[dict[str, object]]:
    return json.loads(answer(json.dumps({"expr": text, "cases": [{"point": each} for each in points]})))["results"]


def test_every_point_gets_its_answer() -> None:
    points = [{"fields": {"v": {"float": 1.5}}}, {"fields": {"v": {"float": "NaN"}}}, {"tags": {"v": "a"}}, {}]

    assert ask('"v" * 2.0', *points) == [
        {"type": "float", "value": 3.0},
        {"type": "float", "value": "NaN"},
        {
            "error": "type",
            "message": '`*` does not take a string (`"v"`) and a float (`2.0`); write `float("v") * 2.0`',
        },
        {
            "error": "eval",
            "message": 'no field or tag "v" in this point; where it may be missing: `isPresent("v") AND …`',
        },
    ]


@pytest.mark.parametrize(
    ("text", "stage"), [("1 +", "parse"), ("nosuch(1)", "compile"), ("1 + 2.0", "compile"), ("now()", "compile")]
)
def test_a_mistake_is_the_answer_for_every_point(text: str, stage: str) -> None:
    assert [each["error"] for each in ask(text, {}, {})] == [stage, stage]


def test_special_values() -> None:
    assert ask("1.0 / 0.0", {}) == [{"type": "float", "value": "+Inf"}]
    assert ask("-1.0 / 0.0", {}) == [{"type": "float", "value": "-Inf"}]
    assert ask("90s", {}) == [{"type": "duration", "value": 90_000_000_000}]
    assert ask('unixNano("time")', {"time": "2024-02-29T23:59:58.123456789Z"}) == [
        {"type": "int", "value": 1_709_251_198_123_456_789}
    ]


def test_the_state_goes_from_point_to_point() -> None:
    assert [each["value"] for each in ask("count()", {}, {}, {})] == [1, 2, 3]


def test_the_environment_may_be_given() -> None:
    line = json.dumps({"expr": 'hour("time")', "cases": [{"point": {"time": "2024-02-29T23:00:00Z"}}]})

    assert json.loads(answer(line, environment("Europe/Berlin"))) == {"results": [{"type": "int", "value": 0}]}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"expr": 1, "cases": []}',
        '{"expr": "1", "cases": [{}]}',
        '{"expr": "1", "cases": [{"point": {"time": "yesterday"}}]}',
        '{"expr": "1", "cases": [{"point": {"fields": {"a": {}}}}]}',
        '{"expr": "1", "cases": [{"point": {"fields": {"a": {"int": 1, "float": 2}}}}]}',
        '{"expr": "1", "cases": [{"point": {"fields": {"a": {"int": 1.5}}}}]}',
        '{"expr": "1", "cases": [{"point": {"fields": {"a": {"int": true}}}}]}',
        '{"expr": "1", "cases": [{"point": {"fields": {"a": {"int": 9223372036854775808}}}}]}',
        '{"expr": "1", "cases": [{"point": {"fields": {"a": {"float": "many"}}}}]}',
        '{"expr": "1", "cases": [{"point": {"fields": {"a": {"unsigned": 1}}}}]}',
        '{"expr": "\\ud800", "cases": []}',
        '{"expr": "\udc80", "cases": []}',
        '{"expr": "\ud800", "cases": []}',
        '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=lambda line: ascii(line)[:60],
)
def test_a_line_of_another_form_is_said_to_be_one(line: str) -> None:
    found = json.loads(answer(line))

    assert found["error"] == "input"
    assert found["message"]


@given(st.text(st.sampled_from("\"abx '/()+-*%<=>!~,.1250smhµ\\\0\n[]|@_ANDORTRUEiflambd:$ \u00fc"), max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_an_answer(text: str) -> None:
    (result,) = ask(text, {"fields": {"a": {"int": 3}}, "tags": {"b": "x"}})

    assert "error" in result or "value" in result
