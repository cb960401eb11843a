"""How the bytes of line protocol become names and values."""

import re

from tickdiscord.points.model import Value

BOOLEANS: dict[bytes, bool] = {
    **dict.fromkeys((b"t", b"T", b"true", b"True", b"TRUE"), True),
    **dict.fromkeys((b"f", b"F", b"false", b"False", b"FALSE"), False),
}

NOT_UTF8 = "\ufffd"
"""Stands for every byte that is not UTF-8, as it does wherever Kapacitor writes JSON."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPED_IN_NAME = re.compile(rb'\\([,"= ])')
_ESCAPED_IN_TAG = re.compile(rb"\\([,= ])")
_ESCAPED_IN_STRING = re.compile(rb'\\(["\\])')
_SPECIAL_IN_NAME = re.compile(rb'([,"= ])')

_FIELD = re.compile(rb'((?:[^,="\\ ]++|\\.)++)=("(?:[^"\\]++|\\.)*+"|[^, ]++)')
"""A field in a proved line."""


def text(raw: bytes) -> str:
    """The bytes as text. One that is not UTF-8 becomes U+FFFD, so that every name and value can be shown and sent."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _SURROGATES.sub(NOT_UTF8, raw.decode("utf-8", "surrogateescape"))


def name(raw: bytes) -> str:
    """The measurement or field key that is written `raw`."""
    return text(_ESCAPED_IN_NAME.sub(rb"\1", raw) if b"\\" in raw else raw)


def raw_name(name: str) -> bytes:
    """How a field key is written in a proved line, which knows no other way to write it."""
    return _SPECIAL_IN_NAME.sub(rb"\\\1", name.encode("utf-8", "surrogatepass"))


def tag(raw: bytes) -> str:
    """The tag key or tag value that is written `raw` (in tags, `\\"` is no escape)."""
    return text(_ESCAPED_IN_TAG.sub(rb"\1", raw) if b"\\" in raw else raw)


def string(raw: bytes) -> str:
    """The string whose inside, between its quotes, is written `raw`."""
    return text(_ESCAPED_IN_STRING.sub(rb"\1", raw) if b"\\" in raw else raw)


def flat_value(raw: bytes) -> bool | int | float:
    """The value, not a string, that is written `raw`, which is known to be well-formed."""
    if raw.endswith(b"i"):
        return int(raw[:-1])
    boolean = BOOLEANS.get(raw)
    return float(raw) if boolean is None else boolean


def flat_fields(section: bytes) -> dict[str, Value]:
    """The field set of a proved line without quotes and backslashes. The last of duplicates wins."""
    cut = (it.partition(b"=") for it in section.split(b","))
    return {text(key): flat_value(raw) for key, _, raw in cut}


def fields(section: bytes) -> dict[str, Value]:
    """The field set whose section of a proved line is written `section`. The last of duplicates wins."""
    found: list[tuple[bytes, bytes]] = _FIELD.findall(section)
    return {name(key): string(raw[1:-1]) if raw.endswith(b'"') else flat_value(raw) for key, raw in found}
