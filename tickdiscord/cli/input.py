"""The points of a run: from stdin, a file, or a recording."""

import io
import sys
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar, cast

import click

from tickdiscord.cli.options import PATH, together
from tickdiscord.cli.terminal import Terminal
from tickdiscord.clock import Clock
from tickdiscord.diagnostics import error
from tickdiscord.points.checked import CheckedStream
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.precision import WORDS, Precision
from tickdiscord.points.reader import START, Position
from tickdiscord.points.recording import PointsFile, open_points
from tickdiscord.points.rejected import Rejected
from tickdiscord.runtime.engine import Engine
from tickdiscord.state.store import Mark

T = TypeVar("T")

MOST_SHOWN = 20
"""Of rejected lines so many are shown, if nobody asks for more."""

SHORTER = "TD588"
DIFFERENT = "TD589"


INPUT = together(
    click.option("--points", type=PATH, metavar="FILE", help="Read points from a file (plain or .gz), not from stdin."),
    click.option(
        "--recording",
        "recordings",
        multiple=True,
        type=PATH,
        metavar="FILE",
        help="Read one of Kapacitor's recordings: .srpl, .srpl.gz. "
        "For batch rules .brpl, .brpl.gz: once for each query, in the order of the rules.",
    ),
    click.option(
        "--dbrp", metavar="DB.RP", help="Where the points come from; by default where the rules look for them."
    ),
    click.option(
        "--precision", default="ns", show_default=True, metavar="UNIT", help=f"Of timestamps: {' '.join(WORDS)}."
    ),
)


@dataclass(frozen=True, kw_only=True)
class InputOptions:
    """Where points come from: filled by INPUT."""

    points: Path | None
    recordings: Sequence[Path]
    dbrp: str | None
    precision: str

    @property
    def file(self) -> Path | None:
        """The file that points come from, the first of several recordings; None is stdin.

        Raises:
            DiagnosticError: the command line contradicts itself.
        """
        if self.points is not None and self.recordings:
            raise error("TD640", "--points and --recording exclude each other")
        return self.recordings[0] if self.recordings else self.points


class Reader(Protocol):
    """A reader of points of whatever form."""

    @property
    def position(self) -> Position: ...
    @property
    def rejections(self) -> int: ...
    def chunks(self) -> Iterator[Chunk]: ...


Between = Callable[[Iterator[T]], Iterator[T]]
"""Hands on what is read, as long as the run is to go on."""


class Source(Protocol):
    """An open input that an engine can be fed from, whatever its form."""

    @property
    def lines(self) -> int:
        """How many lines were read."""
        ...

    @property
    def rejections(self) -> int:
        """How many of them were not what they should be."""
        ...

    def feed(self, engine: Engine, between: Between[Any] = iter) -> None:
        """Give the engine everything up to the end, or as far as `between` hands on.

        Raises:
            DiagnosticError: the input cannot be read on.
        """
        ...


@dataclass(frozen=True, slots=True)
class Input:
    """An open input of points."""

    name: str
    reader: Reader
    checked: CheckedStream | None = None
    """There if somebody wants to know how far it was read."""
    before: int = 0

    @property
    def mark(self) -> Mark:
        """How far it was read; nothing before is needed again when the last chunk is done with."""
        position = self.reader.position
        return Mark(position, self.checked.checksum(position.offset) if self.checked else 0)

    def chunks(self) -> Iterator[Chunk]:
        """The chunks, up to the end.

        Raises:
            DiagnosticError: the input cannot be read on.
        """
        with reading(self.name):
            yield from self.reader.chunks()

    def feed(self, engine: Engine, between: Between[Chunk] = iter) -> None:
        """Give the engine all points.

        Raises:
            DiagnosticError: the input cannot be read on.
        """
        for chunk in between(self.chunks()):
            engine.feed(chunk)

    @property
    def lines(self) -> int:
        """How many lines were read, but for those that an earlier run has read."""
        return self.reader.position.lines - self.before

    @property
    def rejections(self) -> int:
        """How many of them were no points."""
        return self.reader.rejections


@contextmanager
def reading(name: str) -> Generator[None]:
    """Within the block, what goes wrong with reading becomes an error that names the input."""
    try:
        yield
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        raise error("TD641", f"{name} cannot be read on: {why}") from None


