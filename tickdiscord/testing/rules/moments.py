"""Virtual time: `40s` behind the start of a test, or a time of the calendar."""

import re
from dataclasses import dataclass

from tickdiscord.gotext import duration_text, parse_duration, parse_rfc3339, rfc3339

SECOND = 1_000_000_000
DAY = 24 * 3600 * SECOND
LONG = {"d": DAY, "w": 7 * DAY}
MOST = (1 << 63) - 1

_LONG = re.compile(r"(-?)(\d{1,6})([dw])(.*)", re.ASCII)
_CALENDAR = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ZONE = re.compile(r"(?:[zZ]|[-+]\d\d:\d\d)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in nanoseconds: behind the start of the test, or, if `absolute`, since 1970."""

    ns: int
    absolute: bool = False

    def at(self, start: int) -> int:
        """The time since 1970, for a test that starts at a time."""
        return self.ns if self.absolute else start + self.ns


@dataclass(frozen=True, slots=True)
class Window:
    """From one time to another, both included."""

    first: Moment
    last: Moment

    def holds(self, time: int, start: int) -> bool:
        return self.first.at(start) <= time <= self.last.at(start)

    @property
    def point(self) -> bool:
        """Whether it is a single time."""
        return self.first == self.last


ZERO = Moment(0)


def moment(text: str) -> Moment:
    """`40s`, `1h30m`, `2d`, `0`, or a time as RFC 3339.

    Raises:
        ValueError: it is neither; the message says what to write.
    """
    if _CALENDAR.match(text):
        if not _ZONE.search(text):
            raise ValueError(f"`{text}` says no time zone: write `{text}Z` for UTC, or an offset such as `+02:00`")
        try:
            return Moment(_within(parse_rfc3339(text.replace(" ", "T", 1))), absolute=True)
        except ValueError:
            raise ValueError(f"`{text}` is no time: write it as 2026-01-31T12:00:00Z") from None
    return Moment(duration(text))


def duration(text: str) -> int:
    """A duration in nanoseconds, as Go writes them, with days and weeks besides.

    Raises:
        ValueError: it is none.
    """
    long = _LONG.fullmatch(text)
    try:
        if long is None:
            return _within(parse_duration(text))
        ns = int(long[2]) * LONG[long[3]] + (parse_duration(long[4]) if long[4] else 0)
        return _within(-ns if long[1] else ns)
    except ValueError:
        unit = f": write `{text}s` for seconds" if text.lstrip("-").isdecimal() else ": write it as 40s or 1h30m"
        raise ValueError(f"`{text}` is no time{unit}") from None


def window(text: str) -> Window:
    """`40s`, or `10s..1m`.

    Raises:
        ValueError: it is neither, or ends before it begins.
    """
    first, dots, last = text.partition("..")
    begin = moment(first)
    end = moment(last) if dots else begin
    if begin.absolute == end.absolute and end.ns < begin.ns:
        raise ValueError(f"`{text}` ends before it begins")
    return Window(begin, end)


def offset_text(time: int, start: int) -> str:
    """A time as tests write it: `1m30s` behind the start; a calendar time where that is longer ago than a year."""
    behind = time - start
    if abs(behind) >= 366 * DAY:
        return rfc3339(time)
    if behind >= DAY and not behind % SECOND:
        days, rest = divmod(behind, DAY)
        return f"{days}d{_short(rest) if rest else ''}"
    return _short(behind)


def _short(ns: int) -> str:
    """Without the parts that are zero: `5m` for Go's `5m0s`."""
    text = duration_text(ns)
    if text.endswith("m0s"):
        text = text.removesuffix("0s")
    return text.removesuffix("0m") if text.endswith("h0m") else text


def shown_window(given: Window, start: int) -> str:
    """A window as tests write it."""
    first = offset_text(given.first.at(start), start)
    return first if given.point else f"{first}..{offset_text(given.last.at(start), start)}"


def _within(ns: int) -> int:
    if abs(ns) > MOST:
        raise ValueError("too long")
    return ns
