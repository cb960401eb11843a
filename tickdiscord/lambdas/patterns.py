"""Regexes of a lambda: matching and replacing as Go's regexp package does, on bytes of UTF-8."""

import re

from tickdiscord import regex
from tickdiscord.lambdas.failure import Mistake
from tickdiscord.lambdas.textbytes import LONGEST, decoded, encoded, whole

_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")
"""`$$`, `${name}` or `$name` in a replacement; a `$` before anything else is itself."""
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")

MOST_KNOWN = 4096
LONGEST_KNOWN = 128
"""Texts that have been matched are remembered, if they are short: tags are the same again and again, and RE2's Python
binding takes over a microsecond."""

Part = bytes | int | str
"""A piece of a replacement: literal text, the number of a group, or the name of one."""


class Regex:
    """A compiled regex of TICKscript."""

    __slots__ = ("_groups", "_known", "_names", "_search", "pattern")

    def __init__(self, pattern: str) -> None:
        """Compile a pattern.

        Raises:
            regex.RegexError: if Go would not accept it.
        """
        self.pattern = pattern
        compiled = regex.compile(encoded(pattern))
        self._search = compiled.search
        self._groups = compiled.groups
        self._known: dict[str, bool] = {}
        self._names = regex.compile(whole(pattern)).groupindex

    def __contains__(self, text: str) -> bool:
        """Whether the pattern matches anywhere in the text: the operator `=~`."""
        known = self._known.get(text)
        if known is None:
            known = self._search(encoded(text)) is not None
            if len(text) <= LONGEST_KNOWN:
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known[text] = known
        return known

    def replace(self, text: str, replacement: str) -> str:
        """Go's `ReplaceAllString`: every match replaced, with `$1`, `${name}` and `$$` in the replacement.

        Raises:
            Mistake: the result is too long.
        """
        source = encoded(text)
        parts = _parts(replacement)
        pieces: list[bytes] = []
        kept = at = length = 0
        while at <= len(source):
            match = self._search(source, at)
            if match is None:
                break
            start, end = match.start(), match.end()
            pieces.append(source[kept:start])
            if end > kept or start == 0:  # Go: no empty match right behind another match
                pieces.append(self._expanded(parts, match, LONGEST - length))
                length += len(pieces[-1])
            kept = end
            at = max(end, at + _width(source, at))
        return decoded(b"".join(pieces) + source[kept:])

    def _expanded(self, parts: list[Part], match: regex.Match[bytes], room: int) -> bytes:
        pieces: list[bytes] = []
        for part in parts:
            pieces.append(part if isinstance(part, bytes) else self._group(part, match))
            room -= len(pieces[-1])
            if room < 0:
                raise Mistake("the text becomes too long", f"at most {LONGEST} bytes")
        return b"".join(pieces)

    def _group(self, part: int | str, match: regex.Match[bytes]) -> bytes:
        index = part if isinstance(part, int) else self._names.get(part, -1)
        return match.group(index) or b"" if 0 <= index <= self._groups else b""


def _width(source: bytes, at: int) -> int:
    """How many bytes the character at an offset takes; 1 at the end."""
    end = at + 1
    while end < len(source) and source[end] & 0xC0 == 0x80:
        end += 1
    return end - at


def _parts(replacement: str) -> list[Part]:
    parts: list[Part] = []
    done = 0
    for found in _REFERENCE.finditer(replacement):
        parts.append(encoded(replacement[done : found.start()]))
        name = found[2] or found[3]
        if found[1]:
            parts.append(b"$")
        else:
            parts.append(int(name) if _INDEX.fullmatch(name) else name)
        done = found.end()
    parts.append(encoded(replacement[done:]))
    return parts
