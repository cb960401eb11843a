"""Comments that switch warnings off: `// tickdiscord: ignore TD701, TD704` above the line they are about."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from tickdiscord.diagnostics import Diagnostic, Severity, Source, Span, warning

USELESS = "TD749"
"""Code of a comment that switches nothing off."""

_COMMENT = re.compile(r"^[ \t]*//[ \t]*tickdiscord:[ \t]*ignore\b(.*)$", re.M)
_CODE = re.compile(r"\bTD\d{3}\b")


@dataclass(slots=True)
class Ignore:
    """A code that a comment names, and the line that it is about."""

    code: str
    span: Span
    line: int
    used: bool = field(default=False)


class Ignores:
    """The comments of a script."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._all: list[Ignore] = []
        self._empty: list[Span] = []
        for comment in _COMMENT.finditer(source.text):
            line = _line_below(source, source.place(comment.start())[0])
            codes = list(_CODE.finditer(source.text, comment.start(1), comment.end(1)))
            self._all += [Ignore(code[0], Span(*code.span()), line) for code in codes]
            if not codes:
                at = comment.start() + len(comment[0]) - len(comment[0].lstrip())
                self._empty.append(Span(at, comment.end()))

    def standing(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics that are not switched off."""
        return [each for each in found if not self._off(each)]

    def useless(self, off: Collection[str]) -> Iterator[Diagnostic]:
        """A warning for each comment that has nothing to switch off; what is off everywhere does not count."""
        for span in self._empty:
            hint = "name the code: `// tickdiscord: ignore TD701`"
            yield warning(USELESS, "the comment switches nothing off: it names no code", span, hint, self._source)
        for each in self._all:
            if not each.used and each.code not in off:
                message = f"there is no {each.code} to switch off in line {each.line}"
                hint = "delete the comment, or put it above the line it is about"
                yield warning(USELESS, message, each.span, hint, self._source)

    def _off(self, found: Diagnostic) -> bool:
        if found.span is None or found.severity is Severity.ERROR or not self._all:
            return False
        line = self._source.place(found.span.start)[0]
        meant = [each for each in self._all if each.code == found.code and each.line == line]
        for each in meant:
            each.used = True
        return bool(meant)


def _line_below(source: Source, line: int) -> int:
    """The next line that is neither empty nor a comment."""
    lines = source.text.split("\n")
    following = (
        number
        for number in range(line, len(lines))
        if lines[number].strip() and not lines[number].lstrip().startswith("//")
    )
    return next(following, line) + 1
