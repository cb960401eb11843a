"""What expressions come to, by row and by column, against tables of values."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lambda_cases import cases, compiled, same

from tickdiscord.lambdas import Failure, Nanoseconds, Type
from tickdiscord.lambdas.jsonl import answer
from tickdiscord.lambdas.library import bessel
from tickdiscord.lambdas.types import TYPE_OF

CONFORMANCE = Path(__file__).parent.parent / "conformance"
EARLY = {"compile", "type", "eval"}
"""Where Kapacitor notices a mistake at the first point, it may be noticed when loading, and the other way round."""


def typed(case: dict[str, Any]) -> object:
    """The value that a case expects; durations are ints in YAML."""
    value = case["gives"]
    return Nanoseconds(value) if case["type"] == "duration" else value


@pytest.mark.parametrize("case", cases("evaluations.yaml"), ids=lambda case: case["expr"])
def test_an_expression_gives_its_value(case: dict[str, Any]) -> None:
    expression = compiled(case["expr"], case.get("zone", ""))
    row = case["row"]

    result = expression.row(row)

    assert same(result, typed(case)), result
    columns = [[row.get(name)] * 3 for name in expression.references]
    assert all(same(each, result) for each in expression.column(columns, 3))
    types = [Type.TIME if name == "time" else TYPE_OF[type(row.get(name))] for name in expression.references]
    found = expression.type_of(types)
    assert found and found.value == case["type"]


def conformance() -> Iterator[Any]:
    for path in sorted(CONFORMANCE.glob("lambda*.jsonl")):
        groups: dict[str, list[str]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            groups.setdefault(json.loads(line)["group"], []).append(line)
        for group, lines in groups.items():
            yield pytest.param(lines, id=f"{path.stem}-{group}")


@pytest.mark.parametrize("lines", list(conformance()))
def test_kapacitor_gives_the_same(lines: list[str]) -> None:
    differing: list[object] = []
    for line in lines:
        question = json.loads(line)
        results = json.loads(answer(line))["results"]
        for case, got in zip(question["cases"], results, strict=True):
            if not agrees(case["expect"], got):
                differing.append((question["expr"], case["point"], case["expect"], got))
    assert not differing, differing[:3]


def agrees(want: dict[str, Any], got: dict[str, Any]) -> bool:
    if "error" in want:
        return got.get("error") == want["error"] or {got.get("error"), want["error"]} <= EARLY
    if want["type"] != got.get("type"):
        return False
    if want["type"] != "float":
        return bool(want["value"] == got["value"])
    left, right = float(want["value"]), float(got["value"])
    return (math.isnan(left) and math.isnan(right)) or left == right or math.isclose(left, right, rel_tol=1e-12)


@pytest.mark.parametrize("case", cases("bessel.yaml"), ids=lambda case: f"{case['order']}, {case['x']}")
def test_bessel_functions_are_accurate(case: dict[str, Any]) -> None:
    order, x = case["order"], case["x"]
    for want, got in ((case["j"], bessel.jn(order, x)), (case["y"], bessel.yn(order, x))):
        assert want == got or math.isclose(want, got, rel_tol=1e-12, abs_tol=1e-300)


@pytest.mark.parametrize("case", cases("sequences.yaml"), ids=lambda case: case["expr"])
def test_a_stateful_expression_remembers(case: dict[str, Any]) -> None:
    expression = compiled(case["expr"])
    state = expression.new_state()

    results = [expression.row(row, state) for row in case["rows"]]

    shown = [result.message if isinstance(result, Failure) else result for result in results]
    assert shown == pytest.approx(case["give"])
    fresh = expression.new_state()
    assert expression.row(case["rows"][0], fresh) == results[0], "another group begins anew"
