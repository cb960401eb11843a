"""Functions on strings; lengths and indexes count bytes of UTF-8, as Go does."""

from collections.abc import Callable

from tickdiscord.lambdas.failure import Mistake
from tickdiscord.lambdas.library.entry import Example, Function, Signature, refuses, shows
from tickdiscord.lambdas.textbytes import LONGEST, decoded, encoded
from tickdiscord.lambdas.types import Type

STRING, INT, BOOL = Type.STRING, Type.INT, Type.BOOL

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go takes for white space."""


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(encoded(text))


def _bytes_before(text: str, index: int) -> int:
    """The byte offset of a character's index; -1 stays -1."""
    return index if index < 0 or text.isascii() else len(encoded(text[:index]))


def _index(text: str, part: str) -> int:
    return _bytes_before(text, text.find(part))


def _last_index(text: str, part: str) -> int:
    return _bytes_before(text, text.rfind(part))


def _index_any(text: str, characters: str) -> int:
    return _bytes_before(text, next((at for at, c in enumerate(text) if c in characters), -1))


def _last_index_any(text: str, characters: str) -> int:
    return _bytes_before(text, next((at for at in range(len(text) - 1, -1, -1) if text[at] in characters), -1))


def _contains(text: str, part: str) -> bool:
    return part in text


def _contains_any(text: str, characters: str) -> bool:
    return any(c in characters for c in text)


def _upper(text: str) -> str:
    """One character becomes one character, as in Go: `ß` has no capital."""
    return text.upper() if text.isascii() else "".join(map(_upper_character, text))


def _upper_character(c: str) -> str:
    return next((changed for changed in (c.upper(), c.title()) if len(changed) == 1), c)


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(map(_lower_character, text))


def _lower_character(c: str) -> str:
    return c.lower()[0]


def _replace(text: str, old: str, new: str, n: int) -> str:
    if len(text) + len(new) * (len(text) + 1) > LONGEST:
        places = text.count(old) if n < 0 else min(n, text.count(old))
        if places * len(new) > LONGEST:
            raise Mistake("the text becomes too long", f"at most {LONGEST} bytes")
    return text.replace(old, new, n)


def _trim_space(text: str) -> str:
    return text.strip(SPACES)


def _substring(text: str, start: int, stop: int) -> str:
    data = encoded(text)
    if start < 0 or stop < 0:
        raise Mistake(f"the index {min(start, stop)} is negative")
    if stop >= len(data):
        # Kapacitor: the end itself counts as too large.
        raise Mistake(
            f"the stop index {stop} is too large for a string of {len(data)} bytes",
            f"it may be at most {len(data) - 1}" if data else "",
        )
    if start > stop:
        raise Mistake(f"the start index {start} lies behind the stop index {stop}")
    return decoded(data[start:stop])


def _on_text(name: str, doc: str, result: Type, behaviour: Callable[[str], object], *examples: Example) -> Function:
    return Function(name, doc, ("text",), (Signature((STRING,), result, behaviour),), examples)


def _on_two(
    name: str, doc: str, other: str, result: Type, behaviour: Callable[[str, str], object], *examples: Example
) -> Function:
    return Function(name, doc, ("text", other), (Signature((STRING, STRING), result, behaviour),), examples)


