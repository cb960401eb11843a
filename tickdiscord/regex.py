"""RE2: the only module that imports it, so that another binding can take its place.

Go's regexp package is RE2: same syntax, same meaning, linear time. What Go rejects, this rejects.
"""

import importlib
from typing import Any, AnyStr, Protocol, TypeVar, cast

_re2: Any = importlib.import_module("re2")

TextT_co = TypeVar("TextT_co", str, bytes, covariant=True)


class Match(Protocol[TextT_co]):
    """The part of `re.Match` that is used here."""

    def start(self, group: int | str = 0) -> int: ...
    def end(self, group: int | str = 0) -> int: ...
    def group(self, group: int | str = 0) -> TextT_co | None: ...


class Pattern(Protocol[AnyStr]):
    """The part of `re.Pattern` that is used here."""

    pattern: AnyStr
    groups: int
    groupindex: dict[str, int]

    def search(self, text: AnyStr, pos: int = 0) -> Match[AnyStr] | None: ...
    def match(self, text: AnyStr) -> Match[AnyStr] | None: ...
    def fullmatch(self, text: AnyStr) -> Match[AnyStr] | None: ...


class RegexError(ValueError):
    """A pattern that RE2 (and so Go) does not accept."""


def compile(pattern: AnyStr, *, latin1: bool = False) -> Pattern[AnyStr]:
    """Compile a pattern; one of bytes is matched against bytes.

    With `latin1` the pattern sees single bytes instead of UTF-8 characters.

    Raises:
        RegexError: with RE2's reason.
    """
    options = _re2.Options()
    options.log_errors = False
    if latin1:
        options.encoding = _re2.Options.Encoding.LATIN1
    try:
        return cast("Pattern[AnyStr]", _re2.compile(pattern, options))
    except _re2.error as problem:
        reason: object = problem.args[0] if problem.args else "bad pattern"
        raise RegexError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from None
