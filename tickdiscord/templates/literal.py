"""Finds a place of a template in the script that holds it as a string literal."""

import re
from dataclasses import dataclass

from tickdiscord.diagnostics import Diagnostic, Source, Span

_TRIPLE = "'''"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Literal:
    """A template's text, and where its literal stands in a script (or the text alone, where there is no script)."""

    text: str
    span: Span | None
    source: Source

    def point(self, diagnostic: Diagnostic) -> Diagnostic:
        """The same diagnostic, pointing into the script."""
        span = Span(0, len(self.text)) if diagnostic.span is None else diagnostic.span
        placed = self.over(span)
        message, hint = (_SURROGATE.sub("\ufffd", shown) for shown in (diagnostic.message, diagnostic.hint))
        return Diagnostic(diagnostic.code, message, placed, hint, diagnostic.severity, self.source)

    def over(self, span: Span) -> Span:
        """A span of the text, in the source."""
        return Span(self.place(span.start), self.place(span.end))

    def place(self, offset: int) -> int:
        """Where in the source a character of the text stands.

        A literal between single quotes is longer than its text by a backslash for each quote in it. If the span holds
        no such literal, as for a text put together by the script, it is the start or the end of the span.
        """
        if self.span is None:
            return offset
        raw = self.source.text[self.span.start : self.span.end]
        if raw == f"{_TRIPLE}{self.text}{_TRIPLE}":
            return self.span.start + len(_TRIPLE) + offset
        if raw[1:-1].replace("\\'", "'") == self.text and raw[:1] == raw[-1:] == "'":
            return self.span.start + 1 + offset + self.text.count("'", 0, offset)
        return self.span.start if offset < len(self.text) else self.span.end
