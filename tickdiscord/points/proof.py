"""Proofs that a run of lines is well-formed: one RE2 match over all of them, in linear time, whatever is in them.

The proof covers the lines that writers of line protocol write, not all that InfluxDB accepts: no blanks but the
separators, no doubled backslash outside of strings, no line break in a string, numbers and times that cannot overflow.
A line that is not proved is no worse than others; the exact parser says what it is. Names in proved lines are UTF-8.
"""

from dataclasses import dataclass
from functools import cache

from tickdiscord import regex
from tickdiscord.points.precision import Precision

LONGEST_LINE = 30_000
"""Bytes of a line that is proved: so short that no limit on the length of keys can be exceeded."""

_CONTROL = r"\x00\t\n\v\f\r"
_PLAIN = rf'[^,= "\\{_CONTROL}]'
_FIRST = rf'[^,#> "\\{_CONTROL}]'
_ESCAPED = rf"\\[^\\{_CONTROL}]"
_NAME = rf"(?:{_PLAIN}|{_ESCAPED})+"
_MEASUREMENT = rf"(?:{_FIRST}|{_ESCAPED})(?:=|{_PLAIN}|{_ESCAPED})*"
_FLOAT = r"-?(?:[0-9]{1,40}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
_INTEGER = r"-?[0-9]{1,18}i"
_BOOLEAN = r"[tTfF]|true|True|TRUE|false|False|FALSE"
_STRING = r'"(?:[^"\\\n]|\\[^\n])*"'
_VALUE = rf"(?:{_FLOAT}|{_INTEGER}|{_BOOLEAN}|{_STRING})"
_LINE = rf"{_MEASUREMENT}(?:,{_NAME}={_NAME})* {_NAME}={_VALUE}(?:,{_NAME}={_VALUE})*"

_TIME: dict[Precision, str] = {
    Precision.NANOSECOND: r"[0-8]?[0-9]{1,18}",
    Precision.MICROSECOND: r"[0-8]?[0-9]{1,15}",
    Precision.MILLISECOND: r"[0-8]?[0-9]{1,12}",
    Precision.SECOND: r"[0-8]?[0-9]{1,9}",
    Precision.MINUTE: r"[0-9]{1,8}",
    Precision.HOUR: r"[0-9]{1,6}",
}
"""Timestamps that are times between 1677 and 2262."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that follow on one another, all proved, all with a timestamp or all without one."""

    end: int
    timed: bool


class Proof:
    """Finds the proved lines at the begin of a body."""

    def __init__(self, precision: Precision) -> None:
        self._timed, self._untimed = _patterns(precision)

    def run(self, body: bytes, start: int) -> Run | None:
        """The longest run of proved lines that begins at `start`, if any does."""
        rest = body[start:] if start else body
        for pattern, timed in ((self._timed, True), (self._untimed, False)):
            found = pattern.match(rest)
            length = found.end() if found else 0
            if length > LONGEST_LINE:
                length = _until_long_line(rest, length)
            if length:
                return Run(start + length, timed)
        return None


@cache
def _patterns(precision: Precision) -> tuple[regex.Pattern[bytes], regex.Pattern[bytes]]:
    timed = rf"(?:{_LINE} -?{_TIME[precision]}\r?\n)*"
    untimed = rf"(?:{_LINE}\r?\n)*"
    return regex.compile(timed.encode()), regex.compile(untimed.encode())


def _until_long_line(body: bytes, end: int) -> int:
    start = 0
    while end - start > LONGEST_LINE:
        within = body.rfind(b"\n", start, start + LONGEST_LINE) + 1
        if not within:
            return start
        start = within
    return end
