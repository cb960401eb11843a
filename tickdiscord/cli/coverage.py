"""`tickdiscord test --coverage`: its options, and the reports that it prints and writes."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tickdiscord.cli import exits
from tickdiscord.cli.options import together
from tickdiscord.cli.writing import unwritable, write_text
from tickdiscord.clock import WallClock

if TYPE_CHECKING:
    from tickdiscord.testing.coverage.model import Coverage
    from tickdiscord.testing.rules.report_lines import Styled

TERM, LINES = "term", "lines"
FILES = ("html", "cobertura", "lcov")
COLOURS = {"passed": "green", "failed": "red", "title": "red", "head": "bright_black", "note": "yellow"}


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is asked for; `path` is empty for its usual place."""

    kind: str
    path: str


def _reports(_: click.Context, __: click.Parameter, given: Sequence[str]) -> Sequence[Report]:
    return tuple(map(_report, given))


def _report(text: str) -> Report:
    """A report out of `KIND` or `KIND:PATH`.

    Raises:
        click.BadParameter: it is none.
    """
    kind, colon, path = text.partition(":")
    if kind not in (TERM, LINES, *FILES):
        raise click.BadParameter(f"there is no report `{kind}`: {', '.join((TERM, LINES, *FILES))}")
    if kind in (TERM, LINES) and colon:
        raise click.BadParameter(f"`{kind}` is printed, and takes no path")
    if kind in FILES and colon and not path:
        raise click.BadParameter(f"`{kind}:` wants a path behind it")
    return Report(kind, path)


COVERAGE = together(
    click.option("--coverage", is_flag=True, help="Say how much of each rule its tests have seen, and what not."),
    click.option(
        "--cov-report",
        "cov_reports",
        multiple=True,
        callback=_reports,
        metavar="KIND[:PATH]",
        help="How coverage is shown: term (a table), lines (also what is missing), html:DIR, cobertura:FILE, lcov:FILE;"
        " repeatable.  [lines]",
    ),
    click.option(
        "--threshold",
        type=click.FloatRange(0, 100),
        metavar="PERCENT",
        help="Exit with 2 if less than this of any rule is covered.",
    ),
)


@dataclass(frozen=True, slots=True)
class Covering:
    """What is asked for: filled by COVERAGE."""

    coverage: bool = False
    reports: Sequence[Report] = ()
    threshold: float | None = None

    @property
    def wanted(self) -> bool:
        """Each of the options asks for coverage."""
        return self.coverage or bool(self.reports) or self.threshold is not None

    def end(self, paths: Sequence[Path], coverage: "Coverage", *, machine: bool, coloured: bool) -> int:
        """Print and write the reports; the exit code. For machines, stdout is not for these words.

        `paths` are the folders in which there may be rules that no test is about.

        Raises:
            DiagnosticError: a report cannot be written.
        """
        from tickdiscord.testing.coverage.terminal import annotated, below, table
        from tickdiscord.testing.coverage.untested import untested

        coverage.add(untested(paths, coverage))
        out = sys.stderr if machine else sys.stdout
        show = _printer(out.write, coloured)
        kinds = {report.kind for report in self.reports}
        show(table(coverage))
        by_line = LINES in kinds or not kinds
        if by_line:
            for file in coverage:
                if file.missing and not file.note:
                    out.write("\n")
                    show(annotated(file))
        for report in self.reports:
            if report.kind in FILES:
                out.write(f"written: {_write(report, coverage)}\n")
        threshold = self.threshold or 0.0
        missed = coverage.below(threshold)
        if missed:
            out.write("\n")
            show(below(missed, threshold, details=not by_line))
        out.flush()
        return exits.FOUND if missed else exits.OK


def _printer(write: Callable[[str], object], coloured: bool) -> "Callable[[Iterable[Styled]], None]":
    def show(lines: "Iterable[Styled]") -> None:
        for line in lines:
            bold = line.style == "file"
            text = click.style(line.text, fg=COLOURS.get(line.style), bold=bold) if coloured else line.text
            write(f"{text}\n")

    return show


def _write(report: Report, coverage: "Coverage") -> Path:
    """Write a report to its file, whose folder is made; the file.

    Raises:
        DiagnosticError: it cannot be written.
    """
    path, text = _made(report, coverage)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as problem:
        raise unwritable(path, problem) from None
    write_text(path, text)
    return path


def _made(report: Report, coverage: "Coverage") -> tuple[Path, str]:
    match report.kind:
        case "html":
            from tickdiscord.testing.coverage import html

            path = Path(report.path) if report.path else html.DEFAULT
            return path if path.suffix == ".html" else path / html.PAGE, html.html(coverage)
        case "cobertura":
            from tickdiscord.testing.coverage import cobertura

            path = Path(report.path) if report.path else cobertura.DEFAULT
            return path, cobertura.cobertura(coverage, WallClock().now())
        case _:
            from tickdiscord.testing.coverage import lcov

            return Path(report.path) if report.path else lcov.DEFAULT, lcov.lcov(coverage)
