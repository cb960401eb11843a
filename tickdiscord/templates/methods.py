"""The methods that templates can call on times, durations, months, weekdays and locations, as Go's `time` has them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tickdiscord import gotext
from tickdiscord.templates.values import LOCAL, UTC, Duration, Int, Location, Month, Time, Weekday, to_bytes

SECOND = 1_000_000_000
ZERO_TIME = -62_135_596_800 * SECOND
"""Go's zero time, the start of the year 1: times are rounded counting from it."""
MAX_DURATION = (1 << 63) - 1
MIN_DURATION = -1 << 63


@dataclass(frozen=True, slots=True)
class Method:
    """A method: the Go types of its parameters, and its body, which gets the receiver first.

    A method with several `results` exists, but cannot be called from a template.
    """

    params: tuple[str, ...]
    body: Callable[..., object]
    results: tuple[str, ...] = ()


def add(time: Time, duration: int) -> Time:
    return Time(time.ns + duration, time.location)


def add_date(time: Time, years: int, months: int, days: int) -> Time:
    c = gotext.civil(time.ns)
    clock = c.hour * 3600 + c.minute * 60 + c.second
    return Time(gotext.civil_ns(c.year + years, c.month + months, c.day + days, clock, c.nanosecond), time.location)


def in_location(time: Time, location: Location | None) -> Time:
    if location is None:
        raise ValueError("time: missing Location in call to Time.In")
    return Time(time.ns, location)


def round_time(time: Time, unit: int) -> Time:
    rest = (time.ns - ZERO_TIME) % unit if unit > 0 else 0
    return Time(time.ns - rest if 2 * rest < unit or unit <= 0 else time.ns + unit - rest, time.location)


def truncate_time(time: Time, unit: int) -> Time:
    return Time(time.ns - (time.ns - ZERO_TIME) % unit if unit > 0 else time.ns, time.location)


def subtract(time: Time, other: Time) -> Duration:
    return Duration(max(MIN_DURATION, min(time.ns - other.ns, MAX_DURATION)))


def round_duration(duration: int, unit: int) -> Duration:
    """Go: halves away from zero; what would overflow becomes the largest or smallest duration."""
    if unit <= 0:
        return Duration(duration)
    rest = abs(duration) % unit
    size = abs(duration) - rest if 2 * rest < unit else abs(duration) + unit - rest
    return Duration(max(MIN_DURATION, min(-size if duration < 0 else size, MAX_DURATION)))


def truncate_duration(duration: int, unit: int) -> Duration:
    if unit <= 0:
        return Duration(duration)
    return Duration(duration - _remainder(duration, unit))


def _remainder(number: int, unit: int) -> int:
    return number % unit if number >= 0 else -(-number % unit)


def _quotient(number: int, unit: int) -> int:
    return (number - _remainder(number, unit)) // unit


def in_units(duration: int, unit: int) -> float:
    """A duration as a float of some unit, added up as Go does."""
    return float(_quotient(duration, unit)) + float(_remainder(duration, unit)) / float(unit)


def go_string(time: Time) -> str:
    """The time as Go source."""
    c = gotext.civil(time.ns)
    month = gotext.month_name(c.month)
    return (
        f"time.Date({c.year}, time.{month}, {c.day}, {c.hour}, {c.minute}, {c.second}, {c.nanosecond}, "
        f"time.{time.location.name})"
    )


def rfc3339(time: Time) -> bytes:
    """Raises ValueError for a year that RFC 3339 cannot write."""
    shown = gotext.rfc3339(time.ns)
    if shown[4] != "-" or shown[0] == "-":
        raise ValueError("year outside of range [0,9999]")
    return shown.encode()


def to_json(time: Time) -> bytes:
    try:
        return b'"' + rfc3339(time) + b'"'
    except ValueError as problem:
        raise ValueError(f"Time.MarshalJSON: {problem}") from None


def to_text(time: Time) -> bytes:
    try:
        return rfc3339(time)
    except ValueError as problem:
        raise ValueError(f"Time.MarshalText: {problem}") from None


def to_binary(time: Time) -> bytes:
    seconds, nanosecond = divmod(time.ns - ZERO_TIME, SECOND)
    offset = b"\xff\xff" if time.location is UTC else b"\0\0"
    return b"\1" + (seconds % (1 << 64)).to_bytes(8, "big") + nanosecond.to_bytes(4, "big") + offset


def location_name(location: Location) -> str:
    return location.name


