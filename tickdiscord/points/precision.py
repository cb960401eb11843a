"""The unit in which a stream's timestamps are written."""

from enum import IntEnum

from tickdiscord.diagnostics import did_you_mean, error


class Precision(IntEnum):
    """A unit of time; its value is its length in nanoseconds."""

    NANOSECOND = 1
    MICROSECOND = 1_000
    MILLISECOND = 1_000_000
    SECOND = 1_000_000_000
    MINUTE = 60 * 1_000_000_000
    HOUR = 3600 * 1_000_000_000

    @classmethod
    def named(cls, word: str) -> "Precision":
        """The unit that a user means by `word`: one of `n ns u us ms s m h`.

        Raises:
            DiagnosticError: TD600, with the nearest word. (Kapacitor takes any other word for nanoseconds.)
        """
        found = WORDS.get(word)
        if found is None:
            hint = did_you_mean(_LONG_NAMES.get(word.lower(), word), WORDS)
            raise error("TD600", f"unknown precision `{word}`", hint=hint or f"write one of {', '.join(WORDS)}")
        return found

    @classmethod
    def as_kapacitor(cls, word: str) -> "Precision":
        """The unit that Kapacitor's write endpoint takes `word` for; whatever it does not know is nanoseconds."""
        return _KAPACITOR.get(word, cls.NANOSECOND)

    def truncate(self, time: int) -> int:
        """A time in nanoseconds, cut down to this unit (also before 1970: down, not towards zero)."""
        return time - time % self


WORDS: dict[str, Precision] = {
    "n": Precision.NANOSECOND,
    "ns": Precision.NANOSECOND,
    "u": Precision.MICROSECOND,
    "us": Precision.MICROSECOND,
    "ms": Precision.MILLISECOND,
    "s": Precision.SECOND,
    "m": Precision.MINUTE,
    "h": Precision.HOUR,
}
"""Every word for a precision that the command line takes."""

_KAPACITOR = {word: WORDS[word] for word in ("n", "u", "ms", "s", "m", "h")}
"""Kapacitor's own words (influxdb `GetPrecisionMultiplier`)."""

_LONG_NAMES = {
    "ns": "ns", "nano": "ns", "nanos": "ns", "nanosecond": "ns", "nanoseconds": "ns",
    "µ": "us", "µs": "us", "micro": "us", "micros": "us", "microsecond": "us", "microseconds": "us",
    "milli": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "min": "m", "mins": "m", "minute": "m", "minutes": "m",
    "hr": "h", "hour": "h", "hours": "h",
}  # fmt: skip
"""What people write for a unit, and the word they should have written."""
