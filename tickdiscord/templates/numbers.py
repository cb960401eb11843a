"""Numbers in templates, which may stand for several types at once, as Go's constants do."""

import re

from tickdiscord import gotext
from tickdiscord.diagnostics import Span
from tickdiscord.templates.tree import Number
from tickdiscord.templates.values import Int

MAX_INT = (1 << 63) - 1
MIN_INT = -1 << 63
MAX_UINT = (1 << 64) - 1

_INTEGER = re.compile(
    r"[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|[1-9](?:_?[0-9])*|0)", re.ASCII
)
_COMPLEX = re.compile(r"(.*[^eEpP])([+-].*)i")


def number(text: str, span: Span) -> Number:
    """What a number literal stands for.

    Raises:
        ValueError: with what is wrong with it.
    """
    if text.endswith("i"):
        value = _imaginary(text)
        if value.imag != 0:
            return Number(text, imaginary=value, span=span)
        return Number(text, _whole(value.real), value.real, value, span=span)
    integer = _integer(text)
    if integer is not None and MIN_INT <= integer <= MAX_INT:
        return Number(text, integer, float(integer), span=span)
    if integer is not None and 0 <= integer <= MAX_UINT and text[0] != "+":
        return Number(text, None, float(integer), unsigned=True, span=span)
    if integer is not None or not re.search(r"[.eEpP]", text):
        raise ValueError("does not fit into 64 bits" if _is_integer(text) else "is no number")
    try:
        value = gotext.parse_float(text)
    except ValueError:
        raise ValueError("is no number, or too large for one") from None
    return Number(text, _whole(value), value, span=span)


def character(text: str, span: Span) -> Number:
    """A character literal, which is a number: `'a'` is 97.

    Raises:
        ValueError: if it is not exactly one character.
    """
    value = gotext.unquote(text)
    if not value:
        raise ValueError("empty")
    return Number(text, ord(value), float(ord(value)), span=span)


def _is_integer(text: str) -> bool:
    return _INTEGER.fullmatch(text) is not None


def _integer(text: str) -> int | None:
    if not _is_integer(text) or len(text) > 300:
        return None
    digits = text.lower().replace("_", "")
    if re.fullmatch(r"[+-]?0[0-7]+", digits):
        digits = digits.replace("0", "0o", 1)
    return int(digits, 0)


def _whole(value: float) -> int | None:
    """Go: a float literal with an integral value may stand where an int is wanted."""
    return int(value) if MIN_INT <= value < MAX_INT and value.is_integer() else None


def _imaginary(text: str) -> complex:
    try:
        both = _COMPLEX.fullmatch(text)
        if both:
            return complex(gotext.parse_float(both[1]), gotext.parse_float(both[2]))
        return complex(0, gotext.parse_float(text[:-1]))
    except ValueError:
        raise ValueError("is no complex number") from None


def ideal(number: Number) -> object:
    """The value of a number where nothing says which type is wanted; its look decides (Go: `idealConstant`).

    None if it fits no `int`.
    """
    if number.imaginary is not None:
        return number.imaginary
    looks_floating = re.search(r"[.eEpP]", number.text) and not re.match(r"'|[+-]?0[xX][^pP]*\Z", number.text)
    if looks_floating and number.floating is not None:
        return number.floating
    return None if number.integer is None else Int(number.integer)
