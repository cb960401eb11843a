"""What the text of a query says, as far as a task depends on it: one SELECT, and the measurements it reads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<string>'(?:\\.|[^'\\\n])*')
      |(?P<name>"(?:\\.|[^"\\\n])*")
      |(?P<word>[^\W\d]\w*)
      |(?P<number>\d[\w.]*|\.\d\w*)
      |(?P<sign>[-+*/%&|^=<>!~();:,.$])""",
    re.VERBOSE,
)
_GAP = re.compile(r"\s+|--[^\n]*|/\*.*?\*/", re.DOTALL)
_REGEX = re.compile(r"/(?:\\.|[^/\\\n])+/")
_AFTER_SOURCES = frozenset(
    "WHERE GROUP ORDER LIMIT OFFSET SLIMIT SOFFSET FILL TZ".split()  # what may stand behind the sources
)


@dataclass(frozen=True, slots=True)
class Place:
    """A source of a query: a measurement and where it is, as far as the query says it."""

    database: str
    retention_policy: str
    measurement: str
    """Its name, or a regex between slashes."""


@dataclass(frozen=True, slots=True)
class Select:
    """A query. `sources` are its measurements; `grouped` whether it has a GROUP BY of its own."""

    sources: Sequence[Place]
    grouped: bool


class NoSelectError(Exception):
    """Raised for what InfluxDB could not understand; says what is wrong, in one clause."""


def read_select(text: str) -> Select:
    """Read a query (Kapacitor: `NewQuery`). Only its frame is looked at, not its expressions.

    Raises:
        NoSelectError: it is not one SELECT of whole measurements.
    """
    tokens = list(_tokens(text))
    while tokens and tokens[-1] == ";":
        tokens.pop()
    if not tokens:
        raise NoSelectError("is empty")
    if tokens[0].upper() != "SELECT":
        raise NoSelectError(f"begins with `{tokens[0]}`, not with SELECT")
    if ";" in tokens:
        raise NoSelectError("holds more than one statement")
    outside = list(_outside(tokens))
    heads = [token.upper() for token in outside]
    if "FROM" not in heads:
        raise NoSelectError("has no FROM")
    begin = heads.index("FROM")
    if begin == 1:
        raise NoSelectError("selects nothing: a field or function stands between SELECT and FROM")
    end = next((at for at in range(begin + 1, len(heads)) if heads[at] in _AFTER_SOURCES), len(heads))
    return Select(list(_sources(outside[begin + 1 : end])), "GROUP" in heads[end:])


def _tokens(text: str) -> Iterator[str]:
    at, before = 0, ""
    while at < len(text):
        operand = not before or before[-1] in "~(,." or before.upper() == "FROM"
        found = _GAP.match(text, at) or (_REGEX.match(text, at) if operand else None) or _TOKEN.match(text, at)
        if found is None:
            what = "a quote that is not closed" if text[at] in "'\"" else f"`{text[at]}`, which InfluxQL has not"
            raise NoSelectError(f"holds {what}")
        if found.re is not _GAP:
            before = found[0]
            yield before
        at = found.end()


def _outside(tokens: Sequence[str]) -> Iterator[str]:
    """The tokens outside of all parentheses; those themselves stand for what they hold."""
    depth = 0
    for token in tokens:
        depth += (token == "(") - (token == ")")
        if depth < 0:
            raise NoSelectError("closes a parenthesis that is not open")
        if token == "(" and depth == 1:
            yield token
        if depth == 0 and token != ")":
            yield token
    if depth:
        raise NoSelectError("does not close a parenthesis")


def _sources(tokens: Sequence[str]) -> Iterator[Place]:
    """Measurements with commas between them: `m`, `rp.m`, `db.rp.m`, `db..m`."""
    parts = [""]
    for token in (*tokens, ","):
        if token == ",":
            if not parts[-1] or len(parts) > 3:
                raise NoSelectError("names no measurement behind FROM")
            database, retention_policy, measurement = ["", "", *parts][-3:]
            yield Place(database, retention_policy, measurement)
            parts = [""]
        elif token == ".":
            parts.append("")
        elif token == "(":
            raise NoSelectError("reads from another query, which Kapacitor does not allow")
        elif parts[-1]:
            raise NoSelectError(f"says `{token}` where the measurements end")
        else:
            parts[-1] = token.strip('"')
