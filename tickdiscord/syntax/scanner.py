"""Cuts a script into tokens, as Kapacitor's lexer does.

What a character means depends on its place: where an operand may stand, a `/` opens a regex and a `*` is the star;
where an operator may stand, they divide and multiply. Kapacitor looks for an operator only right behind a name, a
keyword, a literal or a `)`; behind a regex, a star, a `]` or a comment it finds none.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lark.lexer import TerminalDef

from tickdiscord.syntax.tree import Comment

END = "$END"
UNKNOWN = "UNKNOWN"
"""Type of a token that is a character no token begins with."""
UNCLOSED = "UNCLOSED"
"""Type of a token that is an opening quote, or the slash of a regex, without its partner."""

OPERATORS = frozenset({"EQUAL", "EQUALITY", "COMPARISON", "PLUS", "TIMES", "SLASH", "PERCENT"})
"""Found only where an operator may stand (`-`, `!`, AND and OR are found everywhere)."""
OPERANDS = frozenset({"REGEX", "STAR"})
"""Found only where an operand may stand."""
BEFORE_OPERATOR = frozenset(
    {"RPAR", "NAME", "VAR", "DBRP", "AND", "OR", "TRUE", "FALSE", "LAMBDA"}
    | {"INTEGER", "FLOAT", "DURATION", "REFERENCE", "STRING"}
)
BEFORE_REGEX = frozenset({"=", "=~", "!~"})
"""Right behind these a slash opens a regex even if a second follows, so there can be no comment."""
PASSING_ON = frozenset({"RPAR", "RSQB", "COMMA"})
"""A comment before one of these cannot stay there; it goes to the next token."""

GAP = "\n"
"""The line that stands for a gap between two comments."""
QUOTES = "'\"/"


class Token(NamedTuple):
    """A token: its terminal in the grammar, its text, its place in the script, and the comment before it."""

    type: str
    text: str
    start: int
    end: int
    script: str
    comment: Comment | None = None


class Scanner:
    """The terminals of the grammar, compiled for each of the places where a token is looked for."""

    def __init__(self, terminals: Iterable[TerminalDef]) -> None:
        patterns = {terminal.name: terminal.pattern.to_regexp() for terminal in terminals}
        self._space = re.compile(f"(?:{patterns.pop('SPACE')})?")
        # A comment comes before a regex and a division; the longer operator before the shorter one.
        names = ["COMMENT", "EQUALITY", "COMPARISON", *(n for n in patterns if n not in _FIRST)]
        self._operand = _alternatives(patterns, [n for n in names if n not in OPERATORS])
        self._operator = _alternatives(patterns, [n for n in names if n not in OPERANDS])
        self._regex = _alternatives(patterns, ["REGEX"])

    def scan(self, script: str, start: int = 0) -> Iterator[Token]:
        """The tokens of a script from an offset on, with one of type `END` as the last.

        Nothing is raised: a character that begins no token comes as one of type `UNKNOWN` or `UNCLOSED`, and scanning
        goes on behind it.
        """
        position, place = start, self._operand
        comments: list[Comment] = []
        while True:
            position = self._skip(script, position)
            if position == len(script):
                yield Token(END, "", position, position, script, joined(*comments))
                return
            kind, word = _found(place.match(script, position) or self._operand.match(script, position))
            if not word:
                word = script[position]
                kind = UNCLOSED if word in QUOTES else UNKNOWN
            begin, position = position, position + len(word)
            if kind == "COMMENT":
                comments.append(Comment(_lines(word)))
                place = self._operand
                continue
            if comments and kind not in PASSING_ON:
                yield Token(kind, word, begin, position, script, joined(*comments))
                comments = []
            else:
                yield Token(kind, word, begin, position, script)
            if kind in BEFORE_OPERATOR:
                place = self._operator
            else:
                place = self._regex if word in BEFORE_REGEX else self._operand

    def _skip(self, text: str, position: int) -> int:
        match = self._space.match(text, position)
        return match.end() if match else position


_FIRST = frozenset({"COMMENT", "EQUALITY", "COMPARISON"})


def _alternatives(patterns: dict[str, str], names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{patterns[name]})" for name in names))


def _found(match: re.Match[str] | None) -> tuple[str, str]:
    """The type and text of what was found, two empty strings if nothing was."""
    if match is None:
        return "", ""
    kind, word = match.lastgroup or "", match.group()
    return (kind, word) if word.isascii() or kind != "NAME" else (kind, _letters(word))


def _letters(word: str) -> str:
    """As much of a name as Go takes for letters and digits, which Roman numerals and superscripts are not."""
    for index, character in enumerate(word):
        if not (character.isalpha() or (index > 0 and (character.isdecimal() or character == "_"))):
            return word[:index]
    return word


def _lines(comment: str) -> tuple[str, ...]:
    stripped = [line.strip() for line in comment.split("\n")]
    return tuple(line.removeprefix("//").removeprefix(" ") for line in stripped if line)


def joined(*comments: Comment | None) -> Comment | None:
    """Several comments as one, with a gap between each two."""
    present = [comment.lines for comment in comments if comment]
    if not present:
        return None
    first, *others = present
    return Comment(first + tuple(line for lines in others for line in (GAP, *lines)))
