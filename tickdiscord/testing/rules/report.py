"""What a report is, and where each form of it is found."""

import importlib
from collections.abc import Mapping
from typing import Protocol, TextIO, cast

from tickdiscord.testing.rules.results import FileResult, Totals

FORMATS: Mapping[str, str] = {
    "pretty": "report_pretty",
    "json": "report_json",
    "junit": "report_junit",
    "tap": "report_tap",
    "github": "report_github",
}
"""The modules of the forms, loaded when used; each has a function `report(out, coloured)`."""


class Report(Protocol):
    """Takes the results of files as they come."""

    def file(self, result: FileResult) -> None:
        """A file is done."""
        ...

    def end(self, totals: Totals, seconds: float) -> None:
        """All files are done."""
        ...


class Maker(Protocol):
    """A module of a form."""

    def report(self, out: TextIO, coloured: bool) -> Report: ...


def report_named(name: str, out: TextIO, coloured: bool) -> Report:
    """A report in one of the `FORMATS`, written to a stream."""
    module = cast("Maker", importlib.import_module(f"tickdiscord.testing.rules.{FORMATS[name]}"))
    return module.report(out, coloured)


_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}


def harmless(text: str) -> str:
    """A text out of rules and data without what a terminal would obey; line breaks stay."""
    return text.translate(_CONTROLS)
