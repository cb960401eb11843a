"""The parser of record: one line as InfluxDB's own parser takes it, and when it does not, why and in which column.

What InfluxDB accepts by its quirks is accepted (`"a"b` is the string `a"`), what it refuses is refused with its words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from tickdiscord.points import numbers, rejected
from tickdiscord.points.lines import BLANKS, STRING_REST, split_lines
from tickdiscord.points.model import Value
from tickdiscord.points.rejected import Fault, Rejected, Unparsable
from tickdiscord.points.values import BOOLEANS, name, string, tag, text

LONGEST_KEY = 65535
"""Bytes of a series key, and of a series key with a field key and a separator of four (influxdb: `MaxKeyLength`)."""
SEPARATOR = 4

EARLIEST, LATEST = -(2**63) + 2, 2**63 - 2
"""The times that InfluxDB can hold, in nanoseconds."""

TELEGRAF_PROMPT = b"> "
"""What `telegraf --test` prints in front of every line."""

_HEAD_STOP = re.compile(rb"(?<!\\)[ ,]")
_TAG_STOP = re.compile(rb"(?<!\\)[ ,=]")
_FIELD_STOP = re.compile(rb'[\\"=, ]')
_VALUE_END = re.compile(rb"[, ]|\Z")
_KEY_END = re.compile(rb"(?<!\\)=")
_VALUE = re.compile(rb'(?:[^\\",]++|\\["\\]|\\|"(?:[^\\"]++|\\["\\]|\\)*+(?:"|\Z))*+', re.DOTALL)
_DIGITS = re.compile(rb"-?[0-9]*")


@dataclass(frozen=True, slots=True)
class Head:
    """A series key as written: the part of a line in front of its fields."""

    end: int
    name: bytes
    tags: list[tuple[bytes, bytes]]
    """Sorted by key, as bytes."""

    def canonical(self) -> bytes:
        """The series key with its tags in order."""
        return b",".join([self.name, *(key + b"=" + value for key, value in self.tags)])


@dataclass(frozen=True, slots=True)
class Parsed:
    """A line that is a point; `time` is in nanoseconds, or None if the line says none."""

    head: Head
    fields: dict[str, Value]
    time: int | None

    @property
    def name(self) -> str:
        return name(self.head.name)

    @property
    def tags(self) -> dict[str, str]:
        """Sorted by key."""
        return {tag(key): tag(value) for key, value in self.head.tags}


@dataclass(frozen=True, slots=True)
class ParsedPoint:
    """A point out of a body; `time` is in nanoseconds."""

    name: str
    tags: dict[str, str]
    fields: dict[str, Value]
    time: int


def parse_lines(body: bytes, precision_ns: int, default_time: int) -> list[ParsedPoint | Rejected]:
    """Every line of a body, as a point or as the reason why it is none, exactly as InfluxDB's `ParsePoints` has it.

    Timestamps count in units of `precision_ns`; a line without one gets `default_time` (nanoseconds), cut down to the
    precision.
    """
    present = default_time - default_time % precision_ns
    found: list[ParsedPoint | Rejected] = []
    for line in split_lines(body):
        stripped = line.text.lstrip(BLANKS)
        try:
            parsed = parse_line(stripped, precision_ns)
        except Unparsable as problem:
            found.append(problem.at(line.text, line.number, len(line.text) - len(stripped)))
        else:
            time = present if parsed.time is None else parsed.time
            found.append(ParsedPoint(parsed.name, parsed.tags, parsed.fields, time))
    return found


def parse_line(line: bytes, precision_ns: int) -> Parsed:
    """One line, which begins with its measurement and has no newline at its end.

    Raises:
        Unparsable: with the reason, in InfluxDB's words, and the place.
    """
    head = parse_head(line)
    start = _behind_blanks(line, head.end)
    end = _fields_end(line, start)
    if end == start:
        raise Unparsable(rejected.NO_FIELDS, start, "missing fields")
    fields: dict[str, Value] = {}
    for key, raw, at in _walk_fields(line, start, end):
        size = head.end + SEPARATOR + len(key)
        if size > LONGEST_KEY:
            raise Unparsable(rejected.LONG, at, f"max key length exceeded: {size} > {LONGEST_KEY}")
        if key and raw:
            fields[name(key)] = _value(raw, at + len(key) + 1)
    return Parsed(head, fields, _time(line, end, precision_ns))


def parse_head(line: bytes) -> Head:
    """The series key at the begin of a line, up to the space that ends it.

    Raises:
        Unparsable: with the reason, in InfluxDB's words, and the place.
    """
    if not line or line.startswith(b","):
        raise Unparsable(rejected.NO_MEASUREMENT, 0, "missing measurement")
    stop = _HEAD_STOP.search(line, 1)
    if not stop:
        raise Unparsable(rejected.NO_FIELDS, len(line), "missing fields")
    measurement, end = line[: stop.start()], stop.start()
    tags: dict[bytes, bytes] = {}
    twice: Unparsable | None = None
    while line[end] == 0x2C:
        start = end + 1
        equals = _tag_key_end(line, start)
        end = _tag_value_end(line, equals + 1)
        key = line[start:equals]
        if key in tags and not twice:
            twice = Unparsable(rejected.DUPLICATE_TAG, start, f"duplicate tags: `{tag(key)}`")
        tags[key] = line[equals + 1 : end]
    if twice:
        raise twice
    if end > LONGEST_KEY:
        raise Unparsable(rejected.LONG, LONGEST_KEY, f"max key length exceeded: {end} > {LONGEST_KEY}")
    return Head(end, measurement, sorted(tags.items()))


def _tag_key_end(line: bytes, start: int) -> int:
    if line[start : start + 1] in (b"", b" ", b",", b"="):
        raise Unparsable(rejected.TAG, start, "missing tag key")
    stop = _TAG_STOP.search(line, start + 1)
    if not stop or stop.group() != b"=":
        raise Unparsable(rejected.TAG, stop.start() if stop else len(line), "missing tag value")
    return stop.start()


def _tag_value_end(line: bytes, start: int) -> int:
    if line[start : start + 1] in (b"", b" ", b","):
        raise Unparsable(rejected.TAG, start, "missing tag value")
    stop = _TAG_STOP.search(line, start + 1)
    if not stop:
        raise Unparsable(rejected.NO_FIELDS, len(line), "missing fields")
    if stop.group() == b"=":
        raise Unparsable(rejected.TAG, stop.start(), "invalid tag format", "write = inside of a tag value as \\=")
    return stop.start()


def _behind_blanks(line: bytes, start: int) -> int:
    return len(line) - len(line[start:].lstrip(BLANKS))


def _fields_end(line: bytes, start: int) -> int:
    """Where the fields end that begin at `start`: at a space outside of strings (influxdb: `scanFields`)."""
    size = len(line)
    at = piece = start
    equals = commas = equals_before = 0
    wrong: int | None = None
    while stop := _FIELD_STOP.search(line, at):
        at = stop.start()
        byte = line[at]
        if byte == 0x5C:
            at += 2 if at + 1 < size else 1
        elif byte == 0x22 and equals > commas:
            at = _string_end(line, at)
        elif byte == 0x3D:
            equals += 1
            at = _behind_equals(line, at)
        elif byte == 0x2C:
            if wrong is None and equals != equals_before + 1:
                wrong = piece
            commas += 1
            at += 1
            piece, equals_before = at, equals
        elif byte == 0x20:
            break
        else:
            at += 1
    else:
        at = size
    if equals == 0 or commas != equals - 1:
        raise Unparsable(rejected.FIELD, piece if wrong is None else wrong, "invalid field format")
    return at


def _behind_equals(line: bytes, at: int) -> int:
    if line[at - 1] in b" ," and line[at - 2] != 0x5C:
        raise Unparsable(rejected.FIELD, at, "missing field key")
    start = at + 1
    first = line[start : start + 1]
    if first in (b"", b",", b" "):
        raise Unparsable(rejected.FIELD, start, "missing field value")
    if first == b'"':
        return start
    found = _VALUE_END.search(line, start)
    end = found.start() if found else len(line)
    raw = line[start:end]
    if first in b"0123456789.-Nn":
        numbers.check(raw, start)
    elif raw not in BOOLEANS:
        hint = "a string stands in double quotes" if raw not in numbers.NOT_FINITE else numbers.FINITE_ONLY
        raise Unparsable(rejected.VALUE, start, f"invalid boolean: `{_shown(raw)}`", hint)
    return end


def _string_end(line: bytes, quote: int) -> int:
    rest = STRING_REST.match(line, quote + 1)
    end = rest.end() if rest else len(line)
    if line[end : end + 1] != b'"':
        raise Unparsable(rejected.QUOTE, quote, "unbalanced quotes")
    return end + 1


def _walk_fields(line: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Key, value and place of each field (influxdb: `walkFields`, which sees escapes otherwise than `scanFields`)."""
    at = start
    while at < end:
        equals = _key_end(line, at, end)
        if equals > end - 2:
            shown = _shown(line[at:equals])
            raise Unparsable(rejected.FIELD, at, f"invalid value: field-key={shown}", "write a backslash only once")
        found = _VALUE.match(line, equals + 1, end)
        stop = found.end() if found else end
        yield line[at:equals], line[equals + 1 : stop], at
        at = stop + 1


