"""No false alarm: what a rule says of a condition holds for every point of a grid, missing and mistyped fields too."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickdiscord import load
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.lint import findings

FIELDS = ("x", "y")
VALUES = (None, "0i", "5i", "5.0", "5.5", "6i", "9.5", "-1.0", "true", '"a"', '"b"')
GRID = tuple(product(VALUES, repeat=len(FIELDS)))
LINES = [
    ",".join([f"cpu,n={number} z=1", *(f"{name}={value}" for name, value in zip(FIELDS, point, strict=True) if value)])
    for number, point in enumerate(GRID)
]

NUMBERS = ("0", "5", "5.0", "5.5", "6", "9.5", "-1.0")
LITERALS = st.sampled_from((*NUMBERS, *NUMBERS, "'a'", "'b'", "5s"))
TERMS = st.sampled_from(('"x"', '"y"'))
RESULTS = st.sampled_from(('float("x")', '("x" + 1.0)', '(2.0 * "y")'))
SIGNS = st.sampled_from("< <= > >= == == !=".split())
COMPARISONS = st.one_of(
    st.builds("{} {} {}".format, TERMS, SIGNS, LITERALS),
    st.builds("{} {} {}".format, LITERALS, SIGNS, TERMS),
    st.builds("{} {} {}".format, RESULTS, SIGNS, st.sampled_from(NUMBERS)),
    st.sampled_from(("count() > 5", "TRUE", "FALSE", 'isPresent("x")', '!("x" > 5)', 'sigma("x") > 0.5')),
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(("AND", "OR")), inner),
    max_leaves=4,
)


def levels(text: str, lines: Sequence[str] = LINES) -> set[str]:
    """The levels that a rule reaches, each point a group of its own, so that none has a past."""
    return {str(each.event.state.level) for each in load(text).run("\n".join(lines)).events}


def codes(text: str) -> set[str]:
    return {each.code for each in findings([load(text).pipeline], Workspaces(open=True))}


ALERT = "stream|from().measurement('cpu').groupBy('n'){where}|alert(){levels}"
RULES = settings(max_examples=40, deadline=None)


@RULES
@given(CONDITIONS)
def test_impossible_condition(condition: str) -> None:
    rule = ALERT.format(where="", levels=f".crit(lambda: {condition})")
    if "TD706" in codes(rule):
        assert "CRITICAL" not in levels(rule)


@RULES
@given(CONDITIONS, CONDITIONS, CONDITIONS)
def test_unreachable_level(warn: str, crit: str, where: str) -> None:
    for filtered in ("", f"|where(lambda: {where})"):
        rule = ALERT.format(where=filtered, levels=f".crit(lambda: {crit}).warn(lambda: {warn})")
        if "TD705" in codes(rule):
            assert "WARNING" not in levels(rule)


@RULES
@given(CONDITIONS, CONDITIONS, st.sampled_from(("", "|eval(lambda: 7.0).as('x').keep()", "|default().field('y', 5)")))
def test_filtered_condition(where: str, crit: str, between: str) -> None:
    rule = ALERT.format(where=f"|where(lambda: {where}){between}", levels=f".crit(lambda: {crit})")
    if "TD724" in codes(rule):
        assert "CRITICAL" not in levels(rule)


@RULES
@given(CONDITIONS, CONDITIONS)
def test_endless_level(crit: str, reset: str) -> None:
    rule = ALERT.format(where="", levels=f".crit(lambda: {crit}).critReset(lambda: {reset})")
    if "TD707" in codes(rule):
        assert "INFO" not in levels(ALERT.format(where="", levels=f".crit(lambda: {crit}).info(lambda: {reset})"))


@RULES
@given(CONDITIONS, CONDITIONS, st.data())
def test_useless_reset(crit: str, reset: str, data: st.DataObject) -> None:
    """The same points of one group make the same levels with and without the reset."""
    rule = ALERT.format(where="", levels=f".crit(lambda: {crit}).critReset(lambda: {reset})").replace(
        ".groupBy('n')", ""
    )
    if "TD709" not in codes(rule):
        return
    lines = data.draw(st.lists(st.sampled_from(LINES), max_size=12))
    plain = rule.replace(f".critReset(lambda: {reset})", "")
    found = [
        [str(each.event.state.level) for each in load(text).run("\n".join(lines)).events] for text in (rule, plain)
    ]
    assert found[0] == found[1]


CAUGHT = {
    "TD705": '.crit(lambda: "x" > 5).warn(lambda: "x" > 6)',
    "TD706": """.crit(lambda: "x" == 'a' AND "x" == 'b')""",
    "TD707": '.crit(lambda: "x" > 5).critReset(lambda: "x" > 6 AND "y" > 5)',
    "TD709": '.crit(lambda: "x" > 5).critReset(lambda: "x" <= 5)',
}


@pytest.mark.parametrize("code", CAUGHT)
def test_the_grid_has_what_it_takes(code: str) -> None:
    assert code in codes(ALERT.format(where="", levels=CAUGHT[code]))