FUNCTIONS = (
    _on_two(
        "strContains", "Whether the text holds a part.", "part", BOOL, _contains, shows("strContains('ab', 'b')", True)
    ),
    _on_two(
        "strContainsAny",
        "Whether the text holds any of some characters.",
        "characters",
        BOOL,
        _contains_any,
        shows("strContainsAny('foobar', 'xyz')", False),
        shows("strContainsAny('a', '')", False),
    ),
    _on_two(
        "strCount",
        "How often a part stands in the text, without overlaps; the empty part once more than there are characters.",
        "part",
        INT,
        str.count,
        shows("strCount('aaaa', 'aa')", 2),
        shows("strCount('foo', '')", 4),
    ),
    _on_two(
        "strHasPrefix",
        "Whether the text begins with a part.",
        "prefix",
        BOOL,
        str.startswith,
        shows("strHasPrefix('foobar', 'foo')", True),
    ),
    _on_two(
        "strHasSuffix",
        "Whether the text ends with a part.",
        "suffix",
        BOOL,
        str.endswith,
        shows("strHasSuffix('foobar', 'bar')", True),
    ),
    _on_two(
        "strIndex",
        "The byte at which a part first stands, or -1.",
        "part",
        INT,
        _index,
        shows("strIndex('üb', 'b')", 2),
        shows("strIndex('ab', 'c')", -1),
    ),
    _on_two(
        "strIndexAny",
        "The byte at which any of some characters first stands, or -1.",
        "characters",
        INT,
        _index_any,
        shows("strIndexAny('foobar', 'ab')", 3),
    ),
    _on_two(
        "strLastIndex",
        "The byte at which a part last stands, or -1.",
        "part",
        INT,
        _last_index,
        shows("strLastIndex('foobarfoo', 'foo')", 6),
        shows("strLastIndex('foobar', '')", 6),
    ),
    _on_two(
        "strLastIndexAny",
        "The byte at which any of some characters last stands, or -1.",
        "characters",
        INT,
        _last_index_any,
        shows("strLastIndexAny('foobar', 'ab')", 4),
    ),
    _on_text(
        "strLength", "The number of bytes.", INT, _length, shows("strLength('abc')", 3), shows("strLength('ÜÏ')", 4)
    ),
    Function(
        "strReplace",
        "The text with a part replaced, at most n times; a negative n replaces all.",
        ("text", "old", "new", "n"),
        (Signature((STRING, STRING, STRING, INT), STRING, _replace, fails=True),),
        (
            shows("strReplace('foobarfoo', 'foo', 'x', 1)", "xbarfoo"),
            shows("strReplace('foo', '', '-', -1)", "-f-o-o-"),
        ),
    ),
    Function(
        "strSubstring",
        "The bytes from start up to, not including, stop; stop must be less than the length.",
        ("text", "start", "stop"),
        (Signature((STRING, INT, INT), STRING, _substring, fails=True, cuts=True),),
        (
            shows("strSubstring('foobar', 0, 3)", "foo"),
            shows("strSubstring('ünï', 0, 1)", "\ufffd"),
            refuses("strSubstring('foobar', 3, 6)", "too large"),
            refuses("strSubstring('foobar', -1, 2)", "negative"),
        ),
    ),
    _on_text("strToLower", "The text in small letters.", STRING, _lower, shows("strToLower('ÜÏ')", "üï")),
    _on_text("strToUpper", "The text in capitals.", STRING, _upper, shows("strToUpper('straße')", "STRAßE")),
    _on_two(
        "strTrim",
        "The text without any of some characters at its ends.",
        "characters",
        STRING,
        str.strip,
        shows("strTrim('xxhixx', 'x')", "hi"),
        shows("strTrim(' a', '')", " a"),
    ),
    _on_two(
        "strTrimLeft",
        "The text without any of some characters at its beginning.",
        "characters",
        STRING,
        str.lstrip,
        shows("strTrimLeft('foobarfoo', 'fo')", "barfoo"),
    ),
    _on_two(
        "strTrimPrefix",
        "The text without a part at its beginning.",
        "prefix",
        STRING,
        str.removeprefix,
        shows("strTrimPrefix('xxhixx', 'x')", "xhixx"),
    ),
    _on_two(
        "strTrimRight",
        "The text without any of some characters at its end.",
        "characters",
        STRING,
        str.rstrip,
        shows("strTrimRight('foobarfoo', 'fo')", "foobar"),
    ),
    _on_text(
        "strTrimSpace",
        "The text without white space at its ends.",
        STRING,
        _trim_space,
        shows("strTrimSpace('  x ')", "x"),
    ),
    _on_two(
        "strTrimSuffix",
        "The text without a part at its end.",
        "suffix",
        STRING,
        str.removesuffix,
        shows("strTrimSuffix('xxhixx', 'x')", "xxhix"),
    ),
)
