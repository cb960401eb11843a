"""Reads line protocol from a stream of bytes and gives it as chunks, whatever is in it."""

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from tickdiscord.clock import Clock
from tickdiscord.diagnostics import error
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.lines import OpenLine
from tickdiscord.points.parser import Parser, Position
from tickdiscord.points.precision import Precision
from tickdiscord.points.rejected import LONG, LONGEST_SHOWN, Rejected, Unparsable
from tickdiscord.points.table import SeriesTable

BLOCK = 128 * 1024
"""Bytes that are asked for at once, and so about the size of the largest chunks."""

LONGEST_LINE = 64 * 1024 * 1024
"""A line with more bytes than this is rejected without being read to its end."""

START = Position()


class LineReader:
    """The points of a stream of line protocol, in chunks, in the order they come.

    A read takes what has arrived and does not wait for more, so that a trickle is handled at once. A line that is no
    point is given to `rejected`, and the stream goes on behind it. A line without a timestamp gets the time of `clock`
    as of the moment when all points before it have been handled, cut down to the precision; so such a line begins a
    new chunk where one with a timestamp stands before it.

    Beside what InfluxDB's parser takes, lines may end in CRLF and may begin with the `> ` of `telegraf --test`.
    """

    def __init__(
        self,
        stream: BinaryIO,
        *,
        clock: Clock,
        rejected: Callable[[Rejected], None],
        database: str = "",
        retention_policy: str = "",
        precision: Precision = Precision.NANOSECOND,
        start: Position = START,
        block: int = BLOCK,
        longest_line: int = LONGEST_LINE,
    ) -> None:
        """`stream` stands at `start`, which is what `position` of an earlier reader was."""
        self._stream = stream
        self._block = block
        self._longest_line = longest_line
        table = SeriesTable(database, retention_policy)
        self._parser = Parser(table, clock=clock, rejected=rejected, precision=precision, start=start)

    @property
    def position(self) -> Position:
        """Where the chunk ends that was given last (at the end: the end); nothing before it is needed again."""
        return self._parser.position

    @property
    def rejections(self) -> int:
        """Lines that were rejected."""
        return self._parser.rejections

    def chunks(self) -> Iterator[Chunk]:
        """All chunks up to the end of the stream.

        Raises:
            DiagnosticError: TD632, if the stream cannot be read.
        """
        parser = self._parser
        tail = b""
        waiting: OpenLine | None = None
        skipping = False
        while block := read(self._stream, self._block):
            if skipping:
                begin = block.find(b"\n") + 1
                skipping = not begin
                parser.skip(block[:begin] if begin else block)
                tail = block[begin:] if begin else b""
                continue
            if waiting is None:
                body = tail + block
            elif waiting.add(block):
                body = bytes(waiting.text)
            else:
                if len(waiting.text) > self._longest_line:
                    self._reject_long(waiting.text)
                    tail, waiting, skipping = b"", None, True
                continue
            complete = body.rfind(b"\n") + 1
            used = yield from parser.chunks(body, complete, final=False)
            tail, waiting = body[used:], None
            if used < complete or not complete:
                waiting = OpenLine(tail)
        rest = tail if waiting is None else bytes(waiting.text)
        yield from parser.chunks(rest, len(rest), final=True)
        parser.position = parser.here()

    def _reject_long(self, text: bytearray) -> None:
        first, newline, _ = text[:LONGEST_SHOWN].partition(b"\n")
        hint = "a string that is not closed takes in all lines behind it" if newline else ""
        self._parser.reject(bytes(first), Unparsable(LONG, 0, f"longer than {self._longest_line:,} bytes", hint))
        self._parser.skip(text)


def read(stream: BinaryIO, size: int) -> bytes:
    """What has arrived, at most `size` bytes; empty at the end.

    Raises:
        DiagnosticError: TD632, if the stream cannot be read, or is gzipped and damaged.
    """
    try:
        some: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        return some(size)
    except (OSError, EOFError, ValueError, zlib.error) as problem:
        raise error("TD632", f"the input cannot be read further: {problem}") from None