@dataclass(slots=True)
class Rejections:
    """Shows the first lines that are no points; from some number on they are only counted."""

    name: str
    terminal: Terminal
    left: int

    def __call__(self, rejected: Rejected) -> None:
        if self.left > 0:
            self.terminal.tell(rejected.diagnostic(self.name))
        elif self.left == 0:
            self.terminal.note("further rejected lines are counted, not shown (-v shows all)")
        self.left -= 1


Waiting = Callable[[io.FileIO], io.RawIOBase]
"""Makes a stream out of stdin that does something while nothing comes."""


def open_input(
    options: InputOptions,
    clock: Clock,
    terminal: Terminal,
    stack: ExitStack,
    waiting: Waiting | None = None,
    shown: int = MOST_SHOWN,
    *,
    checked: bool = False,
    start: Mark | None = None,
) -> Input:
    """The input that a command line names; it is closed with the stack. Files are not waited for.

    Of the lines that are no points `shown` are shown, all are counted. With `checked` it is known how far it was read;
    with `start`, which is how far an earlier run came, it goes on there.

    Raises:
        DiagnosticError: it cannot be opened, or the command line contradicts itself; TD588 or TD589, if it is not what
            the earlier run has read.
    """
    if len(options.recordings) > 1:
        raise error(
            "TD640",
            f"a stream is replayed from one recording, and {len(options.recordings)} are given",
            hint="several belong to rules with several `batch|query()`",
        )
    precision = Precision.named(options.precision)
    database, retention_policy = _dbrp(options.dbrp)
    path = options.file
    name = "stdin" if path is None else str(path)
    rejections = Rejections(name, terminal, shown)
    if path is None:
        stdin = stack.enter_context(_stdin(terminal))
        file = PointsFile(cast("BinaryIO", stdin if waiting is None else waiting(stdin)), recording=False)
    else:
        file = stack.enter_context(open_points(path))
    if options.recordings:
        file = PointsFile(file.stream, recording=True)
    sums = CheckedStream(file.stream) if checked or start else None
    if sums is not None:
        file = PointsFile(cast("BinaryIO", sums), file.recording)
        if start is not None:
            _go_on(sums, start, name, terminal)
    reader = file.reader(
        clock=clock,
        rejected=rejections,
        database=database,
        retention_policy=retention_policy,
        precision=precision,
        start=start.position if start else START,
    )
    if sums is not None:
        sums.come_to = lambda: reader.position.offset
    return Input(name, reader, sums, start.position.lines if start else 0)


def _go_on(stream: CheckedStream, start: Mark, name: str, terminal: Terminal) -> None:
    """Read what was read before, and see that it is the same."""
    position = start.position
    hint = "give the input that the state knows, give it on stdin as new input, or begin anew with --reset-state"
    come = stream.skip(position.offset)
    if come < position.offset:
        message = f"{name} is shorter than what was read of it: {come:,} bytes, not {position.offset:,}"
        raise error(SHORTER, message, hint=hint)
    if stream.checksum(position.offset) != start.checksum:
        raise error(
            DIFFERENT, f"{name} is not what was read of it: its first {position.lines:,} lines differ", hint=hint
        )
    if position.lines:
        terminal.note(f"{name}: goes on behind line {position.lines:,}")


def _stdin(terminal: Terminal) -> io.FileIO:
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison]  (None when it is closed)
        raise error("TD640", "stdin is closed", hint="give points on stdin, or name a file with --points")
    if sys.stdin.isatty():
        terminal.note("reading points from the terminal; Ctrl-D ends them")
    try:
        # Unbuffered: what has arrived is handled, however little it is.
        return io.FileIO(sys.stdin.fileno(), "rb", closefd=False)
    except (OSError, ValueError) as problem:
        raise error("TD640", f"stdin cannot be read: {problem}") from None


def _dbrp(given: str | None) -> tuple[str, str]:
    if given is None:
        return "", ""
    database, dot, retention_policy = given.replace('"', "").partition(".")
    if not dot or not database or not retention_policy:
        raise error("TD642", f"`{given}` is no database and retention policy", hint="write it as telegraf.autogen")
    return database, retention_policy
