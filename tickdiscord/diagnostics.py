"""What went wrong, and where: spans, diagnostics, and the one renderer that shows them."""

import difflib
import json
from bisect import bisect_right
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import accumulate

TAB = " " * 4
LONGEST_LINE = 160
"""A source line that is shown is cut around the caret to this many characters."""


_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if code != 9}
"""A terminal must not obey what stands in a file: one character for one, so that the caret stays where it belongs."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text with a name, that diagnostics point into."""

    name: str
    text: str

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both counted from 1."""
        starts = _line_starts(self.text)
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line break."""
        starts = _line_starts(self.text)
        if not 0 < number <= len(starts):
            return ""
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r")


@lru_cache(maxsize=16)
def _line_starts(text: str) -> Sequence[int]:
    """The offset of each line: a script with thousands of findings is looked through once."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a source: character offsets, the end exclusive."""

    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span(0, 0)


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a stable code, what is wrong, where, and what to write instead."""

    code: str
    message: str
    span: Span | None = None
    hint: str = ""
    severity: Severity = Severity.ERROR
    source: Source | None = None

    def within(self, source: Source) -> "Diagnostic":
        """The same diagnostic, with the source its span points into (kept if it has one already)."""
        if self.source is not None:
            return self
        return Diagnostic(self.code, self.message, self.span, self.hint, self.severity, source)

    def __str__(self) -> str:
        return render(self)


class DiagnosticError(Exception):
    """Raised where work cannot go on; carries every diagnostic that was found."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics

    def within(self, source: Source) -> "DiagnosticError":
        """The same error, with the source its spans point into."""
        return type(self)(*(d.within(source) for d in self.diagnostics))


def error(
    code: str, message: str, span: Span | None = None, hint: str = "", source: Source | None = None
) -> DiagnosticError:
    """A `DiagnosticError` with one diagnostic, ready to be raised."""
    return DiagnosticError(Diagnostic(code, message, span, hint, source=source))


@contextmanager
def collecting(problems: list[Diagnostic], source: Source | None = None) -> Generator[None]:
    """Collect the diagnostics that the block raises, so that several things can be looked at in one go."""
    try:
        yield
    except DiagnosticError as problem:
        problems += (problem if source is None else problem.within(source)).diagnostics


def warning(
    code: str, message: str, span: Span | None = None, hint: str = "", source: Source | None = None
) -> Diagnostic:
    """A diagnostic that stops nothing."""
    return Diagnostic(code, message, span, hint, Severity.WARNING, source)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is most likely a slip of, if any is close enough."""
    candidates = {k.lower(): k for k in known}
    found = difflib.get_close_matches(name.lower(), candidates, n=1, cutoff=0.6)
    return candidates[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str], quote: str = "`") -> str:
    """A hint that names the nearest known name, or nothing."""
    found = nearest(name, known)
    return f"did you mean {quote}{found}{quote}?" if found else ""


def counted(number: int, noun: str) -> str:
    """`1 point`, `2,000 points`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def render(diagnostic: Diagnostic) -> str:
    """The diagnostic as people read it: place, message, the source line with a caret, the hint."""
    head = f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}"
    lines: list[str] = []
    source, span = diagnostic.source, diagnostic.span
    if source is None:
        lines.append(head)
    elif span is None:
        lines.append(f"{source.name}: {head}")
    else:
        row, column = source.place(span.start)
        lines.append(f"{source.name}:{row}:{column}: {head}")
        lines += _excerpt(source.line(row), row, column, span)
    if diagnostic.hint:
        lines.append(f"  hint: {diagnostic.hint}")
    return "\n".join(lines)


def _excerpt(text: str, row: int, column: int, span: Span) -> Sequence[str]:
    start = column - 1
    width = max(1, min(span.end - span.start, len(text) - start))
    if len(text) > LONGEST_LINE:
        cut = max(0, start - LONGEST_LINE // 2)
        text, start = text[cut : cut + LONGEST_LINE], start - cut
        width = max(1, min(width, len(text) - start))
    shown = text.replace("\t", TAB).translate(_CONTROLS)
    start += text[:start].count("\t") * (len(TAB) - 1)
    gutter = f"{row:>5} | "
    return [f"{gutter}{shown}", f"{' ' * (len(gutter) - 2)}| {' ' * start}{'^' * width}"]


def as_json(diagnostic: Diagnostic) -> str:
    """The diagnostic as one line of JSON."""
    row, column = (0, 0)
    if diagnostic.source is not None and diagnostic.span is not None:
        row, column = diagnostic.source.place(diagnostic.span.start)
    return json.dumps(
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity.value,
            "message": diagnostic.message,
            "file": diagnostic.source.name if diagnostic.source else None,
            "line": row or None,
            "column": column or None,
            "hint": diagnostic.hint or None,
        },
        ensure_ascii=False,
    )
