"""A failed test as lines of text: the comparison on one time axis, and why the first difference came about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tickdiscord.diagnostics import render
from tickdiscord.testing.rules.mismatch import Row
from tickdiscord.testing.rules.report import harmless
from tickdiscord.testing.rules.results import Failure, FileResult, Result

MARKS = {"": " ", "missing": "-", "extra": "+", "different": "!"}
NOTHING = "·"
MOST_ROWS = 60
"""A longer comparison shows the rows around its first differences."""
AROUND = 3
LEAST_COLUMN = 24


@dataclass(frozen=True, slots=True)
class Styled:
    """A line, and the kind of line it is, by which it may be coloured."""

    text: str
    style: str = ""


def failure_lines(failure: Failure, width: int) -> Iterator[Styled]:
    """A failure, for a terminal of some columns."""
    place = f" (line {failure.line})" if failure.line else ""
    yield Styled(f"{failure.title}{place}", "title")
    if failure.rows:
        yield Styled("")
        yield from _table(failure.rows, width)
    if failure.explanation:
        yield Styled("")
        yield from (Styled(line, "explanation") for line in failure.explanation)
    for diagnostic in failure.diagnostics:
        yield from (Styled(line, "diagnostic") for line in render(diagnostic).split("\n"))
    if failure.hint:
        yield Styled(f"hint: {failure.hint}", "hint")


def plain_text(failure: Failure) -> str:
    """A failure as a text, for reports of other programs."""
    return "\n".join(harmless(line.text) for line in failure_lines(failure, 160)).rstrip()


def broken_text(result: FileResult) -> str:
    """Why a file could not be read."""
    return "\n".join(render(each) for each in result.broken)


def summary(result: Result) -> str:
    """The first failure in one line."""
    return harmless(result.failures[0].title) if result.failures else ""


def _table(rows: Sequence[Row], width: int) -> Iterator[Styled]:
    chosen = list(_chosen(rows))
    times = max([len("time"), *(len(row.time) for row in chosen if row)])
    longest = max([len("expected"), *(len(row.expected) for row in chosen if row)])
    room = max(2 * LEAST_COLUMN, width - times - 8)
    got = max([len("got"), *(len(row.got) for row in chosen if row)])
    expected = min(longest, max(room // 2, room - got))
    got = min(got, room - expected)
    yield Styled(f"  {'time':{times}}  {'expected':{expected}}  got".rstrip(), "head")
    for row in chosen:
        if row is None:
            yield Styled("  …")
            continue
        left = _cut(row.expected or NOTHING, expected)
        right = _cut(row.got or NOTHING, got)
        yield Styled(f"{MARKS[row.mark]} {row.time:{times}}  {left:{expected}}  {right}".rstrip(), row.mark)
        if row.mark == "different":
            yield from _whole(row, times, expected, got)


def _whole(row: Row, times: int, expected: int, got: int) -> Iterator[Styled]:
    """In what they differ, and, where the columns are too narrow, both in full."""
    indent = " " * (times + 4)
    if row.why:
        yield Styled(f"{indent}^ {row.why}", "different")
    if len(row.expected) > expected or len(row.got) > got:
        yield Styled(f"{indent}expected  {row.expected}", "different")
        yield Styled(f"{indent}got       {row.got}", "different")


def _chosen(rows: Sequence[Row]) -> Iterator[Row | None]:
    """All rows, or those around differences, with None for what is left out."""
    if len(rows) <= MOST_ROWS:
        yield from rows
        return
    marked = [index for index, row in enumerate(rows) if row.mark][: MOST_ROWS // 2] or [0]
    shown = {index for mark in marked for index in range(mark - AROUND, mark + AROUND + 1) if 0 <= index < len(rows)}
    last = -1
    for index in sorted(shown)[:MOST_ROWS]:
        if index > last + 1:
            yield None
        yield rows[index]
        last = index
    if last < len(rows) - 1:
        yield None


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
