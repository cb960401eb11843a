"""The report of mutants for people: a table for each file, then every survivor with what would kill it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TextIO

from tickdiscord.diagnostics import counted, render
from tickdiscord.testing.mutation.results import Broken, FileReport, Outcome, Totals, Verdict
from tickdiscord.testing.mutation.streams import LENGTH
from tickdiscord.testing.mutation.suggesting import Suggestion
from tickdiscord.testing.rules.report_lines import Styled
from tickdiscord.testing.rules.report_pretty import Lines

INDENT = 2
OUTCOMES: Sequence[Outcome] = ("killed", "survived", "equivalent")
NONE = "·"


class Pretty:
    """Writes the reports of files as they come."""

    def __init__(self, out: TextIO, coloured: bool) -> None:
        self._write = Lines(out, coloured).write

    def file(self, report: FileReport | Broken) -> None:
        """A file is done."""
        for line in _broken(report) if isinstance(report, Broken) else _file(report):
            self._write(line)
        self._write(Styled(""))

    def end(self, totals: Totals, threshold: float, seconds: float) -> None:
        """All files are done."""
        good = not (totals.failing or totals.broken) and totals.score >= threshold
        wanted = "" if totals.score >= threshold else f", at least {threshold:g}% are wanted,"
        self._write(Styled(f"{totals}{wanted} in {seconds:.2f} s", "passed" if good else "failed"))


def _broken(report: Broken) -> Iterator[Styled]:
    yield Styled(str(report.path), "file")
    for each in report.diagnostics:
        yield from _indented((Styled(line, "diagnostic") for line in render(each).split("\n")), INDENT)


def _file(report: FileReport) -> Iterator[Styled]:
    tests = counted(report.tests, "test")
    if report.failing:
        yield Styled(f"{report.path}  {tests}", "file")
        yield Styled("  nothing is mutated, since tests fail on the rule as it is:", "failed")
        yield from (Styled(f"  ✗ {each.name}: {each.title}", "failed") for each in report.failing)
        return
    yield Styled(f"{report.path}  {tests}, {counted(len(report.verdicts), 'mutant')}", "file")
    yield from _indented(_table(report.verdicts), INDENT)
    if report.not_loading:
        yield Styled(f"  not counted: {report.not_loading} with which the rule does not load", "note")
    for each in report.of("survived"):
        yield Styled("")
        yield from _indented(_survivor(each), INDENT)
    if equivalent := report.of("equivalent"):
        yield Styled("")
        words = f"{report.streams} streams of up to {LENGTH} points a series"
        yield Styled(f"  equivalent within {words}, the tests' own and such as the rule's constants give:", "note")
        yield from (Styled(f"    {_place(each)}  {_change(each)}", "note") for each in equivalent)


def _table(verdicts: Sequence[Verdict]) -> Iterator[Styled]:
    """How many of each kind became what; kinds stand in the order of their first mutant."""
    counts = Counter((each.mutant.kind, each.outcome) for each in verdicts)
    kinds = list(dict.fromkeys(each.mutant.kind for each in verdicts))
    if not kinds:
        return
    width = max(len("mutation"), *map(len, kinds))
    yield Styled(f"{'mutation':<{width}}  {'  '.join(OUTCOMES)}", "head")
    for kind in kinds:
        cells = (f"{counts[kind, outcome] or NONE:>{len(outcome)}}" for outcome in OUTCOMES)
        yield Styled(f"{kind:<{width}}  {'  '.join(cells)}", "failed" if counts[kind, "survived"] else "")


def _survivor(verdict: Verdict) -> Iterator[Styled]:
    yield Styled(f"✗ survived: {verdict.mutant.kind}, {_place(verdict)}", "failed")
    yield from _indented((_coloured(line) for line in verdict.mutant.diff), INDENT)
    if verdict.kill is not None:
        yield Styled(f"  a test above kills it, too: {verdict.kill.test}", "hint")
    if verdict.suggestion is not None:
        yield from _indented(_suggestion(verdict.suggestion), INDENT)


def _suggestion(found: Suggestion) -> Iterator[Styled]:
    yield Styled("told apart by", "head")
    yield from _indented(map(Styled, found.points.split("\n")), INDENT)
    for who, lines in (("rule", found.rule), ("mutant", found.mutant)):
        yield from (Styled(f"  {who if not number else '':<6}  {line}") for number, line in enumerate(lines))
    if not found.test:
        yield Styled("no test can tell them apart: there is no expectation for what differs", "note")
        return
    yield Styled(f"a test that kills it, beside {found.beside}", "head")
    yield from _indented((Styled(line, "hint") for line in found.test.rstrip("\n").split("\n")), INDENT)


def _place(verdict: Verdict) -> str:
    return f"{verdict.mutant.source.name}:{verdict.mutant.line}"


def _change(verdict: Verdict) -> str:
    """What was changed, in one line."""
    changed = [line for line in verdict.mutant.diff[3:] if line[:1] in "-+"]
    return " ".join(f"{line[0]} {line[1:].strip()}" for line in changed)


def _coloured(line: str) -> Styled:
    return Styled(line, {"-": "removed", "+": "added", "@": "head"}.get(line[:1], ""))


def _indented(lines: Iterator[Styled], by: int) -> Iterator[Styled]:
    return (Styled(f"{' ' * by}{line.text}", line.style) for line in lines)
