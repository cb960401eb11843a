"""A data contract: the measurements that come, with their tags, fields, ranges and times."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tickdiscord.lambdas import Type
from tickdiscord.lint.types import Types


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. `values` counts its values; with `more` there are more than were counted."""

    values: int | None = None
    more: bool = False
    examples: Sequence[str] = ()

    @property
    def all_values(self) -> frozenset[str] | None:
        """All its values, if they are known."""
        return frozenset(self.examples) if not self.more and self.values == len(self.examples) else None


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `low` and `high` are its extremes as a number, `step` the smallest difference between two values."""

    types: Types = frozenset()
    counts: Mapping[Type, int] = field(default_factory=dict[Type, int])
    low: float | None = None
    high: float | None = None
    step: float | None = None
    examples: Sequence[str] = ()

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Gap:
    """The longest time between two points of one series: nanoseconds, from its beginning on."""

    length: int
    begin: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement. `cadence` is the median interval between the points of a series, in nanoseconds.

    `gaps` counts intervals of more than three times that; `late` the points older than the one before in their series.
    """

    points: int = 0
    series: int | None = None
    more_series: bool = False
    cadence: int | None = None
    gaps: int = 0
    longest_gap: Gap | None = None
    late: int = 0
    tags: Mapping[str, Tag] = field(default_factory=dict[str, Tag])
    fields: Mapping[str, Field] = field(default_factory=dict[str, Field])


@dataclass(frozen=True, slots=True)
class Contract:
    """What is known of some data. Times are nanoseconds; `more` says that there were too many names to count all."""

    measurements: Mapping[str, Measurement] = field(default_factory=dict[str, Measurement])
    first: int | None = None
    last: int | None = None
    dbrps: Sequence[str] = ()
    rejected: int = 0
    more: bool = False

    @property
    def points(self) -> int:
        """How many points there were."""
        return sum(each.points for each in self.measurements.values())

    def of(self, names: Iterable[str]) -> Sequence[Measurement]:
        """The measurements of these names that there are; all of them for the name ''."""
        wanted = set(names)
        return [each for name, each in self.measurements.items() if "" in wanted or name in wanted]