def _key_end(line: bytes, start: int, end: int) -> int:
    if line[start] == 0x3D:
        return start
    found = _KEY_END.search(line, start + 1, end)
    return found.start() if found else end


def _value(raw: bytes, at: int) -> Value:
    if raw.startswith(b'"'):
        return string(raw[1:-1])
    if raw[0] in b"0123456789-.nNiIu":
        return numbers.read(raw, at)
    boolean = BOOLEANS.get(raw)
    if boolean is None:
        raise Unparsable(rejected.VALUE, at, f"invalid boolean: `{_shown(raw)}`")
    return boolean


def _time(line: bytes, fields_end: int, precision_ns: int) -> int | None:
    start = _behind_blanks(line, fields_end)
    found = _DIGITS.match(line, start)
    end = found.end() if found else start
    if line[end : end + 1] not in (b"", b" ", b"\n"):
        _bad_time(end, "bad timestamp")
    raw = line[start:end]
    if not raw:
        return None
    if raw == b"-":
        _bad_time(start, 'strconv.ParseInt: parsing "-": invalid syntax')
    written = numbers.integer(raw)
    if written is None:
        _bad_time(start, f'strconv.ParseInt: parsing "{_shown(raw)}": value out of range')
    time = written * precision_ns
    if not EARLIEST <= time <= LATEST:
        hint = f"`{written}` counts units of {precision_ns} ns; is --precision right?"
        _bad_time(start, f"time outside range {EARLIEST} - {LATEST}", hint)
    trailing = line[end:].lstrip(b" ")
    if trailing:
        raise Unparsable(rejected.TIME, len(line) - len(trailing), "point is invalid: text behind the timestamp")
    return time


def _bad_time(at: int, reason: str, hint: str = "") -> NoReturn:
    raise Unparsable(rejected.TIME, at, reason, hint)


def _shown(raw: bytes) -> str:
    shown = text(raw[:128])
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


__all__ = ["EARLIEST", "LATEST", "Fault", "Head", "Parsed", "ParsedPoint", "parse_head", "parse_line", "parse_lines"]
