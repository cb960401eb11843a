"""Answers questions in JSON: a body of line protocol, and the points and errors in it; the form of `points --jsonl`."""

import binascii
from collections.abc import Mapping

import msgspec

from tickdiscord import gotext
from tickdiscord.points.exact import ParsedPoint, parse_lines
from tickdiscord.points.model import Value
from tickdiscord.points.precision import Precision


class Question(msgspec.Struct):
    """A body (as text, or in base 64 where it is not UTF-8), its precision, and the time of lines that have none."""

    line: str = ""
    line_b64: str | None = None
    precision: str = "n"
    default_time: str = "1970-01-01T00:00:00Z"


def jsonl_answer(line: str) -> str:
    """The answer to a line `{"line", "precision", "default_time"}`: `{"points": […], "errors": […]}`.

    A point is `{"name", "tags", "fields", "time"}`, its fields as `{"name": {"int"|"float"|"string"|"bool": value}}`
    with floats as text, its time in RFC 3339. `precision` is read as Kapacitor's write endpoint reads it, so that a
    word it does not know counts as nanoseconds; and a CR is part of its line, as it is there. A line of another form
    gets `{"error": "input", "message"}`.
    """
    try:
        asked = msgspec.json.decode(line.encode("utf-8", "surrogatepass"), type=Question)
        body = asked.line.encode("utf-8") if asked.line_b64 is None else binascii.a2b_base64(asked.line_b64)
        default_time = gotext.parse_rfc3339(asked.default_time)
    except (ValueError, msgspec.MsgspecError) as problem:
        return _json({"error": "input", "message": str(problem)})
    found = parse_lines(body, Precision.as_kapacitor(asked.precision), default_time)
    return _json(
        {
            "points": [_point(it.name, it.tags, it.fields, it.time) for it in found if isinstance(it, ParsedPoint)],
            "errors": [str(it) for it in found if not isinstance(it, ParsedPoint)],
        }
    )


def point_json(name: str, tags: Mapping[str, str], fields: Mapping[str, Value], time: int) -> str:
    """A point in the same form, as a line of its own; `time` is in nanoseconds."""
    return _json(_point(name, tags, fields, time))


def _point(name: str, tags: Mapping[str, str], fields: Mapping[str, Value], time: int) -> dict[str, object]:
    return {
        "name": name,
        "tags": tags,
        "fields": {key: _field(value) for key, value in sorted(fields.items())},
        "time": gotext.rfc3339(time),
    }


def _field(value: Value) -> dict[str, object]:
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, int):
        return {"int": value}
    if isinstance(value, float):
        return {"float": gotext.format_float(value)}
    return {"string": value}


def _json(answer: dict[str, object]) -> str:
    return msgspec.json.encode(answer).decode()
