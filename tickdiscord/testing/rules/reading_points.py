"""Reads `points:`: line protocol, recordings, series notation, in any mixture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tickdiscord.diagnostics import Span, error
from tickdiscord.points.exact import parse_line
from tickdiscord.points.lines import BLANKS, split_lines
from tickdiscord.points.model import Value
from tickdiscord.points.precision import Precision
from tickdiscord.points.rejected import Unparsable
from tickdiscord.testing.rules.document import TWICE, Item, Line, did_you_mean
from tickdiscord.testing.rules.feed import FileSource, LinesSource, SeriesSource, Source, WrittenPoint
from tickdiscord.testing.rules.moments import ZERO, Moment, duration, moment
from tickdiscord.testing.rules.series import Key, key, values

POINTS = "TD757"
TIME = "TD758"
ORDER = "TD759"

FILE_KEYS = ("recording", "file", "from", "to", "precision")
SERIES_KEYS = ("interval", "start")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a test says of all its points. `interval` is in nanoseconds, files are found from `folder`."""

    folder: Path
    interval: int
    precision: Precision
    as_written: bool = False
    """Whether points may stand out of order."""


def sources(item: Item, defaults: Defaults) -> list[Source]:
    """The sources of a test's points.

    Raises:
        DiagnosticError: something is no source, or a line of it is no point.
    """
    found: list[Source] = []
    for each in item.items():
        if each.is_mapping:
            found += _mapping(each, defaults)
        else:
            found += _text(each, defaults)
    return _joined(found, item, defaults)


def _joined(found: Sequence[Source], item: Item, defaults: Defaults) -> list[Source]:
    """Texts that follow one another are one source: their lines follow one another in time."""
    joined: list[Source] = []
    for each in found:
        last = joined[-1] if joined else None
        if isinstance(each, LinesSource) and isinstance(last, LinesSource):
            joined[-1] = LinesSource([*last.written, *each.written], each.interval)
        else:
            joined.append(each)
    for each in joined:
        if isinstance(each, LinesSource) and not defaults.as_written:
            _check_order(each, item)
    return joined


def _check_order(lines: LinesSource, item: Item) -> None:
    newest: int | None = None
    for each in lines.written:
        if each.time is None:
            continue
        if newest is not None and each.time < newest:
            hint = "sort the points; `order: written` feeds them as they stand, as late points"
            raise error(ORDER, "this point is older than the one before it", each.span, hint, item.source)
        newest = each.time


def _mapping(item: Item, defaults: Defaults) -> list[Source]:
    entries = item.entries("a source of points")
    if "recording" in entries or "file" in entries:
        return [_file(item, defaults)]
    interval = defaults.interval
    start = ZERO
    if "interval" in entries:
        interval = read_duration(entries["interval"].value, "`interval`", least=1)
    if "start" in entries:
        start = read_moment(entries["start"].value, "`start`")
    fields: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, list[Value | None]]] = {}
    for name, entry in entries.items():
        if name in SERIES_KEYS:
            continue
        _check_key(entry.key, entry.value)
        for found, field, given in _series(entry.key, entry.value):
            own = fields.setdefault((found.name, tuple(found.tags.items())), {})
            if field in own:
                raise entry.key.wrong(TWICE, f"the field `{field}` of this series stands twice")
            own[field] = given
    return [SeriesSource(Key(name, dict(tags)), given, interval, start) for (name, tags), given in fields.items()]


def _check_key(key: Item, value: Item) -> None:
    """A key that is neither a series nor known is most likely a slip."""
    if " " not in key.raw and not value.is_mapping:
        hint = (
            did_you_mean(key.raw, (*FILE_KEYS, *SERIES_KEYS)) or "a series is written as cpu,host=a usage_idle: 50 40x3"
        )
        raise key.wrong(POINTS, f"`{key.raw}` names no field", hint)


def _series(key_item: Item, value: Item) -> Iterator[tuple[Key, str, list[Value | None]]]:
    """The fields of an entry: one that the key names, or those of a mapping."""
    written = Line(key_item.raw.strip(), key_item.span, key_item.source)
    found = key(written)
    if not value.is_mapping:
        yield found, found.field, _values(value)
        return
    if found.field:
        hint = f"leave out `{found.field}` behind the series"
        raise key_item.wrong(POINTS, "the fields stand in the mapping, or one behind the series", hint)
    for name, entry in value.entries("the fields of a series").items():
        yield found, name, _values(entry.value)


