"""A line that is no point: where it stands, what is wrong with it, and what to write instead."""

from dataclasses import dataclass

from tickdiscord.diagnostics import Diagnostic, Severity, Source
from tickdiscord.points.values import text

LONGEST_SHOWN = 160
"""Of a rejected line this many characters are kept for showing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A way in which a line can be wrong."""

    code: str
    title: str
    hint: str


NO_MEASUREMENT = Fault("TD610", "no measurement", "a line begins with a measurement: cpu,host=a value=1")
TAG = Fault(
    "TD611", "a tag without its key or value", "a tag is key=value; write \\, \\= and \\ (space) inside of them"
)
DUPLICATE_TAG = Fault("TD612", "a tag that stands twice", "give each tag once")
NO_FIELDS = Fault("TD613", "no fields", "a space and at least one field stand behind the measurement: cpu value=1")
FIELD = Fault(
    "TD614", "a field without its key or value", "fields are key=value, with commas and no spaces between them"
)
NUMBER = Fault(
    "TD615", "a number that is none", "floats are like 1, -1.5 and 1e3; integers of 64 bit end in i, like 12i"
)
VALUE = Fault("TD616", "a value of no type", 'strings stand in double quotes: "ok"; booleans are t, true, f, false')
QUOTE = Fault("TD617", "a string that does not end", 'end the string with "; inside of it a quote is written \\"')
TIME = Fault("TD618", "a timestamp that is none", "the timestamp is one whole number, in the unit given by --precision")
LONG = Fault("TD619", "a line that is too long", "shorten it, or split its fields over several lines")
RECORDING = Fault(
    "TD620", "an entry of a recording that is not whole", "a point is three lines: database, retention policy, line"
)
BATCH = Fault(
    "TD621", "a batch that is none", 'a batch is {"name": …, "tags": {…}, "points": [{"time": …, "fields": {…}}]}'
)

FAULTS = (
    NO_MEASUREMENT, TAG, DUPLICATE_TAG, NO_FIELDS, FIELD, NUMBER, VALUE, QUOTE, TIME, LONG, RECORDING, BATCH,
)  # fmt: skip
"""Everything that a line is rejected for."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One line that was not taken; the stream goes on behind it."""

    line: int
    """Counted from 1 over the whole input."""
    column: int
    """Counted from 1, in characters."""
    fault: Fault
    reason: str
    """What is wrong, in one clause; begins with InfluxDB's words for it where it has any."""
    hint: str
    shown: str
    """The line in which the fault stands, cut to `LONGEST_SHOWN` characters."""

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"

    def diagnostic(self, source: str) -> Diagnostic:
        """The same as a warning; `source` is the name of the input."""
        place = Source(f"{source}:{self.line}:{self.column}", self.shown)
        return Diagnostic(self.fault.code, self.reason, None, self.hint, Severity.WARNING, place)


class Unparsable(Exception):
    """Raised where a line turns out to be no point; `offset` is the byte of it that is at fault."""

    def __init__(self, fault: Fault, offset: int, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.fault = fault
        self.offset = offset
        self.reason = reason
        self.hint = hint or fault.hint

    def at(self, line: bytes, number: int, skipped: int = 0) -> Rejected:
        """The rejection of `line`, which begins in line `number` of the input; `offset` counts from byte `skipped`."""
        offset = skipped + self.offset
        start = line.rfind(b"\n", 0, offset) + 1
        row = number + line.count(b"\n", 0, offset)
        end = line.find(b"\n", offset)
        shown = text(line[start : len(line) if end < 0 else end][: 4 * LONGEST_SHOWN])[:LONGEST_SHOWN]
        return Rejected(row, len(text(line[start:offset])) + 1, self.fault, self.reason, self.hint, shown)
