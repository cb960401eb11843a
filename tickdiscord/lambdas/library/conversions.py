"""Conversions between types: `bool int float string duration`."""

import re

from tickdiscord import gotext
from tickdiscord.lambdas import text
from tickdiscord.lambdas.failure import Mistake
from tickdiscord.lambdas.int64 import GREATEST, LEAST, truncated, wrap
from tickdiscord.lambdas.library.entry import Function, Signature, refuses, shows
from tickdiscord.lambdas.types import Type

BOOL, INT, FLOAT, STRING, DURATION = Type.BOOL, Type.INT, Type.FLOAT, Type.STRING, Type.DURATION

TRUE_WORDS = frozenset({"1", "t", "T", "TRUE", "true", "True"})
FALSE_WORDS = frozenset({"0", "f", "F", "FALSE", "false", "False"})

LONGEST_SHOWN = 40
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DURATION = re.compile(r"-?(?:[0-9]+(?:ns|ms|[uµsmhdw]))+")
_TERM = re.compile(r"([0-9]+)(ns|ms|[uµsmhdw])")
_UNITS = {**dict(text.DURATION_UNITS), "µ": 1_000}


def _shown(value: str) -> str:
    """A string in a message; a long one is cut."""
    return repr(value if len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…")


def _bool_of_text(value: str) -> bool:
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise Mistake(f"{_shown(value)} is not a bool", "true, t and 1 are TRUE; false, f and 0 are FALSE")


def _bool_of_int(value: int) -> bool:
    if value in (0, 1):
        return value == 1
    raise Mistake(f"{value} is not a bool", "only 0 and 1 are; compare instead: `!= 0`")


def _bool_of_float(value: float) -> bool:
    if value in (0.0, 1.0):
        return value == 1.0
    raise Mistake(f"{gotext.format_float(value)} is not a bool", "only 0 and 1 are; compare instead: `!= 0.0`")


def _int_of_text(value: str) -> int:
    if not _INTEGER.fullmatch(value):
        raise Mistake(f"{_shown(value)} is not an int", "an int is decimal digits, with no spaces")
    # Python refuses to read thousands of digits; so many are out of range without looking.
    digits = value.lstrip("+-").lstrip("0")
    number = int(value) if len(digits) < 20 else GREATEST + 1
    if not LEAST <= number <= GREATEST:
        raise Mistake(f"{_shown(value)} does not fit into 64 bits")
    return number


def _float_of_text(value: str) -> float:
    try:
        return gotext.parse_float(value)
    except ValueError:
        raise Mistake(f"{_shown(value)} is not a float") from None


def _text_of_float(value: float) -> str:
    return gotext.format_float(value, "f")


def _text_of_bool(value: bool) -> str:
    return "true" if value else "false"


def _duration_of_int(value: int, unit: int) -> int:
    return wrap(value * unit)


def _duration_of_float(value: float, unit: int) -> int:
    return truncated(value * unit)


def _duration_of_text(value: str, unit: int) -> int:
    """InfluxQL's own durations; the unit is asked for, but not used (Kapacitor)."""
    if not _DURATION.fullmatch(value):
        raise Mistake(f"{_shown(value)} is not a duration", "a duration is digits and a unit: ns u ms s m h d w")
    terms = _TERM.findall(value)
    if any(len(digits.lstrip("0")) > 19 or int(digits) > GREATEST for digits, _ in terms):
        raise Mistake(f"{_shown(value)} does not fit into 64 bits")
    total = wrap(sum(int(digits) * _UNITS[unit] for digits, unit in terms))
    if value[0] == "-":
        return wrap(-total)
    if total < 0:
        raise Mistake(f"{_shown(value)} does not fit into 64 bits of nanoseconds")
    return total


def _same(value: object) -> object:
    return value


FUNCTIONS = (
    Function(
        "bool",
        "The bool that a value stands for: 0 and 1, and the usual words.",
        ("value",),
        (
            Signature((BOOL,), BOOL, _same, "{0}"),
            Signature((INT,), BOOL, _bool_of_int, fails=True),
            Signature((FLOAT,), BOOL, _bool_of_float, fails=True),
            Signature((STRING,), BOOL, _bool_of_text, fails=True),
        ),
        (
            shows("bool('true')", True),
            shows("bool(0)", False),
            shows("bool(1.0)", True),
            refuses("bool(2)", "2 is not a bool"),
            refuses("bool('yes')", "'yes' is not a bool"),
        ),
    ),
    Function(
        "int",
        "The int of a value; floats are cut off toward zero, strings are read as decimal digits.",
        ("value",),
        (
            Signature((BOOL,), INT, int, "int({0})"),
            Signature((INT,), INT, _same, "{0}"),
            Signature((FLOAT,), INT, truncated),
            Signature((STRING,), INT, _int_of_text, fails=True),
        ),
        (
            shows("int(-1.9)", -1),
            shows("int(TRUE)", 1),
            shows("int('010')", 10),
            refuses("int('0x10')", "'0x10' is not an int"),
            refuses("int('9223372036854775808')", "does not fit into 64 bits"),
        ),
    ),
    Function(
        "float",
        "The float of a value, as needed beside another float.",
        ("value",),
        (
            Signature((BOOL,), FLOAT, float, "float({0})"),
            Signature((INT,), FLOAT, float, "float({0})"),
            Signature((FLOAT,), FLOAT, _same, "{0}"),
            Signature((STRING,), FLOAT, _float_of_text, fails=True),
        ),
        (
            shows('float("n") * 1.5', 4.5, n=3),
            shows("float('1e3')", 1000.0),
            refuses("float('abc')", "'abc' is not a float"),
        ),
    ),
    Function(
        "string",
        "The text of a value; floats without exponent, durations in their largest whole unit.",
        ("value",),
        (
            Signature((BOOL,), STRING, _text_of_bool),
            Signature((INT,), STRING, str, "str({0})"),
            Signature((FLOAT,), STRING, _text_of_float),
            Signature((STRING,), STRING, _same, "{0}"),
            Signature((DURATION,), STRING, text.duration_text),
        ),
        (
            shows("string(1.0)", "1"),
            shows("string(100000000000000000000.0)", "100000000000000000000"),
            shows("string(90m)", "90m"),
            shows("string(TRUE)", "true"),
        ),
    ),
    Function(
        "duration",
        "A duration from a number of units, or from a text such as `1h30m` (which needs a unit argument all the same).",
        ("value", "unit"),
        (
            Signature((DURATION,), DURATION, _same, "{0}"),
            Signature((INT, DURATION), DURATION, _duration_of_int),
            Signature((FLOAT, DURATION), DURATION, _duration_of_float),
            Signature((STRING, DURATION), DURATION, _duration_of_text, fails=True),
        ),
        (
            shows("duration(5, 1s)", 5_000_000_000),
            shows("duration(0.5, 1m)", 30_000_000_000),
            shows("duration('1h30m', 1s)", 5_400_000_000_000),
            refuses("duration('10', 1s)", "'10' is not a duration"),
        ),
    ),
)
