"""What a person sees: diagnostics and short notes on stderr, coloured on a terminal."""

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import TextIO

import click

from tickdiscord.diagnostics import Diagnostic, Severity, as_json, render

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
LEVEL_COLOURS = {"OK": "green", "INFO": "blue", "WARNING": "yellow", "CRITICAL": "red"}

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


class Terminal:
    """How much is said, and whether in colours. `verbosity` is −1 for quiet, 0, or 1 for more."""

    def __init__(self, verbosity: int = 0, colour: bool | None = None) -> None:
        self.verbosity = verbosity
        self._colour = colour

    def coloured(self, stream: TextIO | None) -> bool:
        """Whether to write colours to a stream: not with `--no-color` or `NO_COLOR`, and only to a terminal."""
        if self._colour is not None:
            return self._colour
        return not os.environ.get("NO_COLOR") and stream is not None and stream.isatty()

    def tell(self, diagnostic: Diagnostic) -> None:
        """Show a diagnostic; warnings are left out when quiet."""
        if self.verbosity >= 0 or diagnostic.severity == Severity.ERROR:
            head, _, rest = render(diagnostic).partition("\n")
            if self.coloured(sys.stderr):
                word = f"{diagnostic.severity.value}[{diagnostic.code}]"
                head = head.replace(word, click.style(word, fg=COLOURS[diagnostic.severity], bold=True), 1)
            self._write(f"{head}\n{rest}" if rest else head)

    def tell_all(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Show diagnostics, in their order."""
        for each in diagnostics:
            self.tell(each)

    def note(self, text: str, verbosity: int = 0) -> None:
        """Say something on stderr, if at least so much is to be said."""
        if self.verbosity >= verbosity:
            self._write(text)

    def log(self, level: str, text: str) -> None:
        """Show what a rule logs with `|log()`; DEBUG only when more is to be said."""
        self.note(f"{level} {plain(text)}", 1 if level == "DEBUG" else 0)

    def _write(self, text: str) -> None:
        if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]  (None when it is closed)
            # Perhaps nobody reads our messages any more; what we do goes on.
            with contextlib.suppress(OSError, ValueError):
                print(text, file=sys.stderr, flush=True)  # noqa: T201


def plain(text: str) -> str:
    """A text out of data or templates, safe to be printed: control characters are shown, not obeyed."""
    return text.translate(_CONTROL)


def json_lines(diagnostics: Iterable[Diagnostic]) -> str:
    """Diagnostics for machines, one a line."""
    return "".join(f"{as_json(each)}\n" for each in diagnostics)
