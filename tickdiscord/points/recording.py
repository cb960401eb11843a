"""Opens files of points: line protocol, and Kapacitor's recordings of streams (`.srpl`); either may be gzipped."""

import gzip
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from tickdiscord.clock import Clock
from tickdiscord.diagnostics import DiagnosticError, error
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.parser import Entry, Parser, Position
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import BLOCK, START, LineReader, read
from tickdiscord.points.rejected import RECORDING, Rejected, Unparsable
from tickdiscord.points.table import SeriesTable
from tickdiscord.points.values import text

GZIP = b"\x1f\x8b"
ENTRY = 3
"""Lines of an entry of a recording: database, retention policy, point."""


class Reader(Protocol):
    """What gives points, whatever form they are stored in."""

    @property
    def position(self) -> Position: ...
    @property
    def rejections(self) -> int: ...
    def chunks(self) -> Iterator[Chunk]: ...


class RecordingReader:
    """The points of a recording of a stream, in chunks, in the order they stand there.

    Each point brings its database and retention policy. Unlike in Kapacitor, which stops there, an entry whose line is
    no point is rejected and the others are read.
    """

    def __init__(
        self,
        stream: BinaryIO,
        *,
        clock: Clock,
        rejected: Callable[[Rejected], None],
        precision: Precision = Precision.NANOSECOND,
        start: Position = START,
        block: int = BLOCK,
    ) -> None:
        """`stream` stands at `start`, which is what `position` of an earlier reader was."""
        self._stream = stream
        self._block = block
        self._tables: dict[tuple[bytes, bytes], SeriesTable] = {}
        self._parser = Parser(SeriesTable("", ""), clock=clock, rejected=rejected, precision=precision, start=start)

    @property
    def position(self) -> Position:
        """Where the chunk ends that was given last."""
        return self._parser.position

    @property
    def rejections(self) -> int:
        """Entries that were rejected."""
        return self._parser.rejections

    def chunks(self) -> Iterator[Chunk]:
        """All chunks up to the end of the recording.

        Raises:
            DiagnosticError: TD632, if the stream cannot be read.
        """
        rest: list[bytes] = []
        while block := read(self._stream, self._block):
            rest.append(block)
            if b"\n" in block:
                lines = b"".join(rest).split(b"\n")
                whole = (len(lines) - 1) // ENTRY * ENTRY
                yield from self._entries(lines[:whole])
                rest = [b"\n".join(lines[whole:])]
        lines = b"".join(rest).rstrip(b"\r\n").split(b"\n")
        if len(lines) == ENTRY:
            yield from self._entries(lines)
        elif lines != [b""]:
            self._parser.entry = Entry()
            problem = Unparsable(RECORDING, 0, "the recording ends within an entry")
            self._parser.reject(lines[-1], problem, index=len(lines) - 1)
        self._parser.position = self._parser.here()

    def _entries(self, lines: list[bytes]) -> Iterator[Chunk]:
        sources = zip(lines[::ENTRY], lines[1::ENTRY], strict=True)
        at = ENTRY - 1
        for source, entries in groupby(sources):
            count = sum(1 for _ in entries)
            points = b"\n".join(lines[at : at + count * ENTRY : ENTRY]) + b"\n"
            at += count * ENTRY
            self._parser.table = self._table(source)
            self._parser.entry = Entry(ENTRY - 1, sum(map(len, source)) + 2)
            yield from self._parser.chunks(points, len(points), final=True)

    def _table(self, source: tuple[bytes, bytes]) -> SeriesTable:
        table = self._tables.get(source)
        if table is None:
            database, retention_policy = (text(it.removesuffix(b"\r")) for it in source)
            table = self._tables[source] = SeriesTable(database, retention_policy)
        return table


@dataclass(frozen=True, slots=True)
class PointsFile:
    """An open file of points."""

    stream: BinaryIO
    recording: bool
    """Whether every point says its database and retention policy."""

    def reader(
        self,
        *,
        clock: Clock,
        rejected: Callable[[Rejected], None],
        database: str = "",
        retention_policy: str = "",
        precision: Precision = Precision.NANOSECOND,
        start: Position = START,
    ) -> Reader:
        """The reader for the file's form; a recording says database and retention policy itself."""
        if self.recording:
            return RecordingReader(self.stream, clock=clock, rejected=rejected, precision=precision, start=start)
        return LineReader(
            self.stream,
            clock=clock,
            rejected=rejected,
            database=database,
            retention_policy=retention_policy,
            precision=precision,
            start=start,
        )


@contextmanager
def open_plain(path: Path) -> Generator[BufferedReader]:
    """Open a file, and read what is in it if it is gzipped.

    Raises:
        DiagnosticError: TD630, if it cannot be opened; TD632, if not even its beginning can be read.
    """
    try:
        plain = path.open("rb")
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise error("TD630", f"cannot read `{path}`: {reason}") from None
    with plain:
        try:
            gzipped = plain.peek(len(GZIP)).startswith(GZIP)
            stream = cast("BufferedReader", BufferedReader(gzip.GzipFile(fileobj=plain), BLOCK)) if gzipped else plain
            stream.peek(1)
        except (OSError, EOFError, zlib.error) as problem:
            raise error("TD632", f"`{path}` cannot be read: {problem}") from None
        yield stream


@contextmanager
def open_points(path: str | Path) -> Generator[PointsFile]:
    """Open a file of points, whose form is found by its name (`.srpl`) or else by its first lines.

    Raises:
        DiagnosticError: TD630, if it cannot be opened; TD631, if it is a recording of batches (`.brpl`); TD632, if
            not even its beginning can be read.
    """
    path = Path(path)
    with open_plain(path) as stream:
        yield PointsFile(cast("BinaryIO", stream), _is_recording(path, stream))


def _is_recording(path: Path, stream: BufferedReader) -> bool:
    kinds = [suffix.lower() for suffix in path.suffixes]
    if ".srpl" in kinds:
        return True
    begin = stream.peek(BLOCK)
    if ".brpl" in kinds or begin.lstrip().startswith(b"{"):
        raise _batches(path)
    lines = begin.split(b"\n", ENTRY)[:ENTRY]
    return len(lines) == ENTRY and [b" " in line for line in lines] == [False, False, True] and b"" not in lines


def _batches(path: Path) -> DiagnosticError:
    return error(
        "TD631",
        f"`{path}` is a recording of batches (.brpl), and no rule queries",
        hint="it belongs to rules that begin with `batch|query()`; a stream takes .srpl and line protocol",
    )
