"""Puts two lists side by side so that as much as possible agrees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ExpectedT = TypeVar("ExpectedT")
GotT = TypeVar("GotT")

MOST_CELLS = 1_000_000
"""Longer lists are put side by side by their numbers."""

ALONE = 4.5
"""What it costs to leave one without a partner; two that differ are put together up to twice of it."""


@dataclass(frozen=True, slots=True)
class Pair(Generic[ExpectedT, GotT]):
    """What was expected, and what came in its place; either may be missing."""

    expected: ExpectedT | None
    got: GotT | None


def aligned(
    expected: Sequence[ExpectedT], got: Sequence[GotT], differences: Callable[[ExpectedT, GotT], int]
) -> list[Pair[ExpectedT, GotT]]:
    """The pairs of the cheapest way from one list to the other; `differences` counts in what two are unequal."""
    rows, columns = len(expected), len(got)
    if rows * columns > MOST_CELLS:
        most = range(max(rows, columns))
        return [Pair(expected[n] if n < rows else None, got[n] if n < columns else None) for n in most]
    unequal = [[_cost(differences(wanted, each)) for each in got] for wanted in expected]
    costs = [[ALONE * (row + column) for column in range(columns + 1)] for row in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        costs[row][columns] = ALONE * (rows - row)
    for column in range(columns, -1, -1):
        costs[rows][column] = ALONE * (columns - column)
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            costs[row][column] = min(
                unequal[row][column] + costs[row + 1][column + 1],
                ALONE + min(costs[row + 1][column], costs[row][column + 1]),
            )
    return _way(expected, got, unequal, costs)


def _cost(differences: int) -> float:
    """Two that differ in anything cost a little for that alone, so that equal ones are put together first."""
    return 0.0 if not differences else 1.0 + differences


def _way(
    expected: Sequence[ExpectedT], got: Sequence[GotT], unequal: list[list[float]], costs: list[list[float]]
) -> list[Pair[ExpectedT, GotT]]:
    pairs: list[Pair[ExpectedT, GotT]] = []
    row = column = 0
    while row < len(expected) or column < len(got):
        both = row < len(expected) and column < len(got)
        if both and costs[row][column] == unequal[row][column] + costs[row + 1][column + 1]:
            pairs.append(Pair(expected[row], got[column]))
            row, column = row + 1, column + 1
        elif row < len(expected) and (column == len(got) or costs[row][column] == ALONE + costs[row + 1][column]):
            pairs.append(Pair(expected[row], None))
            row += 1
        else:
            pairs.append(Pair(None, got[column]))
            column += 1
    return pairs
