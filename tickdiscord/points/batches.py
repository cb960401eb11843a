"""Reads Kapacitor's recordings of batches (`.brpl`): what queries of a batch task have answered, one batch a line."""

import re
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from tickdiscord.diagnostics import error
from tickdiscord.gotext import parse_rfc3339
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Dimensions, Groups, SeriesPool, Value
from tickdiscord.points.parser import Position
from tickdiscord.points.recording import open_plain
from tickdiscord.points.rejected import BATCH, Rejected, Unparsable

ZIP = b"PK"
MOST = (1 << 63) - 2
"""The last nanosecond that InfluxDB has."""

_AT_BYTE = re.compile(r" \(byte (\d+)\)$")


class WrittenPoint(msgspec.Struct):
    """A point as it stands in a recording. Numbers are floats, also whole ones (Kapacitor: JSON knows no ints)."""

    time: str
    fields: dict[str, bool | float | str | None]
    tags: dict[str, str] | None = None


class WrittenBatch(msgspec.Struct):
    """A batch as it stands in a recording (Kapacitor: `bufferedBatchMessageJSON`)."""

    name: str = ""
    tmax: str = ""
    byname: bool = False
    tags: dict[str, str] | None = None
    points: list[WrittenPoint] | None = None


class BatchReader:
    """The batches of a recording, in the order they stand there.

    Kapacitor: batches without points are left out; a batch is never older than its last point; a point without tags
    has those of the batch. Unlike there, a line that is no batch is rejected and the others are read, and times are
    kept.
    """

    def __init__(self, stream: BinaryIO, rejected: Callable[[Rejected], None]) -> None:
        self.position = Position()
        """Where the batch ends that was given last."""
        self.rejections = 0
        self._stream = stream
        self._rejected = rejected
        self._groups = Groups()
        self._series = SeriesPool()
        self._decoder = msgspec.json.Decoder(WrittenBatch)
        self._first: Batch | None = None
        self._rest = self._all()

    def first(self) -> Batch | None:
        """The batch that comes next, None at the end; it stays there."""
        if self._first is None:
            self._first = next(self._rest, None)
        return self._first

    def batches(self) -> Iterator[Batch]:
        """All batches up to the end of the recording."""
        while (batch := self.first()) is not None:
            self._first = None
            yield batch

    def _all(self) -> Iterator[Batch]:
        offset = points = 0
        for number, line in enumerate(self._stream, 1):
            offset += len(line)
            batch = self._batch(line.rstrip(b"\r\n"), number)
            points += 0 if batch is None else len(batch)
            self.position = Position(offset, number, points)
            if batch is not None:
                yield batch

    def _batch(self, line: bytes, number: int) -> Batch | None:
        if not line.strip():
            return None
        try:
            written = self._decoder.decode(line)
            return self._read(written, number) if written.points else None
        except (msgspec.DecodeError, ValueError, RecursionError) as problem:
            reason = str(problem) or "JSON is nested too deeply"
            place = _AT_BYTE.search(reason)
            fault = Unparsable(BATCH, int(place[1]) if place else 0, _AT_BYTE.sub("", reason))
            self.rejections += 1
            self._rejected(fault.at(line, number))
            return None

    def _read(self, written: WrittenBatch, number: int) -> Batch:
        points = written.points or []
        tags = written.tags or {}
        times = [_time(point.time, f"points[{index}].time") for index, point in enumerate(points)]
        ending = _time(written.tmax, "tmax", at_least=times[-1]) if written.tmax else times[-1]
        group = self._groups.of(written.name, tags, Dimensions(tuple(sorted(tags)), written.byname))
        fields = [_present(point.fields) for point in points]
        series = [self._series.make("", "", written.name, point.tags or tags) for point in points]
        rows = Chunk(ParsedRows(fields, times), series, [group] * len(points), [number] * len(points))
        return Batch(written.name, group, group.tags, ending, rows, number)


def _time(text: str, where: str, at_least: int | None = None) -> int:
    """A time in nanoseconds. One before all times, as Go writes no time at all, is raised to `at_least`."""
    try:
        time = parse_rfc3339(text)
    except ValueError as problem:
        raise ValueError(f"{problem} - at `$.{where}`") from None
    if at_least is not None:
        time = max(time, at_least)
    if abs(time) > MOST:
        raise ValueError(f"the time {text} cannot be held in nanoseconds - at `$.{where}`")
    return time


def _present(fields: Mapping[str, bool | float | str | None]) -> Mapping[str, Value]:
    if None not in fields.values():
        return cast("Mapping[str, Value]", fields)
    return {name: value for name, value in fields.items() if value is not None}


@contextmanager
def open_batches(path: str | Path) -> Generator[list[tuple[str, BinaryIO]]]:
    """Open a recording of batches: the name and the stream of what each query answered.

    That is the file itself, plain or gzipped, or each file of an archive, which is how Kapacitor stores recordings:
    the last query of the script first (`Pipeline.sort`), which is turned round here.

    Raises:
        DiagnosticError: TD630, if it cannot be opened; TD632, if it cannot be read; TD633, if it holds no batches.
    """
    path = Path(path)
    with ExitStack() as stack:
        stream = stack.enter_context(open_plain(path))
        begin = stream.peek(len(ZIP))
        if not begin.startswith(ZIP):
            if begin.strip() and not begin.lstrip().startswith(b"{"):
                hint = "a batch rule replays recordings of batches (.brpl), JSON lines or Kapacitor's archive of them"
                raise error("TD633", f"`{path}` is no recording of batches", hint=hint)
            yield [(str(path), cast("BinaryIO", stream))]
            return
        try:
            archive = stack.enter_context(zipfile.ZipFile(stream))
            members = [
                stack.enter_context(archive.open(each)) for each in reversed(archive.infolist()) if not each.is_dir()
            ]
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as problem:
            raise error("TD632", f"`{path}` cannot be read: {problem}") from None
        yield [(f"{path}/{each.name}", cast("BinaryIO", each)) for each in members]