def string(time: Time) -> str:
    return gotext.time_text(time.ns)


def _several(*results: str) -> Method:
    return Method((), lambda: None, results)


def _time(body: Callable[[Time], object]) -> Method:
    return Method((), body)


def _time_and(param: str, body: Callable[[Time, Any], object]) -> Method:
    return Method((param,), body)


def _appending(body: Callable[[Time], bytes]) -> Method:
    def append(time: Time, to: bytes | None) -> bytes:
        return (to or b"") + body(time)

    return Method(("[]uint8",), append)


def _append_format(time: Time, to: bytes | None, layout: str) -> bytes:
    return (to or b"") + to_bytes(gotext.format_time(time.ns, layout))


def _civil(part: str, kind: Callable[[int], object]) -> Method:
    return _time(lambda time: kind(getattr(gotext.civil(time.ns), part)))


def _duration(body: Callable[[int], object]) -> Method:
    return Method((), body)


TIME: dict[str, Method] = {
    "Add": _time_and("time.Duration", add),
    "AddDate": Method(("int", "int", "int"), add_date),
    "After": _time_and("time.Time", lambda a, b: a.ns > b.ns),
    "AppendBinary": _appending(to_binary),
    "AppendFormat": Method(("[]uint8", "string"), _append_format),
    "AppendText": _appending(to_text),
    "Before": _time_and("time.Time", lambda a, b: a.ns < b.ns),
    "Clock": _several("int", "int", "int"),
    "Compare": _time_and("time.Time", lambda a, b: Int((a.ns > b.ns) - (a.ns < b.ns))),
    "Date": _several("int", "time.Month", "int"),
    "Day": _civil("day", Int),
    "Equal": _time_and("time.Time", lambda a, b: a.ns == b.ns),
    "Format": _time_and("string", lambda time, layout: gotext.format_time(time.ns, layout)),
    "GoString": _time(go_string),
    "GobEncode": Method((), to_binary),
    "Hour": _civil("hour", Int),
    "ISOWeek": _several("int", "int"),
    "In": _time_and("*time.Location", in_location),
    "IsDST": _time(lambda time: False),
    "IsZero": _time(lambda time: time.ns == ZERO_TIME),
    "Local": _time(lambda time: Time(time.ns, LOCAL)),
    "Location": _time(lambda time: time.location),
    "MarshalBinary": Method((), to_binary),
    "MarshalJSON": Method((), to_json),
    "MarshalText": Method((), to_text),
    "Minute": _civil("minute", Int),
    "Month": _civil("month", Month),
    "Nanosecond": _civil("nanosecond", Int),
    "Round": _time_and("time.Duration", round_time),
    "Second": _civil("second", Int),
    "String": Method((), string),
    "Sub": _time_and("time.Time", subtract),
    "Truncate": _time_and("time.Duration", truncate_time),
    "UTC": _time(lambda time: Time(time.ns, UTC)),
    "Unix": _time(lambda time: time.ns // SECOND),
    "UnixMicro": _time(lambda time: time.ns // 1_000),
    "UnixMilli": _time(lambda time: time.ns // 1_000_000),
    "UnixNano": _time(lambda time: time.ns),
    "Weekday": _civil("weekday", Weekday),
    "Year": _civil("year", Int),
    "YearDay": _civil("yearday", Int),
    "Zone": _several("string", "int"),
    "ZoneBounds": _several("time.Time", "time.Time"),
}

DURATION: dict[str, Method] = {
    "Abs": _duration(lambda d: Duration(min(abs(d), MAX_DURATION))),
    "Hours": _duration(lambda d: in_units(d, 3600 * SECOND)),
    "Microseconds": _duration(lambda d: _quotient(d, 1_000)),
    "Milliseconds": _duration(lambda d: _quotient(d, 1_000_000)),
    "Minutes": _duration(lambda d: in_units(d, 60 * SECOND)),
    "Nanoseconds": Method((), int),
    "Round": Method(("time.Duration",), round_duration),
    "Seconds": _duration(lambda d: in_units(d, SECOND)),
    "String": Method((), gotext.duration_text),
    "Truncate": Method(("time.Duration",), truncate_duration),
}

METHODS: dict[type, dict[str, Method]] = {
    Time: TIME,
    Duration: DURATION,
    Month: {"String": Method((), gotext.month_name)},
    Weekday: {"String": Method((), gotext.weekday_name)},
    Location: {"String": Method((), location_name)},
}
"""The methods of each type, by name."""
