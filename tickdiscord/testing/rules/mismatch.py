"""What does not hold of a test's expectations, and what one is held against."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch

from tickdiscord.testing.rules.expectations import Expectation
from tickdiscord.testing.rules.replay import Focus
from tickdiscord.testing.rules.run import Observed


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison: what was expected and what came, at a time of the common axis.

    `mark` is empty where both agree, `missing`, `extra`, or `different`, and then `why` says in what.
    """

    time: str
    expected: str
    got: str
    mark: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that does not hold."""

    expectation: Expectation
    title: str
    rows: Sequence[Row] = ()
    focus: Focus | None = None
    hint: str = ""


@singledispatch
def compare(expectation: Expectation, observed: Observed) -> Iterator[Mismatch]:
    """The mismatches of one expectation: at most one."""
    raise NotImplementedError(type(expectation).__name__)
