"""The margin of a condition: its sign is what the condition comes to, its size how far the values are from another."""

import math
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickdiscord.clock import ManualClock
from tickdiscord.lambdas import Environment, Explainer, Operand
from tickdiscord.syntax.parser import parse_expression
from tickdiscord.testing import Rule
from tickdiscord.testing.margins import Gauge, Margin

WORLD = Environment(ManualClock(0))


def margin(condition: str, row: dict[str, Operand]) -> Margin | None:
    expression = parse_expression(condition)
    return Gauge(expression, WORLD).of(Explainer(expression, WORLD)(row), row)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('"four" < 5', 0.2),
        ('"four" > 5', -0.2),
        ('5 > "four"', 0.2),
        ('"four" > "two"', 1.0),
        ('"four" - "two" >= 1.0', 1.0),
        ('"four" > 2.0 * 4.0', -0.5),
        ('"four" < 4', -0.0),
        ('"four" <= 4', 0.0),
        ('"four" > 0', 4.0),
        ('"int" > 10', -0.7),
        ('"four" > -8', 1.5),
        ('"four" < 5 AND "two" < 4', 0.2),
        ('"four" > 5 AND "two" > 4', -0.5),
        ('"four" < 5 OR "two" < 4', 0.5),
        ('"four" > 5 OR "two" > 4', -0.2),
        ('!("four" < 5)', -0.2),
        ('!("four" > 5 AND "two" < 4)', 0.2),
        ('"four" == 4', math.inf),
        ("\"text\" == 'up'", math.inf),
        ('"text" =~ /down/', -math.inf),
        ('"yes"', math.inf),
        ('!"yes"', -math.inf),
        ('"yes" AND "four" < 5', 0.2),
        ('"four" > 5 AND "gone" > 5', -math.inf),
        ('"four" < 5 OR "gone" > 5', 0.2),
        ('isPresent("gone") AND "gone" > 5', -math.inf),
        ('abs("four" - 6.0) < 1.0', -1.0),
        ("TRUE", math.inf),
    ],
)
def test_the_size_of_a_margin(condition: str, expected: float) -> None:
    found = margin(condition, {"four": 4.0, "two": 2.0, "int": 3, "text": "up", "yes": True})
    assert found is not None
    assert found.signed == pytest.approx(expected)
    assert math.copysign(1, found.signed) == math.copysign(1, expected)


@pytest.mark.parametrize("condition", ['"gone" > 5', '"gone" > 5 AND "four" < 5', '"four" > \'up\' OR "four" < 5'])
def test_a_condition_that_fails_has_no_margin(condition: str) -> None:
    assert margin(condition, {"four": 4.0}) is None


NUMBERS = st.sampled_from(["0.0", "1.0", "-2.5", '"x"', '"y"', '"x" + "y"', '"x" * 2.0', 'float("n")'])
COMPARISONS = st.builds("{} {} {}".format, NUMBERS, st.sampled_from("< <= > >= == !=".split()), NUMBERS)
ATOMS = st.one_of(COMPARISONS, st.sampled_from(['"b"', "TRUE", "\"s\" == 'up'", '"s" =~ /u/', 'isPresent("y")']))
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=8,
)
VALUES = st.one_of(st.sampled_from([0.0, 1.0, -2.5]), st.floats(-1e300, 1e300))
ROWS = st.fixed_dictionaries(
    {"x": VALUES, "n": st.integers(-5, 5), "b": st.booleans(), "s": st.sampled_from(["up", "down"])},
    optional={"y": VALUES},
)


@given(CONDITIONS, ROWS)
def test_its_sign_is_what_the_condition_comes_to(condition: str, row: dict[str, Operand]) -> None:
    expression = parse_expression(condition)
    result = Explainer(expression, WORLD)(row).result
    found = margin(condition, row)
    if not isinstance(result, bool):
        assert found is None
        return
    assert found is not None
    assert (found.holds, math.copysign(1, found.signed)) == (result, 1 if result else -1)
    assert found.distance >= 0


@given(st.sampled_from(["<", "<=", ">", ">="]), st.floats(0.01, 1e6), st.floats(-1e6, 1e6))
def test_values_within_the_margin_decide_alike_and_those_beyond_it_otherwise(op: str, limit: float, x: float) -> None:
    condition = f'"x" {op} {limit:f}'
    found = margin(condition, {"x": x})
    assert found is not None
    limit = float(f"{limit:f}")
    towards = 1 if (op[0] == "<") == found.holds else -1
    for share, same in ((0.99, True), (1.01, False)):
        moved = margin(condition, {"x": x + towards * share * found.distance * abs(limit)})
        assert moved is not None
        if found.distance > 1e-6:
            assert (moved.holds == found.holds) == same


def test_the_margins_of_a_rule_are_typed(tmp_path: Path) -> None:
    script = tmp_path / "cpu.tick"
    script.write_text(
        """stream|from().measurement('cpu').groupBy('host')|alert()
            .warn(lambda: "idle" < 20).crit(lambda: "idle" < 5)"""
    )
    found = Rule(script).feed({"cpu,host=a idle": "30 4", "cpu,host=b idle": "10 _"})
    assert [(each.at, each.group, each.margin) for each in found.margins(level="CRITICAL")] == [
        (timedelta(0), "host=a", -5.0),
        (timedelta(0), "host=b", -1.0),
        (timedelta(seconds=10), "host=a", pytest.approx(0.2)),
    ]
    (last,) = found.margins("WARNING", "host=b")
    assert (last.comparison, last.value, last.threshold, last.margin) == ('"idle" < 20', "10.0", "20", 0.5)
