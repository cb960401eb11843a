"""Reads `expect:`: lines of a timeline and mappings of all other expectations, freely mixed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import did_you_mean
from tickdiscord.handlers.registry import handler_classes, own_classes
from tickdiscord.testing.margins import part
from tickdiscord.testing.rules.document import UNKNOWN_KEY, Entry, Item, Line, Plain, suggestion
from tickdiscord.testing.rules.expectations import (
    EVERYTHING,
    Amount,
    Counts,
    Expectation,
    HttpOutput,
    LevelAt,
    MarginAtLeast,
    NodeOutput,
    Path,
    RequestPattern,
    Requests,
    Scope,
    Silent,
    Timeline,
    Troubles,
    Within,
)
from tickdiscord.testing.rules.moments import Window, duration, moment
from tickdiscord.testing.rules.patterns import (
    LEVELS,
    EventPattern,
    as_line,
    event_pattern,
    point_pattern,
    read_level,
    read_window,
    text_pattern,
    words,
)

EXPECT = "TD760"

EVENT_KEYS = ("at", "group", "level", "message", "details", "id", "previous", "duration", "topic", "tags", "fields")
MARGIN_KEYS = ("level", "group", "at", "at_least")
DISCORD_TEXTS = ("title", "description", "timestamp", "username", "avatar_url")
REQUEST_KEYS = ("at", "to", "body", "has", "times")
DISCORD_KEYS = ("at", "workspace", "colour", *DISCORD_TEXTS, "body", "has", "times")
NOTHING = ("silent", "nothing", "none")


def expectations(item: Item, path: Path) -> list[Expectation]:
    """The expectations of a test.

    Raises:
        DiagnosticError: one of them is written in another way.
    """
    if item.is_null:
        return [Timeline((), unknown=True, span=item.span, path=path)]
    if item.is_list:
        return list(_listed(item, path))
    if item.is_mapping:
        return list(_mapping(item, path))
    return [_timeline(item, path, EVERYTHING)]


def _listed(item: Item, path: Path) -> Iterator[Expectation]:
    """Events, in texts or mappings, make up one timeline; mappings of other keys are expectations of their own."""
    events: list[EventPattern] = []
    others: list[Expectation] = []
    given = item.items()
    for index, each in enumerate(given):
        if each.is_mapping and not _is_event(each):
            others += _mapping(each, (*path, index))
        elif each.raw in NOTHING and not each.is_mapping:
            others.append(Silent(span=each.span, path=(*path, index)))
        else:
            events.append(_event(each))
    if events or not given:
        yield Timeline(events, span=item.span, path=path if len(events) == len(given) else ())
    yield from others


def _is_event(item: Item) -> bool:
    return any(pair in item.entries("an event") for pair in ("level", "at")) and not any(
        key in _READERS for key in item.entries("an event")
    )


def _mapping(item: Item, path: Path) -> Iterator[Expectation]:
    for name, entry in item.entries("`expect`").items():
        reader = _READERS.get(name)
        if reader is None:
            if name.split(" ")[0].rstrip("s").isdecimal():
                hint = "a line with `: ` in it stands in single quotes, or in a block behind `|`"
            else:
                hint = suggestion(name, list(_READERS))
            raise entry.key.wrong(UNKNOWN_KEY, f"`expect` has no key `{name}`", hint)
        yield from reader(entry, (*path, name))


def _timeline(item: Item, path: Path, scope: Scope) -> Expectation:
    if item.is_null:
        return Timeline((), scope, unknown=True, span=item.span, path=path)
    if not item.is_list and not item.is_mapping and item.raw.strip() in NOTHING:
        return Timeline((), scope, span=item.span, path=path)
    if item.is_list or item.is_mapping:
        events = [_event(each) for each in item.items()]
    else:
        events = [event_pattern(line) for line in item.lines()]
    return Timeline(events, scope, span=item.span, path=path)


def _event(item: Item) -> EventPattern:
    if not item.is_mapping:
        return event_pattern(as_line(item))
    found = item.entries("an event", EVENT_KEYS)
    given: dict[str, object] = {"span": item.span}
    for name in ("message", "details", "id"):
        if name in found:
            given[name] = text_pattern(found[name].value, f"`{name}`")
    for name in ("level", "previous"):
        if name in found:
            given[name] = read_level(as_line(found[name].value), found[name].value.raw, 0)
    if "at" in found:
        given["when"] = _window(found["at"].value)
    if "group" in found:
        given["group"] = "" if found["group"].value.is_null else found["group"].value.text("`group`")
    if "topic" in found:
        given["topic"] = found["topic"].value.text("`topic`")
    if "duration" in found:
        given["duration"] = _duration(found["duration"].value)
    if "tags" in found:
        tags = found["tags"].value.entries("`tags`")
        given["tags"] = {name: entry.value.text("a tag") for name, entry in tags.items()}
    if "fields" in found:
        fields = found["fields"].value.plain()
        given["fields"] = fields if isinstance(fields, dict) else {}
    return EventPattern(**given)  # pyright: ignore[reportArgumentType]


def _window(item: Item) -> Window:
    line = as_line(item)
    return read_window(line, line.text, 0)


def _duration(item: Item) -> int:
    try:
        return duration(item.text("a duration"))
    except ValueError as problem:
        raise item.wrong(EXPECT, str(problem)) from None


def _events(entry: Entry, path: Path) -> Iterator[Expectation]:
    yield _timeline(entry.value, path, EVERYTHING)


def _groups(entry: Entry, path: Path) -> Iterator[Expectation]:
    for name, each in entry.value.entries("`groups`").items():
        yield _timeline(each.value, (*path, name), Scope(group=name))


def _topics(entry: Entry, path: Path) -> Iterator[Expectation]:
    for name, each in entry.value.entries("`topics`").items():
        yield _timeline(each.value, (*path, name), Scope(topic=name))


def _within(entry: Entry, path: Path) -> Iterator[Expectation]:
    for each in _each_line(entry.value):
        if isinstance(each, Item) and each.is_mapping:
            yield Within(_event(each), span=each.span)
        else:
            line = each if isinstance(each, Line) else as_line(each)
            yield Within(event_pattern(line), span=line.span)


def _each_line(item: Item) -> Iterator[Item | Line]:
    """The items of a list, or the lines of a text."""
    if item.is_list or item.is_mapping:
        yield from item.items()
    else:
        yield from item.lines()


def _silent(entry: Entry, path: Path) -> Iterator[Expectation]:
    """`true`, or lines such as `host=a`, `10s..30s`, `host=a 10s..30s`, `topic cpu`."""
    value = entry.value
    if value.is_bool:
        if not value.flag("`silent`"):
            raise value.wrong(EXPECT, "`silent: false` says nothing", "say which events are expected instead")
        yield Silent(span=entry.key.span)
        return
    for each in _each_line(value):
        line = each if isinstance(each, Line) else as_line(each)
        yield _silence(line)


def _silence(line: Line) -> Silent:
    group: str | None = None
    topic: str | None = None
    when: Window | None = None
    expecting_topic = False
    for word, start in words(line):
        if expecting_topic:
            topic, expecting_topic = word, False
        elif word == "topic":
            expecting_topic = True
        elif "=" in word:
            group = word
        else:
            when = read_window(line, word, start)
    return Silent(Scope(group, topic), when, span=line.span)


def _counts(entry: Entry, path: Path) -> Iterator[Expectation]:
    """By level, `events` for all of them together; behind the id of a group, of that group."""
    counts: dict[Level | None, Amount] = {}
    if not entry.value.is_mapping:
        yield Counts({None: _amount(entry.value)}, span=entry.value.span, path=path)
        return
    for name, each in entry.value.entries("`counts`").items():
        if each.value.is_mapping:
            own = {_counted(level): _amount(it.value) for level, it in each.value.entries("`counts`").items()}
            yield Counts(own, Scope(group=name), span=each.key.span, path=(*path, name))
        else:
            counts[_counted(each)] = _amount(each.value)
    if counts:
        yield Counts(counts, span=entry.value.span, path=path)


def _counted(entry: Entry | str) -> Level | None:
    if isinstance(entry, str):
        return LEVELS.get(entry)
    if entry.key.raw == "events":
        return None
    return read_level(as_line(entry.key), entry.key.raw, 0)


def _amount(item: Item) -> Amount:
    """`3`, `2..5`, `>=2`, `<=5`."""
    text = item.text("how many").replace(" ", "")
    first, dots, last = text.partition("..")
    try:
        if dots:
            return Amount(int(first), int(last))
        if text.startswith(">="):
            return Amount(int(text[2:]), None)
        if text.startswith("<="):
            return Amount(0, int(text[2:]))
        return Amount(int(text), int(text))
    except ValueError:
        raise item.wrong(EXPECT, f"`{text}` does not say how many", "write 3, 2..5, >=2 or <=5") from None


def _levels(entry: Entry, path: Path) -> Iterator[Expectation]:
    """`40s: WARNING`, or `40s: {host=a: WARNING}`; `end` is the end of the test."""
    for name, each in entry.value.entries("`levels`").items():
        try:
            when = None if name == "end" else moment(name)
        except ValueError as problem:
            raise each.key.wrong(EXPECT, str(problem), "a time such as 40s, or `end`") from None
        if each.value.is_mapping:
            for group, level in each.value.entries("`levels`").items():
                yield LevelAt(when, _level(level.value), group, span=level.key.span, path=(*path, name, group))
        else:
            yield LevelAt(when, _level(each.value), span=each.key.span, path=(*path, name))


def _end(entry: Entry, path: Path) -> Iterator[Expectation]:
    """The levels at the end: `WARNING` for every group, or one for each."""
    if not entry.value.is_mapping:
        yield LevelAt(None, _level(entry.value), span=entry.key.span, path=path)
        return
    for group, each in entry.value.entries("`end`").items():
        yield LevelAt(None, _level(each.value), group, span=each.key.span, path=(*path, group))


def _margins(entry: Entry, path: Path) -> Iterator[Expectation]:
    """`5%`, or one mapping or several: `{level: CRITICAL, group: host=a, at: 30s, at_least: 5%}`."""
    for each in entry.value.items():
        if not each.is_mapping:
            yield MarginAtLeast(read_part(each), span=each.span)
            continue
        found = each.entries("a margin", MARGIN_KEYS)
        if "at_least" not in found:
            raise each.wrong(EXPECT, "a margin says how much it is `at_least`", "write {level: CRITICAL, at_least: 5%}")
        yield MarginAtLeast(
            read_part(found["at_least"].value),
            level=_level(found["level"].value) if "level" in found else None,
            group=found["group"].value.text("`group`") if "group" in found else None,
            when=_window(found["at"].value) if "at" in found else None,
            span=each.span,
        )


def read_part(item: Item) -> float:
    """`5%`, or `0.05`.

    Raises:
        DiagnosticError: it is neither, or negative.
    """
    text = item.text("a margin", "write 5%")
    try:
        return part(text)
    except ValueError as problem:
        raise item.wrong(EXPECT, str(problem), "write 5%, or 0.05") from None


def _level(item: Item) -> Level:
    line = as_line(item)
    return read_level(line, line.text, 0)


def _discord(entry: Entry, path: Path) -> Iterator[Expectation]:
    yield _requests(entry.value, "discord", path, DISCORD_KEYS)


def _handlers(entry: Entry, path: Path) -> Iterator[Expectation]:
    known = [*handler_classes(), "influxDBOut", "httpPost"]
    for kind, each in entry.value.entries("`handlers`").items():
        if kind not in known:
            hint = did_you_mean(kind, known) or f"there are: {', '.join(own_classes())}"
            raise each.key.wrong(UNKNOWN_KEY, f"there is no kind of handler `{kind}`", hint)
        keys = DISCORD_KEYS if kind == "discord" else REQUEST_KEYS
        yield _requests(each.value, kind, (*path, kind), keys)


def _requests(item: Item, kind: str, path: Path, keys: Sequence[str]) -> Requests:
    if not item.is_list and not item.is_mapping:
        if item.raw in NOTHING:
            return Requests(kind, amount=Amount(0, 0), span=item.span, path=path)
        return Requests(kind, amount=_amount(item), span=item.span, path=path)
    return Requests(kind, [_request(each, kind, keys) for each in item.items()], span=item.span, path=path)


def _request(item: Item, kind: str, keys: Sequence[str]) -> RequestPattern:
    found = item.entries("a request", keys)
    target = found.get("workspace") or found.get("to")
    return RequestPattern(
        kind=kind,
        when=_window(found["at"].value) if "at" in found else None,
        target=text_pattern(target.value, "where a request goes") if target else None,
        texts={name: text_pattern(found[name].value, f"`{name}`") for name in DISCORD_TEXTS if name in found},
        colour=_colour(found["colour"].value) if "colour" in found else None,
        body=_body(found["body"].value) if "body" in found else None,
        has=_body(found["has"].value) if "has" in found else None,
        times=found["times"].value.count("`times`") if "times" in found else 1,
        span=item.span,
    )


def _body(item: Item) -> Plain:
    """A mapping, or JSON in a text."""
    if item.is_mapping or item.is_list:
        return item.plain()
    try:
        return cast("Plain", json.loads(item.text("a body")))
    except (ValueError, RecursionError):
        return item.raw


def _colour(item: Item) -> int | Level:
    """`"#F48D38"`, `0xF48D38`, a number, or a level, whose colour Kapacitor says."""
    text = item.text("a colour")
    if text in LEVELS:
        return LEVELS[text]
    try:
        return int(text[1:], 16) if text.startswith("#") else int(text, 0)
    except ValueError:
        hint = 'write "#F48D38", 0xF48D38, or a level: WARNING'
        raise item.wrong(EXPECT, f"`{text}` is no colour", hint) from None


def _nodes(entry: Entry, path: Path) -> Iterator[Expectation]:
    for name, each in entry.value.entries("`nodes`").items():
        value = each.value
        if not value.is_list and not value.is_mapping and value.raw.isdecimal():
            yield NodeOutput(name, amount=_amount(value), span=each.key.span, path=(*path, name))
        elif value.raw in NOTHING and not value.is_list:
            yield NodeOutput(name, amount=Amount(0, 0), span=each.key.span, path=(*path, name))
        else:
            points = [point_pattern(it if isinstance(it, Line) else as_line(it)) for it in _each_line(value)]
            yield NodeOutput(name, points, span=each.key.span, path=(*path, name))


def _outputs(entry: Entry, path: Path) -> Iterator[Expectation]:
    for name, each in entry.value.entries("`outputs`").items():
        rows = [point_pattern(it if isinstance(it, Line) else as_line(it)) for it in _each_line(each.value)]
        yield HttpOutput(name, rows, span=each.key.span, path=(*path, name))


def _troubles(entry: Entry, path: Path) -> Iterator[Expectation]:
    codes = [] if entry.value.raw in NOTHING else [each.text("a code") for each in entry.value.items()]
    yield Troubles(codes, span=entry.key.span, path=path)


_READERS: Mapping[str, Callable[[Entry, Path], Iterator[Expectation]]] = {
    "events": _events,
    "groups": _groups,
    "topics": _topics,
    "within": _within,
    "silent": _silent,
    "counts": _counts,
    "levels": _levels,
    "end": _end,
    "margin": _margins,
    "discord": _discord,
    "handlers": _handlers,
    "nodes": _nodes,
    "outputs": _outputs,
    "troubles": _troubles,
}
