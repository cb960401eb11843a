"""What Go's own text/template and html/template answer, on formats, functions and documents put together at random."""

from typing import Any

import pytest
from template_events import go_cases, go_data

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.templates import Kind, MessageData, TemplateError, compile_template


def cases(name: str) -> list[Any]:
    data, found = go_cases(name)
    return [pytest.param(go_data(data), case, id=f"{name}:{n}") for n, case in enumerate(found, 2)]


@pytest.mark.parametrize(("data", "case"), cases("go_text.jsonl"))
def test_text(data: Any, case: dict[str, Any]) -> None:
    seen = MessageData(*(getattr(data, name) for name in MessageData.__slots__))
    check(Kind.MESSAGE, seen, case)


@pytest.mark.parametrize(("data", "case"), cases("go_html.jsonl"))
def test_html(data: Any, case: dict[str, Any]) -> None:
    check(Kind.DETAILS, data, case)


def check(kind: Kind, data: Any, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises((DiagnosticError, TemplateError)):
            compile_template(case["template"], kind, strict=False).render(data)
    else:
        assert compile_template(case["template"], kind, strict=False).render(data) == case["text"]
