"""Series notation: `cpu,host=a usage_idle: 50 40x3 _ 10+5x4` is eight points, an interval apart."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tickdiscord.points.exact import parse_head
from tickdiscord.points.model import Value
from tickdiscord.points.rejected import Unparsable
from tickdiscord.points.values import name as name_of
from tickdiscord.points.values import tag as tag_of
from tickdiscord.testing.rules.document import Line

NOTATION = "TD755"

MOST_POINTS = 1_000_000

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_PIECE = re.compile(
    rf'(?P<base>_|"(?:[^"\\]|\\.)*"|true|false|TRUE|FALSE|-?{_NUMBER}i?)'
    rf"(?P<step>[-+]{_NUMBER}i?)?(?:x(?P<count>\d{{1,7}}))?(?=\s|$)",
    re.ASCII,
)
_INTEGER = re.compile(r"[-+]?\d{1,19}i?", re.ASCII)
_LEAST, _GREATEST = -(1 << 63), (1 << 63) - 1
_HUGE = 1e300


@dataclass(frozen=True, slots=True)
class Key:
    """A measurement and its tag set, and perhaps the name of one field."""

    name: str
    tags: Mapping[str, str]
    field: str = ""


def key(written: Line) -> Key:
    """`cpu,host=a usage_idle`, or without the field; escapes are those of line protocol.

    Raises:
        DiagnosticError: it is neither.
    """
    try:
        head = parse_head(written.text.encode() + b" ")
    except Unparsable as problem:
        raise written.wrong(
            NOTATION, f"no series: {problem.reason}", "a series is written as cpu,host=a usage_idle"
        ) from None
    field = written.text.encode()[head.end :].strip().decode()
    if "=" in field or " " in field:
        hint = "points as line protocol are texts of a list: `- cpu,host=a usage_idle=50`"
        raise written.wrong(NOTATION, f"`{field}` is no name of a field", hint)
    tags = {tag_of(tag): tag_of(value) for tag, value in head.tags}
    return Key(name_of(head.name), tags, name_of(field.encode()))


def values(written: Line) -> list[Value | None]:
    """The values of a series, None where there is no point.

    `50` is one value, `40x3` is three of them, `10+5x4` is 10, 15, 20, 25, `_` is none, `_x3` three times none. A
    number is a float, as in line protocol; `50i` is an integer, `"up"` a string, `true` a bool.

    Raises:
        DiagnosticError: it is not written so.
    """
    found: list[Value | None] = []
    at, text = 0, written.text
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        piece = _PIECE.match(text, at)
        if piece is None:
            end = next((index for index in range(at, len(text)) if text[index].isspace()), len(text))
            raise _unreadable(written, at, end)
        count = int(piece["count"]) if piece["count"] else 1
        if len(found) + count > MOST_POINTS:
            raise written.wrong(NOTATION, f"more than {MOST_POINTS:,} points", start=at, end=piece.end())
        found += _expanded(written, piece, count)
        at = piece.end()
    return found


def _expanded(written: Line, piece: re.Match[str], count: int) -> Iterator[Value | None]:
    base, step = piece["base"], piece["step"]
    start, end = piece.span()
    if base == "_" or base[0] == '"' or base[0] in "tfTF":
        if step:
            raise written.wrong(NOTATION, f"`{base}` cannot be counted up", start=start, end=end)
        value = None if base == "_" else _string(base) if base[0] == '"' else base.lower() == "true"
        return iter([value] * count)
    if step and not piece["count"]:
        raise written.wrong(
            NOTATION, f"`{piece[0]}` does not say how many points", f"write {piece[0]}x4 for four", start=start, end=end
        )
    return _counted(written, piece, base, step or "0", count)


def _counted(written: Line, piece: re.Match[str], base: str, step: str, count: int) -> Iterator[Value | None]:
    start, end = piece.span()
    if not base.endswith("i"):
        if step.endswith("i"):
            raise written.wrong(
                NOTATION, "a float goes on in floats", f"write {base}i to begin with an integer", start=start, end=end
            )
        # Decimals, so that 0.1+0.1x3 is 0.1 0.2 0.3.
        first, by = Decimal(base), Decimal(step)
        for number in range(count):
            value = float(first + number * by) if max(map(abs, (float(base), float(step)))) < _HUGE else math.inf
            if not math.isfinite(value):
                raise written.wrong(NOTATION, f"`{piece[0]}` is too large for a float", start=start, end=end)
            yield value
        return
    if not _INTEGER.fullmatch(base) or not _INTEGER.fullmatch(step):
        raise written.wrong(NOTATION, f"`{piece[0]}` is no integer", start=start, end=end)
    for number in range(count):
        value = int(base[:-1]) + number * int(step.removesuffix("i"))
        if not _LEAST <= value <= _GREATEST:
            raise written.wrong(NOTATION, f"`{piece[0]}` leaves the 64 bits of an integer", start=start, end=end)
        yield value


def _string(quoted: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", quoted[1:-1])


def _unreadable(written: Line, start: int, end: int) -> Exception:
    piece = written.text[start:end]
    hint = 'values are written as 50, 40x3, 10+5x4, 3i, "text", true, or _ for no point'
    if piece in ("stale", "NaN", "nan", "inf", "null", "-"):
        hint = "`_` is no point"
    if piece.startswith("$"):
        hint = f"only in tests with `cases:`, and each case says what it is: {{{piece[1:].strip('{}')}: 50, …}}"
    return written.wrong(NOTATION, f"`{piece}` is no value of a series", hint, start, end)
