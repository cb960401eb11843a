"""From bytes to chunks: proved runs in columns, other lines one by one, and those that are no points rejected."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from tickdiscord.clock import Clock
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.draft import Draft
from tickdiscord.points.exact import TELEGRAF_PROMPT, Parsed, parse_line
from tickdiscord.points.lines import BLANKS, is_blank_or_comment, line_end
from tickdiscord.points.precision import Precision
from tickdiscord.points.proof import Proof
from tickdiscord.points.rejected import Rejected, Unparsable
from tickdiscord.points.table import SeriesTable


@dataclass(frozen=True, slots=True)
class Position:
    """How far a reader has come: bytes, lines and points that lie behind it."""

    offset: int = 0
    lines: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """How a point stands in the input: on a line of its own, or in a recording behind `before` lines of `size` bytes.

    In a recording the line break always ends a point, also within a string.
    """

    before: int = 0
    size: int = 0


LINE = Entry()


class Parser:
    """Makes chunks of bodies of line protocol that follow on one another in one input.

    The series of the points are those of `table`, which may be changed between two bodies, and so may `entry`.
    """

    def __init__(
        self,
        table: SeriesTable,
        *,
        clock: Clock,
        rejected: Callable[[Rejected], None],
        precision: Precision,
        start: Position,
    ) -> None:
        self.table = table
        self.entry = LINE
        self.position = start
        """Where the chunk ends that was given last, or what was rejected behind it."""
        self.rejections = 0
        self._clock = clock
        self._rejected = rejected
        self._precision = precision
        self._proof = Proof(precision)
        self._draft = Draft(table, precision)
        self._offset, self._lines, self._points = start.offset, start.lines, start.points

    def chunks(self, body: bytes, size: int, final: bool) -> Generator[Chunk, None, int]:
        """The chunks of the lines that end in the first `size` bytes; returns where the first other one begins.

        If the body is not the `final` one, a line has to be seen to end.
        """
        self._draft = Draft(self.table, self._precision)
        at = 0
        while at < size:
            run = self._proof.run(body, at)
            if run is not None:
                yield from self._run(body[at : run.end], run.timed)
                at = run.end
                continue
            end = body.find(b"\n", at) if self.entry.before else line_end(body, at, final)
            if end < 0 and not final:
                break
            end = len(body) if end < 0 else end
            yield from self._odd_line(body[at:end].removesuffix(b"\n"))
            self.skip(body[at : end + 1])
            at = end + 1
        yield from self._emit()
        self.position = self.here()
        return min(at, len(body))

    def skip(self, text: bytes | bytearray) -> None:
        """Go on behind these bytes."""
        self._advance(len(text), text.count(b"\n"))

    def reject(self, line: bytes, problem: Unparsable, skipped: int = 0, index: int = 0) -> None:
        """Report a line, `index` lines further on; the place of the problem counts from byte `skipped`."""
        self.rejections += 1
        number = self._lines + (index + 1) * (self.entry.before + 1)
        self._rejected(problem.at(line, number, skipped))

    def here(self) -> Position:
        """How far the parser has come."""
        return Position(self._offset, self._lines, self._points)

    def _run(self, lines: bytes, timed: bool) -> Iterator[Chunk]:
        if not timed and self._draft.timed:
            yield from self._emit()
        added = self._draft.add_run(lines, None if timed else self._present())
        if added.bad:
            each = lines.split(b"\n")
            for index in added.bad:
                self._parsed(each[index], index)
        self._advance(len(lines), added.lines)

    def _odd_line(self, line: bytes) -> Iterator[Chunk]:
        parsed = self._parsed(line)
        if parsed is None:
            return
        if parsed.time is None and self._draft.timed:
            yield from self._emit()
        time = self._present() if parsed.time is None else b"%d" % (parsed.time // self._precision)
        self._draft.add(parsed.head.canonical(), parsed.fields, time, parsed.time is not None)

    def _parsed(self, line: bytes, index: int = 0) -> Parsed | None:
        """The point of a line, if it is one."""
        whole = line.removesuffix(b"\r")
        text = whole.lstrip(BLANKS)
        if text.startswith(TELEGRAF_PROMPT):
            text = text[len(TELEGRAF_PROMPT) :].lstrip(BLANKS)
        if is_blank_or_comment(text):
            return None
        try:
            return parse_line(text, self._precision)
        except Unparsable as problem:
            self.reject(line, problem, len(whole) - len(text), index)
            return None

    def _present(self) -> bytes:
        return b"%d" % (self._clock.now() // self._precision)

    def _emit(self) -> Iterator[Chunk]:
        draft = self._draft
        if len(draft):
            self._draft = Draft(self.table, self._precision)
            first, self._points = self._points, self._points + len(draft)
            self.position = self.here()
            yield draft.chunk(first)

    def _advance(self, size: int, lines: int) -> None:
        self._offset += size + lines * self.entry.size
        self._lines += lines * (self.entry.before + 1)
