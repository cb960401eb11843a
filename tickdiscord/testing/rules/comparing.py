"""Holds what a test expects against what came out of it."""

from collections.abc import Sequence

from tickdiscord.testing.rules import comparing_events, comparing_margins, comparing_outputs
from tickdiscord.testing.rules.expectations import Expectation
from tickdiscord.testing.rules.mismatch import Mismatch, compare
from tickdiscord.testing.rules.run import Observed

KINDS = (comparing_events, comparing_margins, comparing_outputs)
"""Each registers with `compare` how expectations of some kinds are compared."""


def mismatches(expected: Sequence[Expectation], observed: Observed) -> list[Mismatch]:
    """Every expectation that does not hold."""
    return [found for each in expected for found in compare(each, observed)]
