"""Bad input over all declarations: every argument of every node, handler and property, wrong in every way there is."""

from pathlib import Path

import pytest
from declarations import Call, calls, extremes_of, wrong_for

import tickdiscord
from tickdiscord.config.handler_files import read_handlers
from tickdiscord.config.handler_options import options_of
from tickdiscord.diagnostics import Diagnostic, DiagnosticError
from tickdiscord.handlers.others import OTHERS
from tickdiscord.handlers.registry import file_kinds
from tickdiscord.pipeline.evaluate import load_text

CALLS = list(calls())
EVERY = pytest.mark.parametrize("call", CALLS, ids=[call.id for call in CALLS])

POINTS = 'm,host=a v=1,text="x" 1\nm,host=b v=2i,text="y" 2\nm v=-3,other=TRUE 2\nother v=1 3\nm,host=a v=5 100\n'


def refused(script: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(DiagnosticError) as refusal:
        load_text(script, "task", "task.tick")
    return refusal.value.diagnostics


@EVERY
def test_the_wrong_type(call: Call) -> None:
    wanted = call.everything()
    right = [each.example for each in wanted]
    for position, type in enumerate(wanted):
        for literal in wrong_for(type, call.sample):
            arguments = [*right[:position], literal, *right[position + 1 :]]
            (found,) = refused(call.script(arguments))
            start, end = call.place(arguments)
            assert found.code == "TD101", literal
            assert found.span is not None
            assert start < found.span.start < found.span.end < end
            assert f"{call.name}()" in found.message
            assert found.hint


@EVERY
def test_the_wrong_number(call: Call) -> None:
    right = call.right() if call.types else []
    numbers = [right[:-1]] if right else []
    if call.most is not None:
        full = [each.example for each in call.everything()]
        numbers.append([*full, full[-1] if full else "'text'"])
    for arguments in numbers:
        (found,) = refused(call.script(arguments))
        start, end = call.place(arguments)
        assert found.code == "TD102"
        assert found.span is not None
        assert start <= found.span.start < found.span.end <= end


@EVERY
def test_the_ends_of_the_range(call: Call) -> None:
    wanted = call.everything()
    right = [each.example for each in wanted]
    out_of_range = 0
    for position, type in enumerate(wanted):
        for literal in extremes_of(type, call.sample):
            script = call.script([*right[:position], literal, *right[position + 1 :]])
            try:
                tickdiscord.load(script).run(POINTS, precision="s", until=200_000_000_000)
            except DiagnosticError as refusal:
                assert all(each.span is not None and str(each) for each in refusal.diagnostics)
                out_of_range += any(each.code == "TD104" for each in refusal.diagnostics)
    if any(found.check for found in call.wanted):
        assert out_of_range


OPTIONS = [(kind, option) for kind, found in file_kinds().items() for option in options_of(found)]
VALUES = (
    *"text 7 0.5 true 5m '' -1 0 99999999999999999999 [] [a] [[a]] {} null 2020-01-01 .nan".split(),
    *("[{a: b}]", "{a: b}", "{a: [b]}", "{a: {b: c}}", "[a, 7]", "{a: b, c: 7}"),
    *("!!binary aGk=", "&a [*a]", "|-\n    a\n    b"),
)


SERVICES = {found.in_files for found in OTHERS.values()}


@pytest.mark.parametrize(("kind", "option"), OPTIONS, ids=[f"{kind}.{option}" for kind, option in OPTIONS])
def test_options_of_handler_files(kind: str, option: str, tmp_path: Path) -> None:
    file = tmp_path / "h.yaml"
    refusals = 0
    for value in VALUES[:: 4 if kind in SERVICES else 1]:
        file.write_text(f"id: h\ntopic: t\nkind: {kind}\noptions:\n  {option}: {value}\n", encoding="utf-8")
        try:
            read_handlers([file])
        except DiagnosticError as refusal:
            refusals += 1
            assert all(each.span is not None and each.source is not None and str(each) for each in refusal.diagnostics)
    assert refusals
