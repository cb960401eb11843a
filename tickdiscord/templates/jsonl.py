"""Answers template cases given as lines of JSON: a kind, a template and the data it sees."""

import json
from collections.abc import Callable
from typing import Any, cast

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.gotext import parse_float, parse_rfc3339
from tickdiscord.points.model import Value
from tickdiscord.templates import data
from tickdiscord.templates.failure import TemplateError
from tickdiscord.templates.template import HTML, ZERO_VALUES, Kind, compile_template

Json = dict[str, Any]
_KINDS = {kind.value.name: kind for kind in Kind} | {"title": Kind.TITLE}
_READERS: dict[str, Callable[[Any], Value]] = {
    "int": int,
    "float": lambda shown: parse_float(str(shown)),
    "string": str,
    "bool": bool,
}


def answer(line: str) -> str:
    """The answer to one case: `{"text": …}`, or `{"error": "parse" | "exec", "message": …}`.

    A line that is no case is answered with `{"error": "input", "message": …}`.
    """
    try:
        case = cast("Json", json.loads(line))
        kind = _KINDS[case["kind"]]
        text, given = _clean(case["template"]), _clean(case["data"])
        seen = _data(kind, given)
    except KeyError as missing:
        return _shown({"error": "input", "message": f"not a case: no {missing}"})
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as problem:
        return _shown({"error": "input", "message": f"not a case: {problem}"})
    try:
        return _shown({"text": compile_template(text, kind, strict=False).render(seen)})
    except DiagnosticError as problem:
        found = problem.diagnostics[0]
        stage = "exec" if found.code in (HTML, ZERO_VALUES) else "parse"
        return _shown({"error": stage, "message": found.message})
    except TemplateError as problem:
        return _shown({"error": "exec", "message": problem.message})


def _shown(result: Json) -> str:
    return json.dumps(result, ensure_ascii=False)


def _clean(value: Any) -> Any:
    """JSON without halves of surrogate pairs, which Go reads as U+FFFD."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode())


def _data(kind: Kind, given: Json) -> data.TemplateData:
    match kind:
        case Kind.AGGREGATE:
            return data.AggregateData(int(given["count"]), int(given["interval_ns"]))
        case Kind.TITLE:
            return data.TitleData(
                given["id"],
                given["message"],
                given["level"],
                parse_rfc3339(given["time"]),
                int(given["duration_ns"]),
                given["details"],
                given["name"],
                given["task_name"],
                given["group"],
                _tags(given["tags"]),
                _fields(given["fields"]),
            )
        case Kind.ID:
            return data.IdData(*_head(given))
        case Kind.MESSAGE:
            return data.MessageData(*_head(given), *_event(given))
        case Kind.DETAILS:
            return data.DetailsData(*_head(given), *_event(given), given["message"])
        case Kind.ALERT | Kind.ROW:
            raise ValueError(f"templates of the kind {kind.value.name} have no cases")


def _head(given: Json) -> tuple[str, str, str, Any, data.ServerInfo]:
    info = given["server_info"]
    server = data.ServerInfo(info["hostname"], info["cluster_id"], info["server_id"])
    return given["name"], given["task_name"], given["group"] or "nil", _tags(given["tags"]), server


def _event(given: Json) -> tuple[str, Any, str, int, int]:
    time = parse_rfc3339(given["time"])
    return given["id"], _fields(given["fields"]), given["level"], time, int(given["duration_ns"])


def _tags(given: Json | None) -> Any:
    return data.NIL_TAGS if given is None else dict(sorted(given.items()))


def _fields(given: Json | None) -> Any:
    if given is None:
        return data.NIL_FIELDS
    fields: dict[str, Value] = {}
    for name, typed in given.items():
        ((kind, value),) = typed.items()
        fields[name] = _READERS[kind](value)
    return fields
