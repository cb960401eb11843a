"""Runs a reader over bytes and collects what it gives."""

import io
from dataclasses import dataclass, field

from tickdiscord.clock import Clock, ManualClock
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Series, Value
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import BLOCK, LONGEST_LINE, START, LineReader, Position
from tickdiscord.points.rejected import Rejected

NOW = 1_709_251_198_123_456_789

Row = tuple[str, dict[str, str], dict[str, Value], int]


class Trickle(io.RawIOBase):
    """A live pipe: each read gives one of `writes`, whatever size is asked for."""

    def __init__(self, writes: list[bytes]) -> None:
        self._writes = iter(writes)

    def read1(self, size: int) -> bytes:
        return next(self._writes, b"")


@dataclass
class Result:
    rows: list[Row] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    end: Position = START


def row(chunk: Chunk, index: int) -> Row:
    point = chunk.point(index)
    return point.name, dict(point.tags), dict(point.fields), point.time


def drive(
    body: bytes | list[bytes],
    *,
    clock: Clock | None = None,
    precision: Precision = Precision.NANOSECOND,
    block: int = BLOCK,
    longest_line: int = LONGEST_LINE,
    start: Position = START,
) -> Result:
    result = Result()
    clock = clock or ManualClock(NOW)
    stream = io.BytesIO(body) if isinstance(body, bytes) else Trickle(body)
    reader = LineReader(
        stream,  # type: ignore[arg-type]
        clock=clock,
        rejected=result.rejected.append,
        precision=precision,
        block=block,
        longest_line=longest_line,
        start=start,
    )
    for chunk in reader.chunks():
        assert list(chunk.order) == list(range(reader.position.points - len(chunk), reader.position.points))
        result.rows += [row(chunk, index) for index in range(len(chunk))]
        result.series += chunk.series
        result.sizes.append(len(chunk))
        result.positions.append(reader.position)
        for time in chunk.times():
            clock.observe(time)
    assert reader.rejections == len(result.rejected)
    result.end = reader.position
    return result
