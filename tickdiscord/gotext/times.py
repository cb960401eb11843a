"""Times as Go prints them: nanoseconds since 1970, shown in a zone, in Go's own layout language.

Python's `datetime` knows microseconds and the years 1 to 9999; the calendar here has neither limit.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

SECOND = 1_000_000_000
DAY = 86_400
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
STRING_LAYOUT = "2006-01-02 15:04:05.999999999 -0700 MST"
RFC3339_LAYOUT = "2006-01-02T15:04:05.999999999Z07:00"

_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_135_510_400, 253_402_214_400
"""The seconds between which every zone's clock shows a year that `datetime` knows."""


class Civil(NamedTuple):
    """A moment as a calendar and a clock in some zone show it."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    weekday: int
    """0 is Sunday."""
    yearday: int
    """1 is the first of January."""
    offset: int
    """Seconds east of UTC."""
    zone: str
    """The zone's abbreviation, such as `CET`."""


def civil(ns: int, zone: tzinfo = UTC) -> Civil:
    """What calendar and clock show at `ns` (nanoseconds since 1970, UTC; any year) in a zone."""
    seconds, nanosecond = divmod(ns, SECOND)
    offset, name = (0, "UTC") if zone is UTC else _zone_at(seconds, zone)
    days, clock = divmod(seconds + offset, DAY)
    year, month, day = _date(days)
    return Civil(
        year,
        month,
        day,
        clock // 3600,
        clock // 60 % 60,
        clock % 60,
        nanosecond,
        (days + 4) % 7,
        days - _days(year, 1, 1) + 1,
        offset,
        name,
    )


def civil_ns(year: int, month: int, day: int, seconds: int = 0, nanosecond: int = 0, zone: tzinfo = UTC) -> int:
    """The moment at which a zone's calendar shows a date; month and day may overflow, as in Go's `time.Date`."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    local = (_days(year, month, 1) + day - 1) * DAY + seconds
    if zone is UTC:
        return local * SECOND + nanosecond
    # Go: guess with the offset that holds at this wall time read as UTC; on the far side of a change, take the other.
    offset = _zone_at(local, zone)[0]
    other = _zone_at(local - offset, zone)[0]
    return (local - other) * SECOND + nanosecond


def _zone_at(seconds: int, zone: tzinfo) -> tuple[int, str]:
    moment = (_EPOCH + timedelta(seconds=max(_FIRST, min(seconds, _LAST)))).astimezone(zone)
    shift = moment.utcoffset()
    return (0 if shift is None else int(shift.total_seconds())), moment.tzname() or ""


def _date(days: int) -> tuple[int, int, int]:
    """Year, month and day, from days since 1970; years are reckoned from March, so that leap days come last."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    from_march = (5 * day_of_year + 2) // 153
    month = from_march + 3 if from_march < 10 else from_march - 9
    return era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * from_march + 2) // 5 + 1


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970 of a date."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def month_name(month: int) -> str:
    """`time.Month.String`; 1 is January."""
    return MONTHS[month - 1] if 1 <= month <= 12 else f"%!Month({month % (1 << 64)})"


def weekday_name(weekday: int) -> str:
    """`time.Weekday.String`; 0 is Sunday."""
    return WEEKDAYS[weekday] if 0 <= weekday <= 6 else f"%!Weekday({weekday % (1 << 64)})"


def time_text(ns: int, zone: tzinfo = UTC) -> str:
    """`time.Time.String`: `2024-02-29 23:59:58.1 +0000 UTC`."""
    return format_time(ns, STRING_LAYOUT, zone)


def rfc3339(ns: int, zone: tzinfo = UTC) -> str:
    """A time in the layout RFC3339Nano: `2024-02-29T23:59:58.1Z`."""
    c = civil(ns, zone)
    if c.offset or not 0 <= c.year <= 9999:
        return format_time(ns, RFC3339_LAYOUT, zone)
    fraction = f".{c.nanosecond:09d}".rstrip("0") if c.nanosecond else ""
    return f"{c.year:04d}-{c.month:02d}-{c.day:02d}T{c.hour:02d}:{c.minute:02d}:{c.second:02d}{fraction}Z"


