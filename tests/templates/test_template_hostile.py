"""Templates that mean harm: each is refused, or stopped, with an error that says why."""

import pytest
from template_events import details, message

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.templates import Kind, TemplateError, compile_template

REFUSED = {
    "nested conditions": ("{{ if true }}" * 500 + "{{ end }}" * 500, "nested more than"),
    "nested parentheses": ("{{ " + "(" * 500 + "1" + ")" * 500 + " }}", "nested more than"),
    "open parentheses": ("{{ " + "(" * 5000, "not closed"),
    "nested loops": ("{{ range 2 }}" * 30 + "{{ end }}" * 30, "loops are nested"),
    "a long pipeline": ("{{ 1" + " | print" * 500 + " }}", "nested too deep"),
    "a long template": ("x" * 70_000, "longer than"),
    "a long number": ("{{ " + "1" * 50_000 + " }}", "64 bits"),
    "a long exponent": ("{{ 1e" + "9" * 20_000 + " }}", "too large"),
    "a NUL": ("{{ \0 }}", "unexpected"),
    "many mistakes": ("{{ $x }}" * 3000, "not declared"),
}
STOPPED = {
    "recursion": (
        '{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}',
        "exceeded maximum template depth",
    ),
    "recursion that writes": (
        '{{ define "r" }}' + "x" * 60_000 + '{{ template "r" . }}{{ end }}{{ template "r" . }}',
        "writes more than",
    ),
    "an endless loop": ("{{ range 9000000000000000000 }}x{{ end }}", "rounds of loops"),
    "a loop over a duration": ("{{ range .Duration }}{{ end }}", "rounds of loops"),
    "a laughing template": (
        "".join(
            f'{{{{ define "t{n}" }}}}{{{{ template "t{n + 1}" }}}}{{{{ template "t{n + 1}" }}}}{{{{ end }}}}'
            for n in range(40)
        )
        + '{{ define "t40" }}{{ end }}{{ template "t0" }}',
        "rounds of loops",
    ),
    "wide numbers": ('{{ range 100000 }}{{ printf "%1000000d" 1 }}{{ end }}', "writes more than"),
    "wide numbers in one": ('{{ printf "' + "%900000[1]d" * 60 + '" 1 }}', "longer than"),
    "doubling": ('{{ $x := "ab" }}' + "{{ $x = print $x $x }}" * 60, "longer than"),
    "doubling in a loop": ('{{ $x := "ab" }}{{ range 900 }}{{ $x = printf "%s%s" $x $x }}{{ end }}', "longer than"),
}
FINE = {
    "nested as deep as may be": ("{{ if true }}" * 59 + "x" + "{{ end }}" * 59, "x"),
    "parentheses": ("{{ " + "(" * 50 + "1" + ")" * 50 + " }}", "1"),
    "loops": ("{{ range 1 }}" * 15 + "x" + "{{ end }}" * 15, "x"),
    "a thousand branches": ("{{ if false }}" + "{{ else if false }}x" * 1000 + "{{ else }}y{{ end }}", "y"),
    "white space": (" " * 30_000 + "{{- 1" + " " * 30_000 + "}}", "1"),
    "braces": ("{ " * 10_000, "{ " * 10_000),
    "bytes that are no text": ('{{ slice "é" 0 1 }}|{{ slice "é" 0 1 }}{{ slice "é" 1 2 }}', "\ufffd|é"),
    "halves of characters": ("\ud800{{ .ID }}\udcff", "\ufffdcpu:host=a\ufffd"),
    "NUL": ("\0{{ .ID }}", "\0cpu:host=a"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.DETAILS])
def test_refused_when_it_is_loaded(name: str, kind: Kind) -> None:
    template, reason = REFUSED[name]
    with pytest.raises(DiagnosticError) as raised:
        compile_template(template, kind)
    assert reason in raised.value.diagnostics[0].message
    assert len(raised.value.diagnostics) <= 20
    str(raised.value.diagnostics[0]).encode()


@pytest.mark.parametrize("name", STOPPED)
def test_stopped_while_it_runs(name: str) -> None:
    template, reason = STOPPED[name]
    with pytest.raises(TemplateError) as raised:
        compile_template(template, Kind.MESSAGE).render(message())
    assert reason in raised.value.message


@pytest.mark.parametrize("name", FINE)
def test_big_but_harmless(name: str) -> None:
    template, expected = FINE[name]
    assert compile_template(template, Kind.MESSAGE).render(message()) == expected


def test_a_long_chain_of_templates_is_no_recursion() -> None:
    chain = "".join(f'{{{{ define "t{n}" }}}}{{{{ template "t{n + 1}" . }}}}{{{{ end }}}}' for n in range(300))
    template = compile_template(chain + '{{ define "t300" }}{{ .ID }}{{ end }}{{ template "t0" . }}', Kind.MESSAGE)
    assert template.render(message()) == "cpu:host=a"


@pytest.mark.parametrize(
    "document",
    [
        "<script>" + '""' * 5000,
        "<script>" + "</x" * 5000,
        "<b>" * 5000,
        "<" * 20_000,
        "<style>" + "url(" * 5000,
        "<a " + "x=y " * 5000,
    ],
)
def test_big_documents(document: str) -> None:
    try:
        assert compile_template(document, Kind.DETAILS).render(details())
    except DiagnosticError as problem:
        assert problem.diagnostics[0].code == "TD320"
