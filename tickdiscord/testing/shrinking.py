"""Delta debugging: the fewest of some things that still show what all of them show."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

BUDGET = 500
"""So often is asked at most, if nobody says otherwise."""


def smallest(items: Sequence[Item], holds: Callable[[Sequence[Item]], bool], budget: int = BUDGET) -> list[Item]:
    """Some of the items, in their order, for which it still holds and of which no single one can be left out.

    It is taken for granted that it holds for all of them. `holds` is asked at most `budget` times; when that is spent,
    the fewest found so far are given, of which some may be needless. Whatever is given, it holds for it. The order is
    that of Zeller and Hildebrandt's ddmin: large pieces are left out first, then smaller and smaller ones.
    """
    kept, size = list(items), len(items)
    while size and kept:
        left_out = False
        at = 0
        while at < len(kept):
            if not budget:
                return kept
            budget -= 1
            fewer = kept[:at] + kept[at + size :]
            if holds(fewer):
                kept, left_out = fewer, True
            else:
                at += size
        if size > 1:
            size = min(size, len(kept) + 1) // 2
        elif not left_out:
            break
    return kept