def _values(item: Item) -> list[Value | None]:
    text = " ".join(each.text("the values of a series", "write 50 40x3 _ 10+5x4") for each in item.items())
    line = Line(text.strip(), item.span, item.source)
    style: object = getattr(item.node, "style", None)
    if style is not None or item.is_list or "\n" in item.source.text[item.span.start : item.span.end]:
        # Columns within quotes and blocks are not those of the text.
        return values(Line(text.strip(), Span(item.span.start, item.span.end), item.source))
    return values(line)


def _file(item: Item, defaults: Defaults) -> FileSource:
    entries = item.entries("a file of points", FILE_KEYS)
    if "recording" in entries and "file" in entries:
        raise entries["file"].key.wrong(POINTS, "either `recording` or `file`")
    named = entries.get("recording") or entries["file"]
    path = defaults.folder / named.value.text("the name of a file")
    if not path.is_file():
        raise named.value.wrong(
            POINTS, f"there is no file `{path}`", "names are meant from the folder of the test file"
        )
    precision = defaults.precision
    if "precision" in entries:
        precision = Precision.named(entries["precision"].value.raw)
    first = read_moment(entries["from"].value, "`from`") if "from" in entries else None
    last = read_moment(entries["to"].value, "`to`") if "to" in entries else None
    return FileSource(path, precision, first, last)


def _text(item: Item, defaults: Defaults) -> Iterator[Source]:
    """A text of line protocol, among whose lines there may be series."""
    item.text("a point", "write cpu,host=a usage_idle=50, or a series: cpu,host=a usage_idle: 50 40x3")
    pending: list[WrittenPoint] = []
    for line in _pieces(item):
        head, colon, rest = line.text.partition(": ")
        if colon and "=" not in _behind_head(head):
            if pending:
                yield LinesSource(pending, defaults.interval)
                pending = []
            found = key(Line(head, Span(line.span.start, line.span.start + len(head)), line.source))
            offset = line.span.start + len(head) + len(colon)
            given = values(Line(rest.strip(), Span(offset, line.span.end), line.source))
            yield SeriesSource(found, {found.field: given}, defaults.interval)
        else:
            pending.append(_point(line, defaults.precision))
    if pending:
        yield LinesSource(pending, defaults.interval)


def _behind_head(text: str) -> str:
    """What stands behind the series of a line, whose spaces may be escaped."""
    at = 0
    while (at := text.find(" ", at)) >= 0:
        if at and text[at - 1] != "\\":
            return text[at + 1 :]
        at += 1
    return ""


def _pieces(item: Item) -> Iterator[Line]:
    """The lines of a text as line protocol has them: one within a string does not end at its line break."""
    at = item.span.start
    for found in split_lines(item.raw.encode("utf-8", "surrogatepass")):
        text = found.text.strip(BLANKS + b"\r").decode("utf-8", "surrogatepass")
        if not text or text.startswith("#"):
            continue
        place = item.source.text.find(text, at, item.span.end)
        span = item.span if place < 0 else Span(place, place + len(text))
        at = at if place < 0 else span.end
        yield Line(text, span, item.source)


def _point(line: Line, precision: Precision) -> WrittenPoint:
    raw = line.text.encode("utf-8", "surrogatepass")
    try:
        parsed = parse_line(raw, precision)
    except Unparsable as problem:
        start = len(raw[: problem.offset].decode("utf-8", "replace"))
        raise line.wrong(POINTS, f"no point: {problem.reason}", problem.hint, min(start, len(line.text) - 1)) from None
    return WrittenPoint(Key(parsed.name, parsed.tags), parsed.fields, parsed.time, line.span)


def read_moment(item: Item, what: str) -> Moment:
    """A time of a mapping.

    Raises:
        DiagnosticError: it is none, or of the calendar and without a zone.
    """
    try:
        return moment(item.text(what))
    except ValueError as problem:
        raise item.wrong(TIME, f"{what}: {problem}") from None


def read_duration(item: Item, what: str, least: int = 0) -> int:
    """A duration of a mapping, in nanoseconds.

    Raises:
        DiagnosticError: it is none, or shorter than it may be.
    """
    try:
        found = duration(item.text(what))
    except ValueError as problem:
        raise item.wrong(TIME, f"{what}: {problem}") from None
    if found < least:
        raise item.wrong(TIME, f"{what} is longer than that", "such as 10s")
    return found
