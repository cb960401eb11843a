"""The fewest points that keep a change of level: grown backwards from it, then made smaller piece by piece."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.nodes.barrier import BarrierNode
from tickdiscord.nodes.stats import Stats
from tickdiscord.points.model import Series, SeriesPool, Value
from tickdiscord.testing.pinning.changes import Change
from tickdiscord.testing.rules.feed import Fed, FedSource, Feed
from tickdiscord.testing.rules.loading import Loaded
from tickdiscord.testing.rules.moments import Moment
from tickdiscord.testing.rules.run import Observed, observe
from tickdiscord.testing.rules.suite import Circumstances
from tickdiscord.testing.shrinking import smallest

MOST_FED = 300_000
"""So many points are fed in all to find the fewest for one change; then those found so far must do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Points that keep a change, in a test that begins at `start` and runs on to `until`; times in ns since 1970."""

    points: Sequence[Fed]
    start: int
    until: int | None = None

    def shifted(self, by: int) -> "Kept":
        """The same, earlier by some time (ns)."""
        points = [replace(fed, time=fed.time - by) for fed in self.points]
        return Kept(points, self.start - by, None if self.until is None else self.until - by)


@dataclass(slots=True)
class Keeper:
    """Looks whether points keep a change, by running the rules on them.

    `troubles` are the codes of what may go wrong with single points, since it did so in the recording; `message` says
    whether the event must have the message that it has there.
    """

    loaded: Loaded
    change: Change
    begun: int
    """When the recording began; ns."""
    troubles: frozenset[str] = frozenset()
    message: bool = True
    left: int = MOST_FED
    intervals: Sequence[int] = ()
    """Of what the rules do by the clock; ns."""
    waits: bool = field(init=False)
    """Whether the rules may do something when no point comes."""

    def __post_init__(self) -> None:
        nodes = [node for pipeline in self.loaded.pipelines for node in pipeline.nodes]
        self.intervals = sorted({node.interval for node in nodes if isinstance(node, Stats)})
        self.waits = any(isinstance(node, Stats | BarrierNode) for node in nodes)

    def keeps(self, kept: Kept) -> bool:
        """Whether these points keep the change; no longer, when very many have been looked at."""
        self.left -= len(kept.points) + 1
        return self.left >= 0 and self.shows(kept)

    def shows(self, kept: Kept, shift: int = 0) -> bool:
        """Whether the change is among what comes of these points, which are shifted by some time (ns)."""
        if not kept.points:
            return False
        try:
            found = run(self.loaded, kept)
        except DiagnosticError:
            return False
        if not self.troubles.issuperset(each.code for each in found.troubles):
            return False
        events = zip(found.makers, found.events, strict=True)
        return self.change.is_in(events, shift, message=self.message)

    def grown(self, points: Sequence[Fed]) -> Kept | None:
        """The last of the points up to the change, as few as keep it in steps of two times as many; None if none do."""
        before = [fed for fed in points if fed.time <= self.change.time]
        after = [fed for fed in points if fed.time > self.change.time]
        size = 1
        while True:
            for kept in self._shapes(before[-size:], after, points[-size:]):
                if self.keeps(kept):
                    return kept
            if size >= len(points) or self.left < 0:
                return None
            size *= 2

    def _shapes(self, before: Sequence[Fed], after: Sequence[Fed], last: Sequence[Fed]) -> Iterator[Kept]:
        """Ways to go on behind the points before it: not at all, by the clock, to the next point, to the last one.

        At last the points as they came: perhaps that was not in the order of their times.
        """
        shapes: list[tuple[Sequence[Fed], int | None]] = [(before, None)]
        if self.waits:
            shapes.append((before, self.change.time))
        shapes += [([*before, *after[:count]], None) for count in sorted({1, len(after)}) if after]
        if last != before:
            shapes.append((last, None))
        for points, until in shapes:
            if points:
                yield from (Kept(points, start, until) for start in self._starts(points))

    def _starts(self, points: Sequence[Fed]) -> Iterator[int]:
        """When a test may begin: with its first point, or so that what the rules do by the clock comes when it came."""
        first = min(fed.time for fed in points)
        if not self.waits:
            yield first
            return
        for interval in self.intervals:
            yield self.change.time + (first - self.change.time) // interval * interval
        if not self.intervals:
            yield first
        yield self.begun

    def fewest(self, kept: Kept) -> Kept:
        """As few of the points as keep the change, of them as few fields and tags, and as late a start."""
        points = smallest(kept.points, lambda some: self.keeps(replace(kept, points=some)))
        kept = replace(kept, points=points)
        for start in self._starts(points):
            if start > kept.start and self.keeps(replace(kept, start=start)):
                kept = replace(kept, start=start)
                break
        fields = sorted({name for fed in kept.points for name in fed.fields})
        needed = smallest(fields, lambda names: self.keeps(replace(kept, points=with_fields(kept.points, names))))
        kept = replace(kept, points=with_fields(kept.points, needed))
        tags = sorted({name for fed in kept.points for name in fed.series.tags})
        needed = smallest(tags, lambda names: self.keeps(replace(kept, points=with_tags(kept.points, names))))
        return replace(kept, points=with_tags(kept.points, needed))


def run(loaded: Loaded, kept: Kept) -> Observed:
    """What comes of points.

    Raises:
        DiagnosticError: a lambda failed, and the run is to end then.
    """
    until = None if kept.until is None else Moment(kept.until, absolute=True)
    feed = Feed((FedSource(kept.points),), Moment(kept.start, absolute=True))
    return observe(loaded, feed, Circumstances(until=until))


def with_fields(points: Sequence[Fed], names: Sequence[str]) -> list[Fed]:
    """Points with some of their fields; one is left to a point that would have none."""
    return [replace(fed, fields=_fields(fed.fields, frozenset(names))) for fed in points]


def _fields(fields: Mapping[str, Value], names: frozenset[str]) -> Mapping[str, Value]:
    chosen = {name: value for name, value in fields.items() if name in names}
    return chosen or dict([min(fields.items())])


def with_tags(points: Sequence[Fed], names: Sequence[str]) -> list[Fed]:
    """Points with some of their tags."""
    pool, made = SeriesPool(), dict[Series, Series]()
    for series in {fed.series for fed in points}:
        made[series] = pool.like(series, {name: value for name, value in series.tags.items() if name in names})
    return [replace(fed, series=made[fed.series]) for fed in points]
