"""The field sets of a join: those of its parents under their prefixes, and what stands for a parent that is missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from tickdiscord.nodes.from_ import rounded
from tickdiscord.points.batch import Batch
from tickdiscord.points.model import Value

Parts = Sequence[Mapping[str, Value] | None]
"""The field set of each parent, in their order; None where one is missing."""


@dataclass(frozen=True, slots=True)
class Fields:
    """`prefixes` include the delimiter. Without `outer` a missing parent makes the whole point go missing.

    With it, its fields are `fill`, which may be None: then they are there by name, and lack a value to all who ask.
    """

    prefixes: Sequence[str]
    outer: bool
    fill: Value | None

    def joined(self, parts: Parts, names: Iterable[str]) -> dict[str, Value] | None:
        """The field set, None if there is none; `names` are what the fields of a missing parent are called."""
        if not self.outer and None in parts:
            return None
        fields: dict[str, Value | None] = {}
        for prefix, part in zip(self.prefixes, parts, strict=True):
            if part is None:
                fields.update((prefix + name, self.fill) for name in names)
            else:
                fields.update((prefix + name, value) for name, value in part.items())
        return cast("dict[str, Value]", fields)


def aligned(batches: Sequence[Batch | None], tolerance: int) -> Iterator[tuple[int, Parts]]:
    """Walk batches side by side: the oldest time that stands in front of any, and what stands there at that time.

    Times and the tolerance are in nanoseconds; times are rounded to it (Kapacitor: `joinset.JoinIntoBatch`).
    """
    times = [[rounded(time, tolerance) for time in each.rows.times()] if each else [] for each in batches]
    places = [0] * len(batches)
    while fronts := [each[place] for each, place in zip(times, places, strict=True) if place < len(each)]:
        oldest = min(fronts)
        parts: list[Mapping[str, Value] | None] = []
        for source, batch in enumerate(batches):
            place = places[source]
            if batch and place < len(times[source]) and times[source][place] == oldest:
                parts.append(batch.rows.rows.fields(place))
                places[source] += 1
            else:
                parts.append(None)
        yield oldest, parts


def first_names(batches: Sequence[Batch | None]) -> Sequence[str]:
    """What the fields of the first point of all are called."""
    return next((list(each.rows.rows.fields(0)) for each in batches if each), ())
