"""JSON as Go's `encoding/json` writes it: sorted maps, and `<`, `>`, `&` escaped."""

import base64
from collections.abc import Callable
from typing import Any

from tickdiscord import gotext
from tickdiscord.gotext import json_string as string
from tickdiscord.templates import methods
from tickdiscord.templates.members import FIELDS, field_of
from tickdiscord.templates.values import (
    SIGNED,
    UNSIGNED,
    AnyMap,
    Location,
    StringMap,
    Time,
    type_name,
)


_PLAIN: dict[type, Callable[[Any], str]] = {str: string, float: gotext.json_float, int: int.__repr__}
"""What most maps hold: a look-up is faster than to go through everything that a value may be."""


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
    if kind in FIELDS:
        return "{" + ",".join(f'"{name}":{to_json(field_of(value, name))}' for name in FIELDS[kind]) + "}"
    raise ValueError(f"json: unsupported type: {type_name(value)}")
