"""Where a line of line protocol ends: a string, and a backslash, take a newline into the line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLANKS = b" \t\x00"
"""What may stand in front of a line and of its parts (influxdb: `skipWhitespace`)."""

STRING_REST = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""The inside of a string, up to its closing quote or to the end."""

_STOP = re.compile(rb'[\\ =,"\n]')
_QUIET = re.compile(rb'[^\\"\n]*+\n')
_SKIPPED = re.compile(rb"[ \t\x00]*+(?:#|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is neither blank nor a comment, without its newline; it may hold newlines inside of strings."""

    number: int
    """Of the input's line in which it begins."""
    text: bytes


class LineScan:
    """The search for the end of one line, which goes on where it stopped when more of the input has come.

    A quote opens a string only behind a `=` that stands behind the first space, so that quotes in tags and keys open
    none (influxdb: `scanLine`). Unlike there, a comment ends with its newline, whatever quotes are in it.
    """

    __slots__ = ("_at", "_behind_space", "_commas", "_equals", "_in_string", "_start")

    def __init__(self, start: int = 0) -> None:
        self._start = self._at = start
        self._behind_space = self._in_string = False
        self._equals = self._commas = 0

    def end(self, body: bytes | bytearray, final: bool) -> int:
        """Where the line has its newline; -1 if it goes on to the end of `body`, or may do so.

        `final` says that nothing follows the body: only then does a newline behind a backslash end the line, as the
        last byte of all.
        """
        if _SKIPPED.match(body, self._start):
            return body.find(b"\n", self._start)
        while True:
            if self._in_string and not self._leave_string(body):
                return -1
            stop = _STOP.search(body, self._at)
            if not stop:
                self._at = max(self._at, len(body))
                return -1
            at = stop.start()
            byte = body[at]
            if byte == 0x0A:
                return at
            self._at = at + 1
            if byte == 0x5C:
                self._at += at + 2 < len(body) or not final
            elif byte == 0x20:
                self._behind_space = True
            elif self._behind_space:
                self._in_fields(byte)

    def _in_fields(self, byte: int) -> None:
        if byte == 0x3D:
            self._equals += 1
        elif byte == 0x2C:
            self._commas += 1
        else:
            self._in_string = self._equals > self._commas

    def _leave_string(self, body: bytes | bytearray) -> bool:
        rest = STRING_REST.match(body, self._at)
        self._at = max(self._at, rest.end() if rest else 0)
        self._in_string = body[self._at : self._at + 1] != b'"'
        self._at += not self._in_string
        return not self._in_string


def line_end(body: bytes, start: int, final: bool = True) -> int:
    """Where the line that begins at `start` has its newline; -1 as `LineScan.end` gives it."""
    quiet = _QUIET.match(body, start)
    return quiet.end() - 1 if quiet else LineScan(start).end(body, final)


def split_lines(body: bytes) -> Iterator[Line]:
    """The lines of a whole body, in order; blank lines and comments are passed over."""
    start, number = 0, 1
    while start < len(body):
        end = line_end(body, start)
        if end < 0:
            end = len(body)
        if not _SKIPPED.match(body, start):
            yield Line(number, body[start:end].removesuffix(b"\n"))
        number += body.count(b"\n", start, end + 1)
        start = end + 1


def is_blank_or_comment(line: bytes) -> bool:
    """Whether a line holds nothing to parse."""
    return _SKIPPED.match(line) is not None


class OpenLine:
    """The begin of a line whose end has not been read yet."""

    __slots__ = ("_scan", "text")

    def __init__(self, text: bytes) -> None:
        self.text = bytearray()
        self._scan: LineScan | None = None
        self.add(text)

    def add(self, block: bytes) -> bool:
        """Take what was read next; says whether the line ends in what there is now."""
        self.text += block
        if self._scan is None:
            if b'"' not in block and b"\\" not in block:
                return b"\n" in block
            self._scan = LineScan()
        return self._scan.end(self.text, final=False) >= 0
