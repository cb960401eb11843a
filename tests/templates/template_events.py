"""The data that the tests of templates render."""

import json
from pathlib import Path
from typing import Any

from tickdiscord import gotext
from tickdiscord.points.model import Value
from tickdiscord.templates import NO_SERVER, DetailsData, IdData, MessageData, ServerInfo

HERE = Path(__file__).parent
TIME = gotext.parse_rfc3339("2024-02-29T23:59:58.1Z")

ID = IdData("cpu", "cpu_alert", "host=a", {"host": "a"}, NO_SERVER)


def message(fields: dict[str, Value] | None = None, tags: dict[str, str] | None = None) -> MessageData:
    """What a message sees, with these fields and tags."""
    tags = {"host": "a"} if tags is None else tags
    fields = {"value": 97.1, "n": 42} if fields is None else fields
    return MessageData("cpu", "t", "host=a", tags, NO_SERVER, "cpu:host=a", fields, "CRITICAL", TIME, 90_000_000_000)


def details(fields: dict[str, Value] | None = None, tags: dict[str, str] | None = None) -> DetailsData:
    """What details see."""
    m = message(fields, tags)
    head = (m.Name, m.TaskName, m.Group, m.Tags, m.ServerInfo)
    return DetailsData(*head, m.ID, m.Fields, m.Level, m.Time, m.Duration, "cpu is <CRITICAL>")


def go_cases(name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The data and the cases of a file that Go's own packages answered."""
    first, *rest = (json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").split("\n") if line)
    return first, rest


def go_data(given: dict[str, Any]) -> DetailsData:
    """The data of such a file; a message sees all of it but the message."""
    readers = {"int": int, "float": gotext.parse_float, "string": str, "bool": bool}
    fields: dict[str, Value] = {
        n: readers[kind](v) for n, typed in given["fields"].items() for kind, v in typed.items()
    }
    head = ("cpu", "task", "host=a", given["tags"], ServerInfo("h", "c", "s"))
    time = gotext.parse_rfc3339(given["time"])
    return DetailsData(*head, "cpu:host=a", fields, "CRITICAL", time, given["duration_ns"], "cpu is <CRITICAL>")
