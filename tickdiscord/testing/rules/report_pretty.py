"""The report for people: a line a test, and for a failure what was expected, what came, and why."""

import importlib
import shutil
from collections.abc import Mapping
from typing import Any, TextIO

from tickdiscord.diagnostics import render
from tickdiscord.testing.rules.report import harmless
from tickdiscord.testing.rules.report_lines import Styled, failure_lines
from tickdiscord.testing.rules.results import FileResult, Result, Totals

SIGNS = {"passed": "✓", "failed": "✗", "todo": "○"}
INDENT = 4
LEAST_WIDTH, MOST_WIDTH = 60, 160

STYLES: Mapping[str, str] = {
    "file": "bold",
    "passed": "green",
    "failed": "bold red",
    "todo": "yellow",
    "title": "red",
    "head": "dim",
    "missing": "red",
    "extra": "red",
    "different": "red",
    "explanation": "cyan",
    "hint": "yellow",
    "note": "dim",
    "warning": "yellow",
    "diagnostic": "",
    "removed": "red",
    "added": "green",
}
"""What rich calls the colours."""


def report(out: TextIO, coloured: bool) -> "Pretty":
    """The report on a stream."""
    return Pretty(out, coloured)


class Lines:
    """Lines on a stream, coloured or not by the kind of line that each is."""

    def __init__(self, out: TextIO, coloured: bool) -> None:
        self._out = out
        width = shutil.get_terminal_size((120, 24)).columns
        self.width = min(MOST_WIDTH, max(LEAST_WIDTH, width))
        self.blank = False
        """Whether the line before is empty."""
        self._console: Any = None
        if coloured:
            console: Any = importlib.import_module("rich.console")
            self._console = console.Console(file=out, force_terminal=True, highlight=False, soft_wrap=True)

    def write(self, line: Styled, indent: int = 0) -> None:
        """Write a line."""
        text = f"{' ' * indent}{harmless(line.text)}".rstrip()
        self.blank = not text
        if self._console is None:
            self._out.write(f"{text}\n")
        else:
            self._console.print(text, style=STYLES.get(line.style, "") or None, markup=False)


class Pretty:
    """Readable without colours: a sign stands in front of every line that matters."""

    def __init__(self, out: TextIO, coloured: bool) -> None:
        self._lines = Lines(out, coloured)
        self._line = self._lines.write

    def file(self, result: FileResult) -> None:
        if not result.results and not result.broken:
            return
        self._line(Styled(str(result.path), "file"))
        for diagnostic in result.broken:
            for line in render(diagnostic).split("\n"):
                self._line(Styled(line, "diagnostic"), INDENT)
        for each in result.results:
            self._test(each)

    def end(self, totals: Totals, seconds: float) -> None:
        style = "failed" if totals.failed or totals.broken else "passed"
        if not self._lines.blank:
            self._line(Styled(""))
        self._line(Styled(f"{totals} in {seconds:.2f} s", style))

    def _test(self, result: Result) -> None:
        todo = f"  todo{f': {result.todo}' if result.todo else ''}" if result.outcome == "todo" else ""
        self._line(Styled(f"{SIGNS[result.outcome]} {result.name}{todo}", result.outcome), INDENT // 2)
        for note in result.notes:
            self._line(Styled(note, "note"), INDENT)
        for warning in result.warnings:
            for line in render(warning).split("\n"):
                self._line(Styled(line, "warning"), INDENT)
        for failure in result.failures:
            for line in failure_lines(failure, self._lines.width - INDENT):
                self._line(line, INDENT)
            self._line(Styled(""))
