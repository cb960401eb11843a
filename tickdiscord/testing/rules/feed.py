"""The points of a test, out of all its sources, in the order of their times, as chunks for the engine."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

from tickdiscord.clock import StreamClock
from tickdiscord.diagnostics import NOWHERE, Diagnostic, Span
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.draft import UNGROUPED
from tickdiscord.points.model import Series, SeriesPool, Value
from tickdiscord.points.precision import Precision
from tickdiscord.points.recording import open_points
from tickdiscord.testing.rules.moments import DAY, ZERO, Moment
from tickdiscord.testing.rules.series import Key

VIRTUAL = 366 * DAY
"""Points before this time since 1970 are in virtual time: a test without a start then begins at zero."""

SIZE = 1024
"""Points in a chunk of merged sources."""

Database = tuple[str, str]
"""A database and retention policy; empty texts mean where each rule looks."""


@dataclass(frozen=True, slots=True)
class Fed:
    """A point on its way into the engine; `time` is in nanoseconds since 1970."""

    time: int
    series: Series
    fields: Mapping[str, Value]


@dataclass(slots=True)
class Making:
    """What sources need to make points."""

    start: int
    database: Database
    pool: SeriesPool
    tell: Callable[[Diagnostic], None]
    """Takes what is wrong with single points."""

    def series(self, key: Key) -> Series:
        """The series with a name and tags, made once."""
        return self.pool.like(Series(*self.database, key.name, {}), key.tags)


class Source(Protocol):
    """Points that were written down in one piece."""

    def begin(self) -> int | None:
        """The time of its first point, None if it depends on when the test starts."""
        ...

    def points(self, making: Making) -> Iterator[Fed]:
        """Its points in the order in which they are written."""
        ...

    def chunks(self, making: Making) -> Iterator[Chunk]:
        """The same as chunks."""
        ...


@dataclass(frozen=True, slots=True)
class SeriesSource:
    """A series in virtual time: the values of each of its fields, `interval` apart (ns)."""

    key: Key
    fields: Mapping[str, Sequence[Value | None]]
    interval: int
    start: Moment = ZERO

    def begin(self) -> int | None:
        return self.start.ns if self.start.absolute else None

    def points(self, making: Making) -> Iterator[Fed]:
        series = making.series(self.key)
        begin = self.start.at(making.start)
        for index in range(max(map(len, self.fields.values()), default=0)):
            found = ((name, values[index] if index < len(values) else None) for name, values in self.fields.items())
            present = {name: value for name, value in found if value is not None}
            if present:
                yield Fed(begin + index * self.interval, series, present)

    def chunks(self, making: Making) -> Iterator[Chunk]:
        return chunked(self.points(making))


@dataclass(frozen=True, slots=True)
class WrittenPoint:
    """A line of line protocol; without a time it follows the line before it."""

    key: Key
    fields: Mapping[str, Value]
    time: int | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LinesSource:
    """Line protocol in a test file. Lines without a timestamp come one after another, `interval` apart (ns)."""

    written: Sequence[WrittenPoint]
    interval: int

    def begin(self) -> int | None:
        return next((each.time for each in self.written if each.time is not None), None)

    def points(self, making: Making) -> Iterator[Fed]:
        following = making.start
        for each in self.written:
            time = following if each.time is None else each.time
            following = time + self.interval
            yield Fed(time, making.series(each.key), each.fields)

    def chunks(self, making: Making) -> Iterator[Chunk]:
        return chunked(self.points(making))


@dataclass(frozen=True, slots=True)
class FileSource:
    """A recording or a file of line protocol, perhaps only what is in a range of times.

    A time of the range that is not absolute counts from the first point of the file.
    """

    path: Path
    precision: Precision = Precision.NANOSECOND
    first: Moment | None = None
    last: Moment | None = None

    def begin(self) -> int | None:
        """The time of the first point that is in the range.

        Raises:
            DiagnosticError: the file cannot be read.
        """
        making = Making(0, ("", ""), SeriesPool(), lambda _: None)
        return next((chunk.time(0) for chunk in self.chunks(making)), None)

    def points(self, making: Making) -> Iterator[Fed]:
        for chunk in self.chunks(making):
            for series, time, index in zip(chunk.series, chunk.times(), range(len(chunk)), strict=True):
                yield Fed(time, series, chunk.rows.fields(index))

    def chunks(self, making: Making) -> Iterator[Chunk]:
        with open_points(self.path) as file:
            reader = file.reader(
                clock=StreamClock(making.start),
                rejected=lambda rejected: making.tell(rejected.diagnostic(str(self.path))),
                database=making.database[0],
                retention_policy=making.database[1],
                precision=self.precision,
            )
            if self.first is None and self.last is None:
                yield from reader.chunks()
                return
            begin: int | None = None
            for chunk in reader.chunks():
                if begin is None:
                    begin = chunk.time(0)
                chosen = self._within(chunk, begin)
                if chosen:
                    yield chunk.take(chosen)

    def _within(self, chunk: Chunk, begin: int) -> list[int]:
        first = None if self.first is None else self.first.at(begin)
        last = None if self.last is None else self.last.at(begin)
        return [
            index
            for index, time in enumerate(chunk.times())
            if (first is None or first <= time) and (last is None or time <= last)
        ]


@dataclass(frozen=True, slots=True)
class FedSource:
    """Points that are there already, as faults make them."""

    fed: Sequence[Fed]

    def begin(self) -> int | None:
        return self.fed[0].time if self.fed else None

    def points(self, making: Making) -> Iterator[Fed]:
        return iter(self.fed)

    def chunks(self, making: Making) -> Iterator[Chunk]:
        return chunked(self.fed)


@dataclass(frozen=True, slots=True)
class Feed:
    """All points of a test. `start` is what the test says of it, None if nothing."""

    sources: Sequence[Source] = ()
    start: Moment | None = None
    database: Database = ("", "")
    pool: SeriesPool = field(default_factory=SeriesPool)

    def base(self) -> int:
        """When the test starts, in nanoseconds since 1970: the zero of its virtual time.

        Without a word it is the time of the first point; of points in virtual time, zero.
        """
        if self.start is not None:
            return self.start.ns
        begins = [begin for source in self.sources if (begin := source.begin()) is not None]
        earliest = min(begins, default=0)
        return earliest if earliest >= VIRTUAL else 0

    def chunks(self, base: int, tell: Callable[[Diagnostic], None]) -> Iterator[Chunk]:
        """The points; a single source in its own order, several merged by time."""
        making = Making(base, self.database, self.pool, tell)
        if len(self.sources) == 1:
            return self.sources[0].chunks(making)
        return chunked(self.points(base, tell))

    def points(self, base: int, tell: Callable[[Diagnostic], None] = lambda _: None) -> Iterator[Fed]:
        """The points one by one. One that is older than those before it in its source stays behind them."""
        making = Making(base, self.database, self.pool, tell)
        ordered = (_ordered(source.points(making), number) for number, source in enumerate(self.sources))
        return (fed for _, _, _, fed in heapq.merge(*ordered, key=lambda each: each[:3]))


def chunked(points: Iterable[Fed]) -> Iterator[Chunk]:
    """Points as chunks."""
    remaining = iter(points)
    while some := list(islice(remaining, SIZE)):
        rows = ParsedRows([each.fields for each in some], [each.time for each in some])
        yield Chunk(rows, [each.series for each in some], [UNGROUPED] * len(some), range(len(some)))


def _ordered(points: Iterator[Fed], source: int) -> Iterator[tuple[int, int, int, Fed]]:
    newest: int | None = None
    for number, fed in enumerate(points):
        newest = fed.time if newest is None else max(newest, fed.time)
        yield newest, source, number, fed
