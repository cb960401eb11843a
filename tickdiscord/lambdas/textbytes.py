"""Strings as Go has them: bytes of UTF-8. A byte that is no part of a character is carried as a lone surrogate."""

import re

LONGEST = 1 << 20
"""Replacing in a string does not make it longer than this: a few of them nested could fill any memory."""

_STRAY = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def encoded(text: str) -> bytes:
    """The bytes of a string."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # Only a surrogate that stands for no byte; it cannot come out of well-formed input.
        return _FOREIGN.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def decoded(data: bytes) -> str:
    """The string of some bytes."""
    return data.decode("utf-8", "surrogateescape")


def rejoined(text: str) -> str:
    """The string, with the characters that its stray bytes have come to make up together."""
    return text if text.isascii() else decoded(encoded(text))


def whole(text: str) -> str:
    """The string with a replacement character for every stray byte, as Go's JSON shows it; safe to print."""
    return text if text.isascii() else _STRAY.sub("\ufffd", rejoined(text))
