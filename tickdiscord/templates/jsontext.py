"""JSON as Go's `encoding/json` writes it: sorted maps, and `<`, `>`, `&` escaped."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from tickdiscord import gotext
from tickdiscord.gotext import json_string as string
from tickdiscord.templates import data, methods
from tickdiscord.templates.members import FIELDS, field_of
from tickdiscord.templates.values import (
    SIGNED,
    UNSIGNED,
    AnyMap,
    Location,
    Rows,
    Slice,
    StringMap,
    Time,
    type_name,
)

_PLAIN: dict[type, Callable[[Any], str]] = {str: string, float: gotext.json_float, int: int.__repr__}
"""What most maps hold: a look-up is faster than to go through everything that a value may be."""


KEYS: Mapping[type, Mapping[str, str]] = {
    kind: {name: "id" if name == "ID" else name[0].lower() + name[1:] for name in FIELDS[kind]}
    for kind in (data.AlertData, data.Result, data.Row)
}
"""The keys that fields have in JSON, where Kapacitor says other names for them; a series leaves out what is empty."""


def to_json(value: object) -> str:
    """`json.Marshal` of a value.

    Raises:
        ValueError: with Go's reason, for what JSON cannot say: NaN, the infinities, complex numbers.
    """
    if value is None:
        return "null"
    kind = type(value)
    if isinstance(value, str):
        return string(value)
    if kind is bool:
        return "true" if value else "false"
    if kind in SIGNED or kind in UNSIGNED:
        return int.__repr__(value)  # type: ignore[arg-type]
    if isinstance(value, float):
        return gotext.json_float(value)
    if isinstance(value, StringMap | AnyMap):
        if value.nil:
            return "null"
        items = [f"{string(key)}:{_PLAIN.get(type(item), to_json)(item)}" for key, item in value.items()]
        return f"{{{','.join(items)}}}"
    if isinstance(value, Time):
        try:
            return methods.to_json(value).decode()
        except ValueError as problem:
            raise ValueError(f"json: error calling MarshalJSON for type time.Time: {problem}") from None
    if isinstance(value, bytes):
        return f'"{base64.b64encode(value).decode()}"'
    if isinstance(value, Location):
        return "{}"
    if isinstance(value, Slice):
        return "[" + ",".join(map(to_json, value)) + "]" if value.of or not isinstance(value, Rows) else "null"
    if kind in KEYS:
        said = [(key, field_of(value, name)) for name, key in KEYS[kind].items()]
        shown = [(key, item) for key, item in said if item or kind is not data.Row]
        return "{" + ",".join(f'"{key}":{to_json(item)}' for key, item in shown) + "}"
    if kind in FIELDS:
        return "{" + ",".join(f'"{name}":{to_json(field_of(value, name))}' for name in FIELDS[kind]) + "}"
    raise ValueError(f"json: unsupported type: {type_name(value)}")
