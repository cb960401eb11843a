"""Events, points and requests in a line each, in the very form in which tests expect them."""

import json
from collections.abc import Mapping

from tickdiscord.alert.event import Published
from tickdiscord.gotext import duration_text, format_float
from tickdiscord.points.model import Value
from tickdiscord.testing.rules.expectations import RequestPattern
from tickdiscord.testing.rules.patterns import EventPattern, quoted
from tickdiscord.testing.rules.run import Given, Sent

NOTHING = EventPattern()


def event_line(published: Published, like: EventPattern = NOTHING, *, message: bool = True) -> str:
    """An event without its time; what the pattern `like` asks for is said as well."""
    event, state = published.event, published.event.state
    parts = [group_word(event.group), str(state.level)]
    if message:
        parts.append(quoted(state.message))
    if like.previous is not None:
        parts.append(f"was {published.previous}")
    if like.duration is not None:
        parts.append(f"for {duration_text(state.duration)}")
    if like.topic:
        parts.append(f"topic {published.topic}")
    if like.id is not None:
        parts.append(f"id {quoted(state.id)}")
    if like.details is not None:
        parts.append(f"details {quoted(str(state.details))}")
    parts += [f"{name}={event.tags.get(name, '')}" for name in like.tags]
    parts += [f"{name}={_value(event.fields.get(name))}" for name in like.fields]
    return " ".join(part for part in parts if part)


def pattern_line(pattern: EventPattern) -> str:
    """What is expected of an event, without its time."""
    parts = [
        group_word(pattern.group or ""),
        "" if pattern.level is None else str(pattern.level),
        "" if pattern.message is None else str(pattern.message),
        "" if pattern.previous is None else f"was {pattern.previous}",
        "" if pattern.duration is None else f"for {duration_text(pattern.duration)}",
        f"topic {pattern.topic}" if pattern.topic else "",
        "" if pattern.id is None else f"id {pattern.id}",
        "" if pattern.details is None else f"details {pattern.details}",
        *(f"{name}={value}" for name, value in pattern.tags.items()),
        *(f"{name}={_value(value)}" for name, value in pattern.fields.items()),
    ]
    return " ".join(part for part in parts if part)


def group_word(group: str) -> str:
    """A group as a word of a line; the values of its tags in quotes where they hold spaces."""
    if "=" not in group:
        return ""
    if not any(letter.isspace() for letter in group):
        return group
    name, _, tags = group.rpartition("\n")
    pairs = (pair.partition("=") for pair in tags.split(","))
    shown = ",".join(f"{key}={quoted(value) if ' ' in value else value}" for key, _, value in pairs)
    return shown if not name else f"{shown}"


def given_line(given: Given) -> str:
    """A point or batch that a node hands on, without its time."""
    tags = ",".join(f"{name}={value}" for name, value in given.tags.items())
    return " ".join(part for part in (tags, fields_line(given.fields)) if part)


def fields_line(fields: Mapping[str, Value | None]) -> str:
    """Fields as a line of a test has them."""
    return " ".join(f"{name}={_value(value)}" for name, value in sorted(fields.items()) if value is not None)


def request_line(sent: Sent, like: RequestPattern | None = None) -> str:
    """A request: where it goes, and what of it the pattern `like` asks for, or the whole body."""
    request = sent.entry.request
    body = json.dumps(request.body, ensure_ascii=False, default=str)
    if (
        like is None
        or like.body is not None
        or like.has is not None
        or not isinstance(request.body.get("embeds"), list)
    ):
        return " ".join(part for part in (request.target, body) if part)
    embeds: list[Mapping[str, object]] = request.body["embeds"]  # pyright: ignore[reportAssignmentType]
    shown: dict[str, object] = {"workspace": request.target}
    for name in ("colour", *like.texts):
        found = request.body.get(name, embeds[0].get("color" if name == "colour" else name))
        if name != "colour":
            shown[name] = found
        elif like.colour is not None:
            shown[name] = f"#{found:06X}" if isinstance(found, int) else found
    return ", ".join(f"{name}: {value}" for name, value in shown.items())


def request_pattern_line(pattern: RequestPattern) -> str:
    """What is expected of a request."""
    shown: dict[str, object] = {}
    if pattern.target is not None:
        shown["workspace" if pattern.kind == "discord" else "to"] = pattern.target.text
    if pattern.colour is not None:
        shown["colour"] = f"#{int(pattern.colour):06X}" if type(pattern.colour) is int else str(pattern.colour)
    shown.update({name: text.text if text.kind == "is" else str(text) for name, text in pattern.texts.items()})
    for name, body in (("body", pattern.body), ("has", pattern.has)):
        if body is not None:
            shown[name] = json.dumps(body, ensure_ascii=False)
    return ", ".join(f"{name}: {value}" for name, value in shown.items()) or "any request"


def _value(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case float():
            return format_float(value)
        case int():
            return str(int(value))
