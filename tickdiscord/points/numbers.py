"""The numbers of line protocol: 64-bit integers `12i` and floats, as InfluxDB's parser checks them."""

import math
import re

from tickdiscord.points import rejected
from tickdiscord.points.rejected import Unparsable
from tickdiscord.points.values import text

INTEGERS = range(-(2**63), 2**63)

NOT_FINITE = frozenset(
    sign + word for sign in (b"", b"+", b"-") for word in (b"NaN", b"nan", b"Inf", b"inf", b"Infinity", b"NAN", b"INF")
)
FINITE_ONLY = "line protocol has neither NaN nor infinities; leave the field out"

_INTEGER = re.compile(rb"-?[0-9]+i")
_UNSIGNED = re.compile(rb"[0-9]+u")
_FLOAT_CHARACTERS = re.compile(rb"-?(?:[0-9.]|[eE][+-]?)*+")


def check(raw: bytes, at: int) -> None:
    """Make sure that `raw`, which stands at byte `at` of its line, is a number (influxdb: `scanNumber`).

    Raises:
        Unparsable: TD615.
    """
    if _INTEGER.fullmatch(raw):
        if integer(raw[:-1]) is None:
            digits = _shown(raw[:-1])
            reason = f'unable to parse integer {digits}: strconv.ParseInt: parsing "{digits}": value out of range'
            raise Unparsable(rejected.NUMBER, at, reason, "integers have 64 bit; leave out the i for a float")
    elif not _is_float_like(raw):
        raise Unparsable(rejected.NUMBER, at, f"invalid number: `{_shown(raw)}`", _hint(raw))
    elif decimal(raw) is None:
        raise Unparsable(rejected.NUMBER, at, f"invalid float: `{_shown(raw)}`")


def read(raw: bytes, at: int) -> int | float:
    """The number that is written `raw`.

    Raises:
        Unparsable: TD615.
    """
    check(raw, at)
    found = integer(raw[:-1]) if raw.endswith(b"i") else decimal(raw)
    if found is None:
        raise Unparsable(rejected.NUMBER, at, f"invalid number: `{_shown(raw)}`")
    return found


def integer(digits: bytes) -> int | None:
    """The integer, if it has no more than 64 bit."""
    if len(digits) > 20:
        digits = (b"-" if digits.startswith(b"-") else b"") + (digits.lstrip(b"-").lstrip(b"0") or b"0")
        if len(digits) > 20:
            return None
    found = int(digits)
    return found if found in INTEGERS else None


def decimal(raw: bytes) -> float | None:
    """The float, if it is well-formed and finite."""
    try:
        found = float(raw)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _is_float_like(raw: bytes) -> bool:
    """Whether InfluxDB goes on to convert it; it counts the `e` among the digits, so `-e5` is an invalid float."""
    if not _FLOAT_CHARACTERS.fullmatch(raw) or raw.count(b".") > 1:
        return False
    return len(raw) > raw.startswith(b"-") + raw.count(b".")


def _hint(raw: bytes) -> str:
    if _UNSIGNED.fullmatch(raw):
        return "unsigned integers are off in Kapacitor too; write 12i"
    if raw in NOT_FINITE:
        return FINITE_ONLY
    return ""


def _shown(raw: bytes) -> str:
    shown = text(raw[:64])
    return shown if len(raw) <= 40 else f"{shown[:40]}…"
