"""What `explain` shows of an expression, part by part."""

from typing import Any

import pytest
from lambda_cases import cases, compiled, environment

from tickdiscord.lambdas import CONFLICT, explain
from tickdiscord.syntax.parser import parse_expression


@pytest.mark.parametrize("case", cases("traces.yaml"), ids=lambda case: case["expr"])
def test_a_trace_shows_every_part(case: dict[str, Any]) -> None:
    row = {**case["row"], **({case["conflict"]: CONFLICT} if "conflict" in case else {})}

    traced = explain(parse_expression(case["expr"]), row, environment())

    assert "\n".join(traced.lines()) + "\n" == case["trace"]


def test_a_part_knows_its_place_in_the_script() -> None:
    text = '"a" > 3 AND "b" > 4'

    traced = explain(parse_expression(text), {"a": 5, "b": 1}, environment())

    assert [text[part.span.start : part.span.end] for part in traced.parts] == ['"a" > 3', '"b" > 4']


def test_a_trace_moves_the_state_it_is_given() -> None:
    state = compiled("count()").new_state()

    results = [explain(parse_expression("count()"), {}, environment(), state=state).result for _ in range(3)]

    assert results == [1, 2, 3]
