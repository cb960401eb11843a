"""What templates give, how they fail, and what is still known then."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from template_events import ID, details, message

from tickdiscord.diagnostics import Source, Span
from tickdiscord.templates import NIL_FIELDS, NIL_TAGS, AggregateData, Kind, TemplateError, TitleData, compile_template

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "rendering.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["template"]) for case in CASES])
def test_a_message(case: dict[str, Any]) -> None:
    template = compile_template(case["template"], Kind.MESSAGE)
    if "fails" in case:
        with pytest.raises(TemplateError) as raised:
            template.render(message())
        assert case["fails"] in raised.value.reason
    else:
        assert template.render(message()) == case["gives"]


def test_each_kind_sees_its_own_data() -> None:
    aggregate = compile_template("Received {{ .Count }} events in the last {{.Interval}}.", Kind.AGGREGATE)
    assert aggregate.render(AggregateData(3, 60_000_000_000)) == "Received 3 events in the last 1m0s."
    assert compile_template("{{ .Name }}:{{ .Group }}", Kind.ID).render(ID) == "cpu:host=a"
    assert compile_template("<b>{{ .Message }}</b>", Kind.DETAILS).render(details()) == "<b>cpu is &lt;CRITICAL&gt;</b>"
    title = TitleData("agg", "3 events", "OK", 0, 0, "", "", "", "", NIL_TAGS, NIL_FIELDS)
    assert compile_template("{{ .ID }}{{ .Tags }}{{ if .Fields }}x{{ end }}", Kind.TITLE).render(title) == "aggmap[]"


def test_a_failure_says_where_and_keeps_what_was_written() -> None:
    script = "stream|from()|alert().message('v: {{ index \"ab\" .Fields.n }}')"
    start = script.index("'v:")
    template = compile_template(
        script[start + 1 : -2], Kind.MESSAGE, Span(start, len(script) - 1), Source("cpu.tick", script)
    )
    with pytest.raises(TemplateError) as raised:
        template.render(message())
    problem = raised.value
    place = 'template: message:1:6: executing "message" at <index "ab" .Fields.n>'
    assert problem.message == f"{place}: error calling index: index out of range: 42"
    assert problem.written == "v: "
    span = problem.diagnostic.span
    assert span is not None and script[span.start : span.end] == 'index "ab" .Fields.n'
    assert "cpu.tick:1:" in str(problem.diagnostic)


def test_the_message_of_an_aggregate_is_cut_where_it_fails() -> None:
    template = compile_template("{{ .Count }}{{ if .Count }}{{ index `a` .Count }}{{ end }} events", Kind.AGGREGATE)
    assert template.render(AggregateData(7, 1)) == "7"


def test_a_template_can_be_rendered_again_after_it_failed() -> None:
    template = compile_template("{{ gt .Fields.x 1 }}", Kind.MESSAGE)
    with pytest.raises(TemplateError):
        template.render(message({}))
    assert template.render(message({"x": 2})) == "true"
