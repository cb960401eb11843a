"""Coverage for people: a table of the files, and those with something missing, line by line."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from tickdiscord.diagnostics import TAB, Source, Span
from tickdiscord.testing.coverage.model import Coverage, FileCoverage, Goal, percent_text, ranges, sentences
from tickdiscord.testing.rules.report import harmless
from tickdiscord.testing.rules.report_lines import Styled

HEAD = ("rule", "goals", "miss", "cover", "missing on lines")
REACHED, MISSING = "✓", "✗"


def table(coverage: Coverage) -> Iterator[Styled]:
    """A row for each file, and one for all of them."""
    if not coverage.files:
        yield Styled("no rule could be run, so that there is nothing to be covered", "note")
        return
    rows = [_row(each) for each in coverage]
    missed = coverage.total - coverage.covered
    total = ("total", str(coverage.total), str(missed), percent_text(coverage.percent), "")
    widths = [max(map(len, column)) for column in zip(HEAD, total, *rows, strict=True)]
    rule = "-" * (sum(widths[:4]) + 2 * 4 + len(HEAD[4]))
    yield Styled(_columns(HEAD, widths), "head")
    yield Styled(rule, "head")
    for each, row in zip(coverage, rows, strict=True):
        yield Styled(_columns(row, widths), "note" if each.note else "passed" if not each.missing else "title")
    yield Styled(rule, "head")
    yield Styled(_columns(total, widths), "file")


def _row(file: FileCoverage) -> tuple[str, ...]:
    lines = file.note or ranges(file.missing_by_line())
    return harmless(str(file.path)), str(file.total), str(len(file.missing)), percent_text(file.percent), lines


def _columns(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *numbers, last = cells
    right = (f"{cell:>{width}}" for cell, width in zip(numbers, widths[1:], strict=False))
    return "  ".join((f"{name:<{widths[0]}}", *right, last)).rstrip()


def annotated(file: FileCoverage) -> Iterator[Styled]:
    """The file line by line; under a line what its tests never make happen."""
    source, by_line = file.source, file.by_line()
    yield Styled(f"{harmless(str(file.path))}: {percent_text(file.percent)}", "file")
    last = source.text.rstrip().count("\n") + 1
    gutter = len(str(last)) + 2
    for number in range(1, last + 1):
        goals = by_line.get(number, ())
        missing = [goal for goal in goals if goal.id not in file.reached]
        sign = " " if not goals else MISSING if missing else REACHED
        style = "" if not goals else "failed" if missing else "passed"
        text = harmless(source.line(number).replace("\t", TAB))
        yield Styled(f"{number:>{gutter}} {sign} {text}".rstrip(), style)
        for span, together in groupby(missing, lambda goal: goal.span):
            yield from _under(source, number, span, list(together), gutter + 3)


def _under(source: Source, number: int, span: Span, goals: Sequence[Goal], indent: int) -> Iterator[Styled]:
    column = source.place(span.start)[1] - 1
    line = source.line(number)
    before = len(harmless(line[:column].replace("\t", TAB)))
    width = max(1, min(span.end - span.start, len(line) - column))
    pad = " " * (indent + before)
    yield Styled(f"{pad}{'^' * width}", "title")
    for sentence in sentences(goals):
        yield Styled(f"{pad}{harmless(sentence)}", "title")


def below(files: Sequence[FileCoverage], threshold: float, *, details: bool) -> Iterator[Styled]:
    """The files that are not covered enough; with `details` also what is missing on which line."""
    for file in files:
        shown = f"{harmless(str(file.path))} is covered by {percent_text(file.percent)}, less than {threshold:g}%"
        yield Styled(f"{shown}: {file.note}" if file.note else shown, "failed")
        if details and not file.note:
            for line, goals in file.missing_by_line().items():
                yield from (Styled(f"  {line}: {harmless(said)}", "title") for said in sentences(goals))
