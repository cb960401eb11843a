"""What is found wrong with a template when its script is loaded, and where it points to."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, Span
from tickdiscord.templates import Kind, compile_template

KINDS = {kind.value.name: kind for kind in Kind}
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "loading.yaml").read_text(encoding="utf-8"))


def found(template: str, kind: Kind, span: Span | None = None, source: Source | None = None) -> Diagnostic:
    with pytest.raises(DiagnosticError) as raised:
        compile_template(template, kind, span, source)
    return raised.value.diagnostics[0]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["template"]) for case in CASES])
def test_a_mistake_is_found_when_the_script_is_loaded(case: dict[str, Any]) -> None:
    problem = found(case["template"], KINDS[case.get("kind", "message")])
    assert problem.code == case["code"]
    assert case["says"] in f"{problem.message} {problem.hint}"
    assert problem.span is not None and problem.source is not None
    if "at" in case:
        assert problem.source.text[problem.span.start : problem.span.end].startswith(case["at"][:1])
        assert problem.source.text[problem.span.start :].startswith(case["at"])


@pytest.mark.parametrize(
    ("literal", "template"),
    [
        ("'{{ .ID }} {{ .Feilds }}'", "{{ .ID }} {{ .Feilds }}"),
        ("'''{{ .ID }} {{ .Feilds }}'''", "{{ .ID }} {{ .Feilds }}"),
        (r"'it\'s {{ \'\' }} {{ .Feilds }}'".replace(r"{{ \'\' }}", r"\'x\'"), "it's 'x' {{ .Feilds }}"),
        ("'''\nline\n\t{{ .Feilds }}\n'''", "\nline\n\t{{ .Feilds }}\n"),
        (r"'\d {{ .Feilds }}'", r"\d {{ .Feilds }}"),
    ],
)
def test_a_mistake_points_into_the_literal_of_the_script(literal: str, template: str) -> None:
    script = f"stream|from()|alert().message({literal}).crit(lambda: TRUE)"
    start = script.index(literal)
    problem = found(template, Kind.MESSAGE, Span(start, start + len(literal)), Source("cpu.tick", script))
    assert problem.span is not None
    assert script[problem.span.start : problem.span.end] == ".Feilds"


def test_a_text_that_is_no_literal_is_underlined_whole() -> None:
    script = "var m = 'a' + 'b'  stream|from()|alert().message(m)"
    problem = found("{{ .Feilds }}", Kind.MESSAGE, Span(48, 49), Source("cpu.tick", script))
    assert problem.span == Span(48, 48) or problem.span == Span(48, 49)


def test_all_mistakes_are_told_in_the_order_of_the_text() -> None:
    with pytest.raises(DiagnosticError) as raised:
        compile_template("{{ .Feilds }} {{ eq }} {{ .Nmae }}", Kind.MESSAGE)
    assert [d.code for d in raised.value.diagnostics] == ["TD310", "TD311", "TD310"]


def test_a_branch_that_is_never_taken_is_not_looked_at() -> None:
    assert compile_template("{{ if false }}{{ .Feilds }}{{ end }}", Kind.MESSAGE).text


def test_without_strictness_only_what_cannot_be_read_is_refused() -> None:
    compile_template("{{ .Feilds }}{{ eq }}{{ template `x` }}", Kind.MESSAGE, strict=False)
    with pytest.raises(DiagnosticError):
        compile_template("{{ nope }}", Kind.MESSAGE, strict=False)


@pytest.mark.parametrize(
    ("template", "constant"), [("", True), ("100% {", True), ("{{/* c */}}x", True), ("{{ 1 }}", False)]
)
def test_a_template_without_actions_is_constant(template: str, constant: bool) -> None:
    assert compile_template(template, Kind.TITLE).constant is constant
