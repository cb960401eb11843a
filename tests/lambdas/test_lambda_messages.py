"""What is said of an expression that is wrong: when it is loaded, or at a point."""

from typing import Any

import pytest
from lambda_cases import cases, compiled, environment

from tickdiscord.diagnostics import DiagnosticError, Severity, Source, Span
from tickdiscord.lambdas import CONFLICT, Failure, compile_lambda
from tickdiscord.syntax.parser import parse_expression


def text_at(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""


@pytest.mark.parametrize("case", cases("mistakes.yaml"), ids=lambda case: case["expr"])
def test_a_mistake_is_found_when_loading(case: dict[str, Any]) -> None:
    text = case["expr"]
    source = Source("alert.tick", text)

    with pytest.raises(DiagnosticError) as raised:
        compile_lambda(parse_expression(text), environment(), source, case.get("known", ()), case.get("condition", ""))

    (found,) = raised.value.diagnostics
    assert (found.code, found.message, found.hint) == (case["code"], case["message"], case["hint"])
    assert text_at(text, found.span) == case["at"]
    assert found.source is source
    assert found.severity is Severity.ERROR


def test_all_mistakes_are_found_at_once() -> None:
    with pytest.raises(DiagnosticError) as raised:
        compiled("abs(1) > 0.0 AND nosuch('a') AND limit > 3")

    assert [each.code for each in raised.value.diagnostics] == ["TD203", "TD201", "TD206"]


def test_what_stands_around_a_mistake_is_not_blamed() -> None:
    with pytest.raises(DiagnosticError) as raised:
        compiled("-abs(1) + 2 > 3")

    assert [each.code for each in raised.value.diagnostics] == ["TD203"]


@pytest.mark.parametrize("case", cases("failures.yaml"), ids=lambda case: case["expr"])
def test_a_failure_says_why_and_where(case: dict[str, Any]) -> None:
    text = case["expr"]
    expression = compiled(text, condition=case.get("condition", ""))
    row = {**case["row"], **({case["conflict"]: CONFLICT} if "conflict" in case else {})}

    failure = expression.row(row)

    assert isinstance(failure, Failure), failure
    assert (failure.kind, failure.message) == (case["kind"], case["message"])
    assert failure.hint == case.get("hint", failure.hint)
    assert text_at(text, failure.span) == case["at"]
    columns = [[row.get(name)] * 2 for name in expression.references]
    assert expression.column(columns, 2) == [failure, failure]


def test_a_failure_concerns_one_point_and_is_a_warning() -> None:
    failure = compiled('"x" > 3').row({})

    assert isinstance(failure, Failure)
    shown = failure.diagnostic(Source("alert.tick", '"x" > 3'))
    assert (shown.code, shown.severity) == ("TD220", Severity.WARNING)
    assert str(shown).splitlines()[0] == 'alert.tick:1:1: warning[TD220]: no field or tag "x" in this point'
