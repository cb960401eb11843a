"""JSON as Go's `encoding/json` writes it: sorted maps, and `<`, `>`, `&` escaped."""

import base64
import re
from json.encoder import encode_basestring

from tickdiscord import gotext
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

_SPECIAL = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def string(value: str) -> str:
    """A string in JSON; what is not UTF-8 becomes U+FFFD."""
    return _SPECIAL.sub(_escaped, encode_basestring(value))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"


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
        return "{" + ",".join(f"{string(key)}:{to_json(item)}" for key, item in value.items()) + "}"
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
