"""Rules that act on one another: what comes of points is the same, however many come at a time."""

import pytest
import streams
from hypothesis import given, settings
from hypothesis import strategies as st

RULES = {
    "two rules, one topic": [
        """stream|from().measurement('cpu').groupBy('host')
            |alert().id('{{ index .Tags "host" }}').warn(lambda: "v" > 4).stateChangesOnly().topic('shared')""",
        """stream|from().measurement('cpu').groupBy('host').where(lambda: "v" != 3)
            |alert().id('{{ index .Tags "host" }}').crit(lambda: "v" > 7).topic('shared')""",
    ],
    "two alerts of a rule, one topic": [
        """var cpu = stream|from().groupBy('host')
        cpu|window().periodCount(3).everyCount(2)|max('v').as('v')
            |alert().id('{{ index .Tags "host" }}').warn(lambda: "v" > 5).topic('shared')
        cpu|alert().id('{{ index .Tags "host" }}').crit(lambda: "v" > 6).topic('shared').stateChangesOnly()"""
    ],
    "inhibition over rules": [
        """stream|from().measurement('cpu').groupBy('host')
            |alert().crit(lambda: "v" > 6).inhibit('children', 'host')""",
        """stream|from().groupBy('host')|alert().category('children').info(lambda: "v" > 2).stateChangesOnly()""",
    ],
    "an alert behind an alert, one topic": [
        """stream|from().groupBy('host')
            |alert().id('{{ index .Tags "host" }}').warn(lambda: "v" > 3).topic('shared')
            |alert().id('{{ index .Tags "host" }}').crit(lambda: "v" > 5).topic('shared')"""
    ],
    "alerts joined": [
        """var cpu = stream|from().measurement('cpu').groupBy('host')|alert().info(lambda: "v" > 3).topic('shared')
        var mem = stream|from().measurement('mem').groupBy('host')|alert().info(lambda: "v" > 3).topic('shared')
        cpu|join(mem).as('cpu', 'mem')|alert().crit(lambda: "cpu.v" > "mem.v").topic('joined')"""
    ],
    "a union joined with one of its branches": [
        """var cpu = stream|from().measurement('cpu').groupBy('host')|eval(lambda: "v" * 2).as('v')
        var mem = stream|from().measurement('mem').groupBy('host')
        var both = cpu|union(mem).rename('both')
        both|join(mem).as('both', 'mem')|alert().crit(lambda: "both.v" > "mem.v").topic('joined')"""
    ],
    "a union, one branch in the past": [
        """var cpu = stream|from().measurement('cpu').groupBy('host')
        var mem = stream|from().measurement('mem').groupBy('host')|shift(-3s)
        cpu|union(mem).rename('both')|sample(2)|alert().crit(lambda: "v" > 3).topic('both')"""
    ],
    "a join with all that fits": [
        """var cpu = stream|from().measurement('cpu').groupBy('host')
        cpu|join(cpu|where(lambda: "v" > 3)|shift(2s)).as('now', 'then').tolerance(4s).fill(0)
            |stateCount(lambda: "now.v" > "then.v")|alert().crit(lambda: "state_count" > 1).topic('joined')"""
    ],
    "one branch of a join is slower": [
        """var cpu = stream|from().measurement('cpu').groupBy('host')
        cpu|join(cpu|window().period(4s).every(2s)|mean('v').as('v')).as('now', 'mean').tolerance(2s)
            |alert().crit(lambda: "now.v" > "mean.v").topic('joined')"""
    ],
}

POINTS = st.lists(
    st.builds("{0},host={1} v={2}i".format, st.sampled_from(["cpu", "mem"]), st.sampled_from("abc"), st.integers(0, 9)),
    min_size=15,
    max_size=30,
)


def events(scripts: list[str], points: list[str], size: int | None) -> list[object]:
    case = {"scripts": scripts, "points": "\n".join(points), "precision": "s"}
    return [[(each.task, each.published, each.entries)] for each in streams.happenings(case, size=size)]


@pytest.mark.parametrize("scripts", RULES.values(), ids=RULES)
@settings(max_examples=30)
@given(points=POINTS, size=st.integers(1, 9))
def test_the_size_of_chunks_changes_nothing(scripts: list[str], points: list[str], size: int) -> None:
    assert events(scripts, points, size) == events(scripts, points, None)
