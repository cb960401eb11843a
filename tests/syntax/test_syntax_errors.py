"""What is said about scripts that do not parse; the scripts are in `errors.yaml`."""

from pathlib import Path

import pytest
import yaml

from tickdiscord.diagnostics import DiagnosticError, render
from tickdiscord.syntax.parser import MOST_ERRORS, parse, parse_expression

CASES = yaml.safe_load(Path(__file__).with_name("errors.yaml").read_text(encoding="utf-8"))


def complaint(read: object, text: str) -> str:
    """What `parse` or `parse_expression` says about a text, or nothing."""
    try:
        assert callable(read)
        read(text, "rule.tick")
    except DiagnosticError as refused:
        return "\n".join(map(render, refused.diagnostics))
    return ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["script"].strip().splitlines()[-1].strip())
def test_what_is_said(case: dict[str, str]) -> None:
    assert complaint(parse, case["script"]) == case["says"]


@pytest.mark.parametrize("text", ["", "   ", "// only a comment"])
def test_an_expression_is_missing(text: str) -> None:
    assert "an expression is missing" in complaint(parse_expression, text)


TOO_DEEP = {
    "parentheses": "(" * 10_000,
    "closed parentheses": "(" * 10_000 + "1" + ")" * 10_000,
    "calls": "f(" * 10_000,
    "minus signs": "-" * 10_000 + "1",
    "right operands": "(a OR b AND c == d > e + f * " * 60 + "1" + ")" * 60,
    "operators": "1" + " + 1" * 10_000,
}


@pytest.mark.parametrize("text", TOO_DEEP.values(), ids=TOO_DEEP)
def test_nesting_has_a_limit(text: str) -> None:
    assert "TD007" in complaint(parse_expression, text)


def test_chains_have_a_limit() -> None:
    assert not complaint(parse, "stream" + "|a()" * 300)
    assert "TD007" in complaint(parse, "stream" + "|a()" * 301)


def test_many_errors_are_cut_short() -> None:
    assert complaint(parse, "var x = 08\n" * 1_000).count("TD004") == MOST_ERRORS


GARBAGE = {
    "nothing at all": "\0" * 20_000,
    "quotes": "'\n\"" * 20_000 + "'",
    "escapes": "'" + "\\'" * 50_000,
    "one regex": "/" + "(a*" * 20_000 + "/",
    "numbers run together": "var x = " + "1h" * 10_000,
    "digits": "var x = " + "9" * 100_000,
    "digits and a unit": "var x = " + "9" * 100_000 + "w",
    "an exponent": "var x = 1e" + "9" * 100_000,
    "bytes that are not UTF-8": "var x = '\udcff'",
}


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_refused(text: str) -> None:
    said = complaint(parse, text)
    assert "error[TD0" in said
    said.encode()
