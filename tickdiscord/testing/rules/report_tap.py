"""The report in version 14 of the Test Anything Protocol."""

from typing import TextIO

from tickdiscord.testing.rules.report import harmless
from tickdiscord.testing.rules.report_lines import broken_text, plain_text
from tickdiscord.testing.rules.results import FileResult, Totals


def report(out: TextIO, coloured: bool) -> "Tap":
    """The report on a stream."""
    return Tap(out)


class Tap:
    """The plan comes last, since tests are told as they are done."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._number = 0
        out.write("TAP version 14\n")

    def file(self, result: FileResult) -> None:
        if result.broken:
            self._test(False, f"{result.path}", broken_text(result))
        for each in result.results:
            name = f"{result.path}: {each.name}"
            match each.outcome:
                case "passed":
                    self._test(True, name)
                case "todo":
                    self._test(False, name, directive=f" # TODO {each.todo}".rstrip())
                case "failed":
                    self._test(False, name, "\n\n".join(map(plain_text, each.failures)))

    def end(self, totals: Totals, seconds: float) -> None:
        self._out.write(f"1..{self._number}\n")

    def _test(self, passed: bool, name: str, text: str = "", directive: str = "") -> None:
        self._number += 1
        shown = harmless(name).replace("\n", " ").replace("#", "\\#")
        self._out.write(f"{'ok' if passed else 'not ok'} {self._number} - {shown}{directive}\n")
        if text:
            lines = "".join(f"    {line}".rstrip() + "\n" for line in text.split("\n"))
            self._out.write(f"  ---\n  message: |\n{lines}  ...\n")
