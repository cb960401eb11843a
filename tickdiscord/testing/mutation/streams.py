"""Streams on which a rule and a mutant of it are compared: the tests' own points, and such as its constants give.

Of the latter each has a few series of those that the tests use, or such that differ from them in one tag or the
measurement. A field takes values at the numbers that the rule compares it with, a step of the data above and below
them, and such as the tests have. It stays as it is for long, for short, or hardly at all, so that windows fill,
durations pass, levels flap and resets are asked for; points are missing now and then. The points lie as far apart as
those of the tests, or as the durations in the rule demand.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from tickdiscord.points.model import Series, SeriesPool, Value
from tickdiscord.testing.mutation.constants import MINUTE, Constants, constants_of
from tickdiscord.testing.mutation.grain import Grain
from tickdiscord.testing.mutation.trying import Case
from tickdiscord.testing.rules.feed import Fed, FedSource, Feed
from tickdiscord.testing.rules.moments import SECOND, Moment
from tickdiscord.testing.rules.suite import Circumstances

MADE = 48
"""So many streams are made of the constants of a rule."""
LENGTH = 30
"""Points of a series in one of them."""
MOST_SERIES = 2
MOST_OWN_POINTS = 2_000
"""Tests with more points are no streams themselves: to compare and shrink them would take too long."""
MOST_SEEN = 12
"""So many values of a field that tests have are used."""
HOLDS = (0.0, 0.6, 0.9)
"""How likely a field stays as it is from one point to the next."""
MISSING = (0.0, 0.0, 0.1, 0.5)
"""How likely a point is missing."""
DEFAULT_INTERVAL = 10 * SECOND
LONGEST = 7 * 24 * 60 * MINUTE
"""A duration of a rule that is longer counts as this."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Points for a rule that is loaded as for one of its tests, and the circumstances; `start` in ns since 1970."""

    case: Case
    points: Sequence[Fed]
    start: int
    circumstances: Circumstances

    def feed(self, points: Sequence[Fed] | None = None) -> Feed:
        """The points, or others in their place, as a test feeds them."""
        own = self.points if points is None else points
        return Feed((FedSource(own),), Moment(self.start, absolute=True), self.case.test.feed.database)


@dataclass(slots=True)
class Known:
    """What the tests of one setup show of the data: series, the values of each field, how far points lie apart."""

    case: Case
    pool: SeriesPool = field(default_factory=SeriesPool)
    series: dict[Series, dict[str, None]] = field(default_factory=dict[Series, dict[str, None]])
    """Each with the names of its fields."""
    constants: Constants = field(default_factory=Constants)
    values: dict[str, dict[Value, None]] = field(default_factory=dict[str, dict[Value, None]])
    intervals: set[int] = field(default_factory=set[int])

    def note(self, points: Iterable[Fed]) -> None:
        """Learn from the points of a test."""
        newest: dict[Series, int] = {}
        for fed in points:
            series = self.pool.like(fed.series, fed.series.tags)
            self.series.setdefault(series, {}).update(dict.fromkeys(fed.fields))
            for name, value in fed.fields.items():
                seen = self.values.setdefault(name, {})
                if len(seen) < MOST_SEEN:
                    seen.setdefault(value)
            before = newest.get(series)
            if before is not None and fed.time > before:
                self.intervals.add(fed.time - before)
            newest[series] = fed.time


def streams(cases: Sequence[Case], grain: Grain, random: Random) -> Iterator[Stream]:
    """The streams for a rule, the tests' own first."""
    known: dict[object, Known] = {}
    for case in cases:
        start = case.test.feed.base()
        points = _some(case.test.feed.points(start))
        found = known.setdefault(case.test.setup, Known(case, constants=constants_of(case.loaded)))
        found.note(points)
        if points and len(points) <= MOST_OWN_POINTS:
            yield Stream(case, points, start, case.test.circumstances)
    usable = [each for each in known.values() if each.series]
    for number in range(MADE if usable else 0):
        chosen = usable[number % len(usable)]
        yield _made(chosen, grain, random)


def _some(points: Iterator[Fed]) -> list[Fed]:
    found: list[Fed] = []
    for each in points:
        found.append(each)
        if len(found) > 10 * MOST_OWN_POINTS:
            break
    return found


def _made(known: Known, grain: Grain, random: Random) -> Stream:
    constants = known.constants
    values = {name: _candidates(name, list(seen), constants, grain) for name, seen in known.values.items()}
    interval = random.choice(_intervals(known, constants))
    hold, missing = random.choice(HOLDS), random.choice(MISSING)
    start = known.case.test.feed.base()
    points: list[Fed] = []
    for series, names in _series(known, constants, random):
        current = {name: random.choice(values[name]) for name in names}
        for index in range(LENGTH):
            current = {
                name: old if random.random() < hold else random.choice(values[name]) for name, old in current.items()
            }
            if random.random() >= missing:
                points.append(Fed(start + index * interval, series, dict(current)))
    points.sort(key=lambda each: each.time)
    ahead = LENGTH * interval + 2 * max((*constants.durations, interval))
    until = Moment(min(ahead, LONGEST)) if constants.waits else known.case.test.circumstances.until
    return Stream(known.case, points, start, replace(known.case.test.circumstances, until=until))


def _candidates(name: str, seen: Sequence[Value], constants: Constants, grain: Grain) -> Sequence[Value]:
    """The values that a field is given: strings and bools as they are known, numbers around each constant."""
    if any(isinstance(each, str | bool) for each in seen):
        texts = constants.texts.get(name, set()) if isinstance(seen[0], str) else set[str]()
        return [*seen, *sorted(texts), *([True, False] if isinstance(seen[0], bool) else [])]
    step, may_be_float = grain.step((name,), 1.0, is_float=False)
    numbers = constants.numbers.get(name) or constants.all_numbers()
    around = sorted({round(number + by * float(step), 9) for number in numbers for by in (-1, 0, 1)})
    if may_be_float:
        return [*around, *(float(each) for each in seen)]
    return [*dict.fromkeys(int(each) for each in around), *seen]


def _intervals(known: Known, constants: Constants) -> Sequence[int]:
    """As far apart as in the tests, and so that a duration holds some points, or none."""
    own = sorted(known.intervals)[:4] or [DEFAULT_INTERVAL]
    lengths = sorted(min(each, LONGEST) for each in constants.durations)
    return [*own, *own, *(max(1, length // part) for length in lengths for part in (1, 4))]


def _series(known: Known, constants: Constants, random: Random) -> Iterator[tuple[Series, Iterable[str]]]:
    """Some series of the tests; to one of them perhaps a twin."""
    own = list(known.series.items())
    chosen = random.sample(own, min(len(own), random.randint(1, MOST_SERIES)))
    yield from chosen
    series, names = random.choice(chosen)
    if random.random() < 0.5:
        twin = _twin(series, known, constants, random)
        if twin not in dict(chosen):
            yield twin, names


def _twin(series: Series, known: Known, constants: Constants, random: Random) -> Series:
    """A series that differs in the value of one tag, or in the measurement."""
    tag = random.choice(["", *sorted(series.tags)])
    if not tag:
        others = {each.name for each in known.series}
        return known.pool.like(series, series.tags, random.choice(sorted({*others, "other"} - {series.name})))
    others = {each.tags[tag] for each in known.series if tag in each.tags} | constants.texts.get(tag, set())
    value = random.choice(sorted({*others, "other"} - {series.tags[tag]}))
    return known.pool.like(series, {**series.tags, tag: value})
