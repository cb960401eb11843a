"""Laws of parser and formatter, on trees and texts that nobody wrote."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from script_strategies import formulas, programs, scribbles

from tickdiscord.diagnostics import DiagnosticError, render
from tickdiscord.syntax import tree
from tickdiscord.syntax.formatter import format_expression, format_program, format_script
from tickdiscord.syntax.parser import parse, parse_expression

KAPACITOR = Path(__file__).parent.parent / "conformance" / "format"
SCRIPTS = [path.read_text() for path in sorted(KAPACITOR.glob("*.expected.tick"))]

law = settings(deadline=None)


@law
@given(formulas)
def test_an_expression_survives_being_written(expression: tree.Expression) -> None:
    assert parse_expression(format_expression(expression)) == expression


@law
@given(programs)
def test_a_script_survives_being_written(program: tree.Program) -> None:
    written = format_program(program)
    assert parse(written) == program
    assert [statement.comment for statement in parse(written).statements] == [s.comment for s in program.statements]


@law
@given(programs)
def test_formatting_twice_changes_nothing(program: tree.Program) -> None:
    once = format_script(format_program(program))
    assert format_script(once) == once
    assert parse(once) == program


@law
@given(st.sampled_from(SCRIPTS), st.data())
def test_no_comment_is_lost(script: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(script)), min_size=1, max_size=4).map(sorted))
    pieces = [script[start:end] for start, end in pairwise([0, *places, len(script)])]
    comments = [f"// comment {number}" for number in range(len(places))]
    commented = "".join(f"{piece} {comment}\n" for piece, comment in zip(pieces, comments, strict=False)) + pieces[-1]
    try:
        same = parse(commented) == parse(script)
    except DiagnosticError:
        return
    if same:
        formatted = format_script(commented)
        assert sorted(line.strip() for line in formatted.splitlines() if "// comment" in line) == comments
        assert format_script(formatted) == formatted
        assert parse(formatted) == parse(script)


def _only_diagnostics(read: Callable[[str], object], text: str) -> None:
    try:
        read(text)
    except DiagnosticError as refused:
        assert refused.diagnostics
        for diagnostic in refused.diagnostics:
            assert diagnostic.span is not None
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
            render(diagnostic)


@law
@given(st.one_of(scribbles, st.text()))
@example("a\n.b(")
def test_any_text_is_read_or_refused(text: str) -> None:
    _only_diagnostics(format_script, text)
    _only_diagnostics(parse_expression, text)


@law
@given(st.sampled_from(SCRIPTS), st.data())
def test_a_script_with_a_slip_is_read_or_refused(script: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(script)))
    gone = data.draw(st.integers(0, 3))
    _only_diagnostics(format_script, script[:place] + data.draw(scribbles) + script[place + gone :])
