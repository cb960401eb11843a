"""A chunk in the making: rows are added run by run and line by line, in the order they came."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Dimensions, Group, Series, Value
from tickdiscord.points.rows import EMPTY, LineRows, OddFields
from tickdiscord.points.table import NO_SERIES, SeriesTable

QUOTE = 0x22
SAMPLE, MANY = 4096, 32
"""Quotes are many if there are more than so many in the first bytes of a run."""

UNGROUPED = Group("", {}, Dimensions())
"""The group of every point that comes out of a reader."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a run of lines."""

    lines: int
    bad: Sequence[int]
    """Indexes of the lines that were not added."""


class Draft:
    """Rows that are not handed on yet; their times are as written, in units of `unit` nanoseconds."""

    __slots__ = ("_odd", "_sections", "_series", "_table", "_times", "_unit", "timed")

    def __init__(self, table: SeriesTable, unit: int) -> None:
        self._table = table
        self._unit = unit
        self._series: list[Series] = []
        self._sections: list[bytes] = []
        self._times: list[bytes] = []
        self._odd: dict[int, OddFields] = {}
        self.timed = False
        """Whether any row has a timestamp of its own."""

    def __len__(self) -> int:
        return len(self._series)

    def add(self, head: bytes, fields: Mapping[str, Value], time: bytes, timed: bool) -> None:
        """One row that was parsed already; its head is known to be a series key."""
        self.timed |= timed
        self._odd[len(self._series)] = OddFields(b"", parsed=fields)
        self._series.append(self._table[head])
        self._sections.append(b"")
        self._times.append(time)

    def add_run(self, run: bytes, present: bytes | None) -> "Added":
        """Lines that are proved, all with timestamps if `present` is None, else all without.

        Those whose head is no series key, for it has a tag twice, are not added.
        """
        self.timed |= present is None
        start = len(self._series)
        self._table.missed = False
        if b"\\" in run:
            for piece, odd in _pieces(run):
                (self._add_escaped if odd else self._add_plain)(piece, present)
        else:
            self._add_plain(run, present)
        lines = len(self._series) - start
        return Added(lines, self._without_series(start) if self._table.missed else ())

    def _add_plain(self, lines: bytes, present: bytes | None) -> None:
        """Lines without backslashes."""
        if b'"' not in lines:
            self._add_flat(lines, present)
            return
        start = len(self._sections)
        pieces = _cut_at_quotes(lines)
        self._add_flat(EMPTY.join(pieces[::2]), present)
        strings, at = pieces[1::2], 0
        sections = self._sections
        for index in [it for it in range(start, len(sections)) if QUOTE in sections[it]]:
            section = sections[index]
            end = at + section.count(EMPTY)
            self._odd[index] = OddFields(section, strings[at:end])
            sections[index], at = b"", end

    def _add_flat(self, piece: bytes, present: bytes | None) -> None:
        words = piece.split()
        width = 3 if present is None else 2
        self._series += map(self._table.__getitem__, words[::width])
        self._sections += words[1::width]
        self._times += words[2::width] if present is None else [present] * (len(words) // width)

    def _add_escaped(self, line: bytes, present: bytes | None) -> None:
        """One line with a backslash in it."""
        head, _, section = line.partition(b" ")
        while head.endswith(b"\\"):
            more, _, section = section.partition(b" ")
            head = b"%s %s" % (head, more)
        if present is None:
            section, _, time = section.rpartition(b" ")
        else:
            section, time = section.rstrip(b"\r\n"), present
        if b'"' in section or b"\\" in section:
            self._odd[len(self._series)] = OddFields(section)
            section = b""
        self._series.append(self._table[head])
        self._sections.append(section)
        self._times.append(time)

    def _without_series(self, start: int) -> Sequence[int]:
        series = self._series
        missing = [index for index in range(start, len(series)) if series[index] is NO_SERIES]
        for index in reversed(missing):
            del series[index], self._sections[index], self._times[index]
        if missing and self._odd:
            gone = set(missing)
            kept = (old for old in count() if old not in gone)
            moved = {old: new for new, old in zip(range(len(series)), kept, strict=False)}
            self._odd = {moved[old]: fields for old, fields in self._odd.items() if old in moved}
        return [index - start for index in missing]

    def chunk(self, first: int) -> Chunk:
        """The rows so far as a chunk; the first one is row `first` of the input."""
        size = len(self._series)
        rows = LineRows(self._sections, self._times, self._unit, self._odd)
        return Chunk(rows, self._series, [UNGROUPED] * size, range(first, first + size))


def _pieces(run: bytes) -> Iterator[tuple[bytes, bool]]:
    """A run in pieces: single lines with a backslash in them, and what is between those."""
    at = 0
    while (backslash := run.find(b"\\", at)) >= 0:
        start = run.rfind(b"\n", at, backslash) + 1 or at
        if start > at:
            yield run[at:start], False
        at = run.find(b"\n", backslash) + 1
        yield run[start:at], True
    if at < len(run):
        yield run[at:], False


def _cut_at_quotes(lines: bytes) -> list[bytes]:
    """What `lines.split(b'"')` gives; where quotes are few it is faster to jump from one to the next."""
    if lines.count(QUOTE, 0, SAMPLE) > MANY:
        return lines.split(b'"')
    pieces: list[bytes] = []
    at = 0
    while (quote := lines.find(QUOTE, at)) >= 0:
        pieces.append(lines[at:quote])
        at = quote + 1
    pieces.append(lines[at:])
    return pieces
