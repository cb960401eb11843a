"""Quoted strings as Go writes and reads them.

Go's strings are bytes. Where a string is not UTF-8, its stray bytes stand as lone surrogates, as Python's
`surrogateescape` puts them.
"""

import re

_ESCAPES = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}
_SHORT = {chr(code): f"\\{letter}" for letter, code in _ESCAPES.items()}
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))|([^\\])", re.S
)


def is_print(character: str) -> bool:
    """`unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the plain space."""
    return character.isprintable()


def quote(text: str, ascii_only: bool = False) -> str:
    """`strconv.Quote`, or `QuoteToASCII`."""
    return '"' + "".join(_escaped(c, '"', ascii_only) for c in text) + '"'


def quote_rune(code: int, ascii_only: bool = False) -> str:
    """`strconv.QuoteRune`, or `QuoteRuneToASCII`, of a code point; one that is none shows as U+FFFD."""
    valid = 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return "'" + _escaped(chr(code) if valid else "\ufffd", "'", ascii_only) + "'"


def can_backquote(text: str) -> bool:
    """`strconv.CanBackquote`: whether the text can stand between backquotes as it is."""
    return all(c == "\t" or (c >= " " and c not in "`\x7f\ufeff" and not "\ud800" <= c <= "\udfff") for c in text)


def _escaped(c: str, mark: str, ascii_only: bool) -> str:
    if c == mark or c == "\\":
        return "\\" + c
    if is_print(c) and (c < "\x80" or not ascii_only):
        return c
    if c in _SHORT:
        return _SHORT[c]
    code = ord(c)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def unquote(literal: str) -> str:
    """The text of a Go string or character literal, given with its quotes.

    Raises:
        ValueError: if the literal has an escape that Go has not, or is no literal.
    """
    mark, inner = literal[:1], literal[1:-1]
    if len(literal) < 2 or literal[-1] != mark or mark not in "\"'`":
        raise ValueError("not a quoted string")
    if mark == "`":
        if "`" in inner:
            raise ValueError("a backquote inside backquotes")
        return inner.replace("\r", "")
    out, at = bytearray(), 0
    while at < len(inner):
        found = _ESCAPE.match(inner, at)
        if found is None or found[0] in (mark, "\n"):
            raise ValueError("bad escape")
        out += _unescaped(found, mark)
        at = found.end()
    text = out.decode("utf-8", "surrogateescape")
    if mark == "'" and len(text) > 1:
        raise ValueError("not one character")
    return text


def _unescaped(found: re.Match[str], mark: str) -> bytes:
    letter, byte, short, long, octal, plain = found.groups()
    if plain is not None:
        return plain.encode("utf-8", "surrogateescape")
    if letter is not None:
        if letter in "\"'":
            if letter != mark:
                raise ValueError("bad escape")
            return letter.encode()
        return bytes((_ESCAPES[letter],))
    if byte is not None or octal is not None:
        return bytes((int(byte, 16) if byte else int(octal, 8),))
    code = int(short or long, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise ValueError("no such character")
    return chr(code).encode()
