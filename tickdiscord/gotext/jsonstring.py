"""Strings in JSON, as Go's `encoding/json` writes them."""

import re
from json.encoder import encode_basestring

_FOR_HTML = (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"))
_BEYOND_ASCII = re.compile("[\u2028\u2029\ud800-\udfff]")


def json_string(value: str) -> str:
    """A string in JSON: `<`, `>`, `&` and two line breaks are escaped, what is not UTF-8 becomes U+FFFD."""
    text: str = encode_basestring(value)
    for character, written in _FOR_HTML:
        text = text.replace(character, written)
    return text if text.isascii() else _BEYOND_ASCII.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"
