"""Durations as Go prints and parses them; a duration is a number of nanoseconds, 64 bits wide."""

import re

MAX = (1 << 63) - 1
UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}

_PART = re.compile(r"([0-9]*)(?:(\.)([0-9]*))?([^0-9.]+)")


def duration_text(ns: int) -> str:
    """`time.Duration.String`: `1h1m1.001s`, `1.5µs`, `0s`."""
    if ns < 0:
        return "-" + duration_text(-ns)
    if ns < 1_000:
        return f"{ns}ns" if ns else "0s"
    if ns < 1_000_000:
        return f"{_decimal(ns, 1_000)}µs"
    if ns < 1_000_000_000:
        return f"{_decimal(ns, 1_000_000)}ms"
    minutes, rest = divmod(ns, 60_000_000_000)
    seconds = f"{_decimal(rest, 1_000_000_000)}s"
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds


def _decimal(ns: int, unit: int) -> str:
    whole, rest = divmod(ns, unit)
    if not rest:
        return str(whole)
    return f"{whole}.{rest:0{len(str(unit)) - 1}d}".rstrip("0")


def parse_duration(text: str) -> int:
    """`time.ParseDuration`: `1h30m`, `-1.5s`, `+5us`, `0`; in nanoseconds.

    Raises:
        ValueError: if it is no duration, or too long for 64 bits.
    """
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    negative = text[:1] == "-"
    if unsigned == "0":
        return 0
    total, at = 0, 0
    while at < len(unsigned):
        part = _PART.match(unsigned, at)
        if part is None or not (part[1] or part[3]) or part[4] not in UNITS:
            raise ValueError(f"not a duration: {text!r}")
        unit = UNITS[part[4]]
        total += int(part[1] or "0") * unit + _fraction(part[3] or "", unit)
        at = part.end()
    if not unsigned or total > MAX + negative:
        raise ValueError(f"not a duration: {text!r}")
    return -total if negative else total


def _fraction(digits: str, unit: int) -> int:
    """What `.digits` of a unit is, cut off as Go does: computed in floating point from the digits that fit 63 bits."""
    value, scale = 0, 1.0
    for digit in digits:
        longer = value * 10 + int(digit)
        if longer > MAX:
            break
        value, scale = longer, scale * 10
    return int(float(value) * (float(unit) / scale))
