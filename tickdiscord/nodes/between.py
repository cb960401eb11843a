"""The time between two points, as Go has it."""

from tickdiscord.lambdas.int64 import GREATEST, LEAST


def between(earlier: int, later: int) -> float:
    """The nanoseconds from one time to another; what an int64 cannot hold stops at its ends (Go: `Time.Sub`)."""
    passed = later - earlier
    if LEAST <= passed <= GREATEST:
        return float(passed)
    return float(GREATEST if passed > 0 else LEAST)
