"""Delta debugging gives something that holds, in order, of which nothing can be left out, within its budget."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tickdiscord.testing.shrinking import BUDGET, smallest

NUMBERS = st.lists(st.integers(0, 30), max_size=25)
MANY = 10_000
"""Asks more often than any of these lists needs."""


def is_part(part: Sequence[int], whole: Sequence[int]) -> bool:
    """Whether a list is another with some left out."""
    rest = iter(whole)
    return all(each in rest for each in part)


@given(NUMBERS, st.sets(st.integers(0, 30), max_size=4))
def test_what_is_needed_stays_and_nothing_else(items: list[int], needed: set[int]) -> None:
    needed &= set(items)
    found = smallest(items, lambda some: needed <= set(some), MANY)
    assert sorted(found) == sorted(needed)
    assert is_part(found, items)


@given(NUMBERS, st.integers(0, 60))
def test_none_of_what_is_given_can_be_left_out(items: list[int], least: int) -> None:
    least = min(least, sum(items))
    found = smallest(items, lambda some: sum(some) >= least, MANY)
    assert sum(found) >= least
    assert all(sum(found) - each < least for each in found)


@given(NUMBERS, st.integers(0, 40), st.integers(0, 20))
def test_a_budget_is_kept_and_what_is_given_holds(items: list[int], least: int, budget: int) -> None:
    asked: list[int] = []
    least = min(least, sum(items))

    def holds(some: Sequence[int]) -> bool:
        asked.append(sum(some))
        return sum(some) >= least

    assert sum(smallest(items, holds, budget)) >= least
    assert len(asked) <= budget


def test_two_of_a_thousand_are_found_within_the_usual_budget() -> None:
    found = smallest(range(1000), lambda some: {17, 803} <= set(some), BUDGET)
    assert found == [17, 803]
