"""Infers a contract from points as they come, in memory that does not grow with them."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tickdiscord.contract.model import Contract, Field, Gap, Measurement, Tag
from tickdiscord.lambdas import Type
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Series, Value

MOST_VALUES = 10_000
"""Values of one tag are counted up to this."""
MOST_SERIES = 50_000
"""Series that are counted, and whose intervals are measured."""
MOST_NAMES = 5_000
"""Measurements, and fields and tags over all of them, that are described."""
EXAMPLES = 5
LONGEST_EXAMPLE = 80
GAP = 3
"""An interval of more than so many times the cadence is a gap."""
DIGITS = 3
"""Intervals are told apart by so many digits, so that there are few different ones."""

TYPES: Mapping[type, Type] = {bool: Type.BOOL, int: Type.INT, float: Type.FLOAT, str: Type.STRING}


@dataclass(slots=True)
class TagNotes:
    """What was seen of a tag."""

    values: set[str] = field(default_factory=set[str])
    more: bool = False

    def note(self, value: str) -> None:
        if len(self.values) < MOST_VALUES:
            self.values.add(value)
        else:
            self.more |= value not in self.values

    def found(self) -> Tag:
        return Tag(len(self.values), self.more, _examples(self.values))


@dataclass(slots=True)
class FieldNotes:
    """What was seen of a field."""

    counts: Counter[Type] = field(default_factory=Counter[Type])
    low: float = math.inf
    high: float = -math.inf
    step: float = math.inf
    texts: set[str] = field(default_factory=set[str])

    def note(self, values: Sequence[Value]) -> None:
        """Take the values of some points."""
        kinds = Counter(map(type, values))
        self.counts.update({TYPES[kind]: count for kind, count in kinds.items()})
        if kinds.keys() & {int, float}:
            self._note_numbers(sorted({it for it in values if isinstance(it, float | int) and it is not bool(it)}))
        if str in kinds and len(self.texts) <= EXAMPLES:
            self.texts |= set(list(dict.fromkeys(it for it in values if isinstance(it, str)))[: EXAMPLES + 1])

    def _note_numbers(self, numbers: Sequence[float]) -> None:
        edges = [it for it in (self.low, self.high) if math.isfinite(it)]
        known = sorted([*numbers, *edges])
        self.low, self.high = known[0], known[-1]
        steps = (after - before for before, after in pairwise(known) if after > before)
        self.step = min(self.step, *steps, math.inf)

    def found(self) -> Field:
        numeric = self.low <= self.high
        return Field(
            frozenset(self.counts),
            dict(sorted(self.counts.items(), key=lambda each: each[0].value)),
            self.low if numeric else None,
            self.high if numeric else None,
            _shown(self.step) if math.isfinite(self.step) else None,
            _examples(self.texts),
        )


@dataclass(slots=True)
class MeasurementNotes:
    """What was seen of a measurement."""

    points: int = 0
    series: int = 0
    more_series: bool = False
    late: int = 0
    intervals: Counter[int] = field(default_factory=Counter[int])
    longest: Gap | None = None
    tags: dict[str, TagNotes] = field(default_factory=dict[str, TagNotes])
    fields: dict[str, FieldNotes] = field(default_factory=dict[str, FieldNotes])

    def note_interval(self, begin: int, end: int) -> None:
        """A point came at `end` after one of its series at `begin`."""
        length = end - begin
        if length > 0:
            self.intervals[_rounded(length)] += 1
            if self.longest is None or length > self.longest.length:
                self.longest = Gap(length, begin)
        elif length < 0:
            self.late += 1

    def found(self) -> Measurement:
        cadence = _median(self.intervals)
        gaps = sum(count for length, count in self.intervals.items() if cadence and length > GAP * cadence)
        return Measurement(
            self.points,
            self.series,
            self.more_series,
            cadence,
            gaps,
            self.longest if gaps else None,
            self.late,
            {name: notes.found() for name, notes in sorted(self.tags.items())},
            {name: notes.found() for name, notes in sorted(self.fields.items())},
        )


Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


class Describer:
    """Takes chunks, and says at any time what a contract of them is."""

    def __init__(self) -> None:
        self._measurements: dict[str, MeasurementNotes] = {}
        self._times: dict[Key, int] = {}
        self._keys: dict[Series, Key] = {}
        self._dbrps: set[str] = set()
        self._first: int | None = None
        self._last: int | None = None
        self._names = 0
        self._more = False

    def feed(self, chunk: Chunk) -> None:
        """Take points."""
        times = chunk.times()
        self._first = min(times) if self._first is None else min(self._first, *times)
        self._last = max(times) if self._last is None else max(self._last, *times)
        columns: dict[tuple[str, str], list[Value]] = {}
        for index, series in enumerate(chunk.series):
            notes = self._measurement(series.name)
            if notes is None:
                continue
            notes.points += 1
            self._note_series(series, times[index], notes)
            for name, value in chunk.rows.fields(index).items():
                column = columns.get((series.name, name))
                if column is None:
                    column = columns[series.name, name] = []
                column.append(value)
        for (measurement, name), values in columns.items():
            fields = self._measurements[measurement].fields
            if name in fields or self._may_grow():
                fields.setdefault(name, FieldNotes()).note(values)

    def contract(self, rejected: int = 0) -> Contract:
        """What the points were like; `rejected` lines were none."""
        found = {name: notes.found() for name, notes in sorted(self._measurements.items())}
        return Contract(found, self._first, self._last, tuple(sorted(self._dbrps)), rejected, self._more)

    def _measurement(self, name: str) -> MeasurementNotes | None:
        found = self._measurements.get(name)
        if found is None and self._may_grow():
            found = self._measurements[name] = MeasurementNotes()
        return found

    def _may_grow(self) -> bool:
        """Whether one name more is described."""
        self._more |= self._names >= MOST_NAMES
        self._names += not self._more
        return not self._more

    def _note_series(self, series: Series, time: int, notes: MeasurementNotes) -> None:
        key = self._keys.get(series)
        if key is None:
            if len(self._keys) >= MOST_SERIES:
                self._keys.clear()
            key = self._keys[series] = self._begin(series, notes)
        before = self._times.get(key)
        if before is not None:
            notes.note_interval(before, time)
        elif len(self._times) >= MOST_SERIES:
            notes.more_series = True
            return
        else:
            notes.series += 1
        self._times[key] = time

    def _begin(self, series: Series, notes: MeasurementNotes) -> Key:
        if series.database and len(self._dbrps) < MOST_VALUES:
            self._dbrps.add(f"{series.database}.{series.retention_policy}")
        for name, value in series.tags.items():
            if name in notes.tags or self._may_grow():
                notes.tags.setdefault(name, TagNotes()).note(value)
        return series.database, series.retention_policy, series.name, tuple(series.tags.items())


def described(chunks: Iterable[Chunk]) -> Contract:
    """The contract of some points."""
    describer = Describer()
    for chunk in chunks:
        describer.feed(chunk)
    return describer.contract()


def _examples(values: Iterable[str]) -> Sequence[str]:
    return tuple(each for each in sorted(values) if len(each) <= LONGEST_EXAMPLE)[:EXAMPLES]


def _shown(step: float) -> float:
    """A difference without what floats add to it: 0.1, not 0.09999999999999964."""
    return step if isinstance(step, int) else float(f"{step:.6g}")


def _rounded(length: int) -> int:
    """An interval to a few digits."""
    unit = 10 ** max(0, len(str(length)) - DIGITS)
    return (length + unit // 2) // unit * unit


def _median(lengths: Counter[int]) -> int | None:
    left = sum(lengths.values()) // 2
    for length, count in sorted(lengths.items()):
        if left < count:
            return length
        left -= count
    return None
