"""The report for GitHub Actions: an annotation at the line of every test that failed."""

from typing import TextIO

from tickdiscord.testing.rules.report_lines import plain_text, summary
from tickdiscord.testing.rules.results import FileResult, Totals


def report(out: TextIO, coloured: bool) -> "GitHub":
    """The report on a stream."""
    return GitHub(out)


class GitHub:
    """Workflow commands, which the log of a step shows at the files."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def file(self, result: FileResult) -> None:
        path = str(result.path)
        for each in result.broken:
            line = each.source.place(each.span.start)[0] if each.source and each.span else 1
            self._command("error", path, line, each.code, f"{each.message}\n{each.hint}".rstrip())
        for test in result.results:
            if test.outcome == "failed":
                text = "\n\n".join(map(plain_text, test.failures))
                line = test.failures[0].line or test.line
                self._command("error", path, line, f"{test.name}: {summary(test)}", text)
            for warning in test.warnings:
                self._command("warning", path, test.line, f"{test.name}: {warning.code}", warning.message)

    def end(self, totals: Totals, seconds: float) -> None:
        self._out.write(f"{totals} in {seconds:.2f} s\n")

    def _command(self, kind: str, path: str, line: int, title: str, text: str) -> None:
        place = f"file={_property(path)},line={line},title={_property(title)}"
        self._out.write(f"::{kind} {place}::{_escaped(text)}\n")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
