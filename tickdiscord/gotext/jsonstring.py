"""Strings in JSON, as Go's `encoding/json` writes them."""

import re
from json.encoder import encode_basestring

_SPECIAL = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def json_string(value: str) -> str:
    """A string in JSON: `<`, `>`, `&` and two line breaks are escaped, what is not UTF-8 becomes U+FFFD."""
    return _SPECIAL.sub(_escaped, encode_basestring(value))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"
