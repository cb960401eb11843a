"""Numbers and durations as other languages write them: what is wrong with them, and how TICKscript writes them."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from tickdiscord.diagnostics import Diagnostic, Span
from tickdiscord.syntax.literals import BAD_DURATION, BAD_NUMBER, UNITS, shown

_UNIT = "(?:ms|us|µs|ns|[uµsmhdw])"
_LONG_UNITS = {"us": 1_000, "µs": 1_000, "ns": 1, **UNITS}
_WRITTEN = sorted(((size, unit) for unit, size in UNITS.items() if unit != "µ"), reverse=True)
_LARGEST_EXPONENT = 30

UNIT_LIST = "`u` (or `µ`), `ms`, `s`, `m`, `h`, `d`, `w`"


def misspelt(script: str, start: int) -> Diagnostic | None:
    """The diagnostic for a number or duration that begins at an offset and is written as other languages do."""
    for pattern, code, explain in _SLIPS:
        match = pattern.match(script, start)
        if match:
            message, hint = explain(match)
            return Diagnostic(code, f"`{shown(match[0])}` {message}", Span(*match.span()), hint)
    return None


def _exponent(match: re.Match[str]) -> tuple[str, str]:
    far = abs(int(match[1])) > _LARGEST_EXPONENT if len(match[1]) < 6 else True
    text = "" if far else format(Decimal(match[0]).normalize(), "f")
    return "has an exponent, which numbers cannot have", f"write {text if '.' in text else text + '.0'}" if text else ""


def _several_units(match: re.Match[str]) -> tuple[str, str]:
    parts = re.findall(rf"([0-9.]+)({_UNIT})", match[0])
    return "has several units; a duration has one", _as_duration(sum(_nanoseconds(*part) for part in parts))


def _fraction(match: re.Match[str]) -> tuple[str, str]:
    return "has a fraction, which durations cannot have", _as_duration(_nanoseconds(match[1], match[2]))


def _spaced(match: re.Match[str]) -> tuple[str, str]:
    return "has a space before its unit", f"write {match[1]}{match[2]}"


def _unit(match: re.Match[str]) -> tuple[str, str]:
    guess = _GUESSES.get(match[2].lower())
    known = f"write {match[1]}{guess}" if guess else f"the units of a duration are {UNIT_LIST}"
    return f"has a unit that is unknown, `{shown(match[2])}`", known


_GUESSES = {
    unit: short
    for short, names in {
        "s": "sec secs second seconds",
        "m": "min mins minute minutes",
        "h": "hr hrs hour hours",
        "d": "day days",
        "w": "wk week weeks",
        "ms": "msec millis",
        "u": "us usec micros",
    }.items()
    for unit in names.split()
}


def _as_duration(nanoseconds: Fraction | int) -> str:
    for size, unit in _WRITTEN:
        if nanoseconds and nanoseconds % size == 0:
            return f"write {nanoseconds // size}{unit}"
    return f"the units of a duration are {UNIT_LIST}"


def _nanoseconds(number: str, unit: str) -> Fraction:
    digits = number if len(number) < 30 and number.count(".") < 2 and number != "." else "0"
    return Fraction(Decimal(digits)) * _LONG_UNITS[unit]


def _points(_: re.Match[str]) -> tuple[str, str]:
    return "has more than one point", ""


def _hexadecimal(match: re.Match[str]) -> tuple[str, str]:
    return "is hexadecimal", f"write {int(match[0][:18], 16)}"


def _underscores(match: re.Match[str]) -> tuple[str, str]:
    return "has underscores", f"write {shown(match[0].replace('_', ''))}"


_SLIPS: list[tuple[re.Pattern[str], str, Callable[[re.Match[str]], tuple[str, str]]]] = [
    (re.compile(r"[0-9]*\.[0-9]*\.[0-9.]*"), BAD_NUMBER, _points),
    (re.compile(r"0[xX][0-9a-fA-F]+"), BAD_NUMBER, _hexadecimal),
    (re.compile(r"[0-9]+(?:_[0-9]+)+"), BAD_NUMBER, _underscores),
    (re.compile(r"[0-9]+\.?[0-9]*[eE]([+-]?[0-9]+)"), BAD_NUMBER, _exponent),
    (re.compile(rf"(?:[0-9]+\.?[0-9]*{_UNIT}){{2,}}(?!\w)"), BAD_DURATION, _several_units),
    (re.compile(rf"([0-9]+\.[0-9]*|\.[0-9]+)({_UNIT})(?!\w)"), BAD_DURATION, _fraction),
    (re.compile(r"([0-9]+)[ \t]+(ms|[uµsmhdw])(?!\w)"), BAD_DURATION, _spaced),
    (re.compile(r"([0-9]+)([^\W\d_]\w*)"), BAD_DURATION, _unit),
]
