"""Points in time as people write them on a command line."""

import re

from tickdiscord.diagnostics import DiagnosticError, error
from tickdiscord.gotext import parse_duration, parse_rfc3339
from tickdiscord.points.precision import Precision

NO_TIME = "TD646"
MOST = (1 << 63) - 1
"""The last nanosecond that Go has."""

_LONG = {"d": 24, "w": 7 * 24}
_HOUR = 3600 * 1_000_000_000
_NUMBER = re.compile(r"-?\d{1,19}", re.ASCII)


def moment(text: str, option: str, precision: Precision) -> int:
    """A time in nanoseconds: a timestamp in the unit of the points, or RFC 3339.

    Raises:
        DiagnosticError: it is neither.
    """
    try:
        time = int(text) * precision if _NUMBER.fullmatch(text) else parse_rfc3339(text)
    except ValueError:
        raise _no_time(text, option) from None
    return _within(time, text, option)


def end(text: str, option: str, precision: Precision, now: int) -> int:
    """Likewise, or `+` and a duration, which counts from `now` (ns).

    Raises:
        DiagnosticError: it is none of these.
    """
    if not text.startswith("+"):
        return moment(text, option, precision)
    number, unit = text[1:-1], text[-1:]
    try:
        long = unit in _LONG and _NUMBER.fullmatch(number)
        duration = int(number) * _LONG[unit] * _HOUR if long else parse_duration(text[1:])
    except ValueError:
        raise _no_time(text, option) from None
    return _within(now + duration, text, option)


def _within(time: int, text: str, option: str) -> int:
    if abs(time) > MOST:
        raise _no_time(text, option)
    return time


def _no_time(text: str, option: str) -> DiagnosticError:
    hint = "write a timestamp as the points have, or 2026-01-31T12:00:00Z"
    return error(NO_TIME, f"{option}: `{text}` is no time", hint=f"{hint}, or +10m" if option == "--until" else hint)