def parse_rfc3339(text: str) -> int:
    """Nanoseconds since 1970 of an RFC 3339 time; digits beyond nanoseconds are cut off.

    Raises:
        ValueError: if it is no such time.
    """
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise ValueError(f"not an RFC 3339 time: {text!r}")
    year, month, day, hour, minute, second = (int(found[n]) for n in range(1, 7))
    datetime(year or 4, month, day, hour, minute, second)  # raises for a date or a clock that does not exist
    nanosecond = int((found[7] or "")[:9].ljust(9, "0"))
    shift = (int(found[9]) * 60 + int(found[10])) * 60 if found[8] else 0
    clock = hour * 3600 + minute * 60 + second - (shift if found[8] == "+" else -shift)
    return civil_ns(year, month, day, clock, nanosecond)


def format_time(ns: int, layout: str, zone: tzinfo = UTC) -> str:
    """`time.Time.Format`: the layout shows how 15:04:05 on Monday, 2 January 2006, -0700 would be written."""
    moment = civil(ns, zone)
    return "".join([piece if isinstance(piece, str) else piece(moment) for piece in _pieces(layout)])


_Show = Callable[[Civil], str]

_ELEMENT = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|_(?=2006)|__2|_2|2|3|4|5|PM|pm"
    r"|[-Z]07(?:00(?:00)?|:00(?::00)?)?|[.,](?:0+|9+)(?![0-9])"
)


def _padded(number: int, width: int) -> str:
    return f"{number:0{width}d}" if number >= 0 else f"-{-number:0{width}d}"


def _offset_text(offset: int, element: str) -> str:
    if element[0] == "Z" and offset == 0:
        return "Z"
    sign = "-" if offset <= -60 else "+"
    seconds = abs(offset)
    text = f"{sign}{seconds // 3600:02d}"
    colon = ":" if ":" in element else ""
    if len(element) > 3:
        text += f"{colon}{seconds // 60 % 60:02d}"
    if len(element) > 6:
        text += f"{colon}{seconds % 60:02d}"
    return text


def _zone_text(c: Civil) -> str:
    return c.zone or _offset_text(c.offset, "-0700")


def _fraction(separator: str, digits: int, trimmed: bool) -> _Show:
    def show(c: Civil) -> str:
        text = f"{c.nanosecond:09d}"[:digits].ljust(digits, "0")
        if trimmed:
            text = text.rstrip("0")
        return separator + text if text else ""

    return show


_SHOWN: dict[str, _Show] = {
    "January": lambda c: MONTHS[c.month - 1],
    "Jan": lambda c: MONTHS[c.month - 1][:3],
    "1": lambda c: str(c.month),
    "01": lambda c: f"{c.month:02d}",
    "Monday": lambda c: WEEKDAYS[c.weekday],
    "Mon": lambda c: WEEKDAYS[c.weekday][:3],
    "2": lambda c: str(c.day),
    "_2": lambda c: f"{c.day:2d}",
    "02": lambda c: f"{c.day:02d}",
    "__2": lambda c: f"{c.yearday:3d}",
    "002": lambda c: f"{c.yearday:03d}",
    "15": lambda c: f"{c.hour:02d}",
    "3": lambda c: str(c.hour % 12 or 12),
    "03": lambda c: f"{c.hour % 12 or 12:02d}",
    "4": lambda c: str(c.minute),
    "04": lambda c: f"{c.minute:02d}",
    "5": lambda c: str(c.second),
    "05": lambda c: f"{c.second:02d}",
    "2006": lambda c: _padded(c.year, 4),
    "06": lambda c: f"{abs(c.year) % 100:02d}",
    "PM": lambda c: "PM" if c.hour >= 12 else "AM",
    "pm": lambda c: "pm" if c.hour >= 12 else "am",
    "MST": _zone_text,
}


def _shown(element: str) -> _Show | str:
    if element == "_":  # Go: in `_2006` the underscore is a plain character
        return element
    if element in _SHOWN:
        return _SHOWN[element]
    if element[0] in ".,":
        return _fraction(element[0], len(element) - 1, element[1] == "9")
    return lambda c: _offset_text(c.offset, element)


@lru_cache(maxsize=256)
def _pieces(layout: str) -> tuple[_Show | str, ...]:
    pieces: list[_Show | str] = []
    at = 0
    for found in _ELEMENT.finditer(layout):
        if found.start() > at:
            pieces.append(layout[at : found.start()])
        pieces.append(_shown(found[0]))
        at = found.end()
    if at < len(layout):
        pieces.append(layout[at:])
    return tuple(pieces)
