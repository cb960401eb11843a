"""The functions of templates: comparisons, `index`, `slice`, `len`, printing, and escaping.

Each takes its place in the template, for its errors, and its arguments.
"""

import re
from collections.abc import Callable
from typing import NoReturn
from urllib.parse import quote_plus

from tickdiscord import gotext
from tickdiscord.templates.failure import Fault
from tickdiscord.templates.jsontext import to_json
from tickdiscord.templates.members import printed_fields
from tickdiscord.templates.printf import bounded, sprint, sprintf, sprintln
from tickdiscord.templates.printing import text
from tickdiscord.templates.values import (
    JS,
    MAPS,
    SIGNED,
    STRINGS,
    STRUCTS,
    UNSIGNED,
    AnyMap,
    Int,
    Location,
    Slice,
    StringMap,
    Time,
    Uint8,
    from_bytes,
    to_bytes,
    type_name,
)

INVALID, BAD_TYPE = "", "invalid type for comparison"
KINDS: dict[type, str] = {
    bool: "bool",
    float: "float",
    complex: "complex",
    **dict.fromkeys(SIGNED, "int"),
    **dict.fromkeys(UNSIGNED, "int"),
    **dict.fromkeys(STRINGS, "string"),
}
"""What can be compared with what; the rest is the invalid kind."""


def _fail(place: int, name: str, reason: str) -> NoReturn:
    raise Fault(place, f"error calling {name}: {reason}")


# --- comparisons ---


def equal(place: int, first: object, *others: object, name: str = "eq") -> bool:
    """`eq`: whether the first argument equals any of the others."""
    if not others:
        _fail(place, name, "missing argument for comparison")
    return any(_same(place, name, first, other) for other in others)


def _same(place: int, name: str, a: object, b: object) -> bool:
    kind, other = KINDS.get(type(a), INVALID), KINDS.get(type(b), INVALID)
    if kind != other:
        if a is not None and b is not None:
            _fail(place, name, f"incompatible types for comparison: {type_name(a)} and {type_name(b)}")
        return False
    if kind:
        return a == b
    return _same_invalid(place, name, a, b)


def _same_invalid(place: int, name: str, a: object, b: object) -> bool:
    """Go: what is neither number, string nor bool can be compared with nil, and with its like if Go can compare it."""
    if _reflect_kind(a) != _reflect_kind(b) and a is not None and b is not None:
        _fail(place, name, f"non-comparable types {text(a)}: {type_name(a)}, {type_name(b)}: {text(b)}")
    if _is_nil(a) or _is_nil(b):
        return _is_nil(a) == _is_nil(b)
    if not _comparable(b):
        _fail(place, name, f"non-comparable type {text(b)}: {type_name(b)}")
    return type(a) is type(b) and a == b


def _reflect_kind(value: object) -> str:
    if type(value) in MAPS:
        return "map"
    return "slice" if isinstance(value, bytes) else "pointer" if isinstance(value, Location) else "struct"


def _is_nil(value: object) -> bool:
    return value is None or (isinstance(value, StringMap | AnyMap) and value.nil)


def _comparable(value: object) -> bool:
    if type(value) in STRUCTS:
        return all(type(item) not in MAPS for _, item in printed_fields(value)) and not _holds_map(value)
    return isinstance(value, Time | Location)


def _holds_map(struct: object) -> bool:
    return hasattr(struct, "Tags")


def not_equal(place: int, a: object, b: object) -> bool:
    """`ne`."""
    return not equal(place, a, b, name="ne")


def _less(place: int, name: str, a: object, b: object) -> bool:
    kind, other = KINDS.get(type(a), INVALID), KINDS.get(type(b), INVALID)
    if not kind or not other or (kind == other and kind in ("bool", "complex")):
        _fail(place, name, BAD_TYPE)
    if kind != other:
        _fail(place, name, f"incompatible types for comparison: {type_name(a)} and {type_name(b)}")
    if isinstance(a, str) and isinstance(b, str):
        return to_bytes(a) < to_bytes(b)
    return a < b  # type: ignore[operator]


def less(place: int, a: object, b: object) -> bool:
    """`lt`."""
    return _less(place, "lt", a, b)


def less_or_equal(place: int, a: object, b: object) -> bool:
    """`le`."""
    return _less(place, "le", a, b) or equal(place, a, b, name="le")


def greater(place: int, a: object, b: object) -> bool:
    """`gt`; Go: the inverse of `le`, also for NaN."""
    return not (_less(place, "gt", a, b) or equal(place, a, b, name="gt"))


def greater_or_equal(place: int, a: object, b: object) -> bool:
    """`ge`; Go: the inverse of `lt`, also for NaN."""
    return not _less(place, "ge", a, b)


# --- parts of values ---


def index(place: int, item: object, *keys: object) -> object:
    """`index`: an entry of a map, a byte of a string; a tag that is not there is the empty string."""
    if item is None:
        _fail(place, "index", "index of untyped nil")
    for key in keys:
        if item is None:
            _fail(place, "index", "index of nil pointer")
        if isinstance(item, StringMap | AnyMap):
            item = _entry(place, item, key)
        elif isinstance(item, Slice):
            at = _position(place, "index", key, len(item))
            if at == len(item):
                _fail(place, "index", "reflect: slice index out of range")
            item = item[at]
        elif isinstance(item, str | bytes):
            raw = to_bytes(item) if isinstance(item, str) else item
            at = _position(place, "index", key, len(raw))
            if at == len(raw):
                kind = "string" if isinstance(item, str) else "slice"
                _fail(place, "index", f"reflect: {kind} index out of range")
            item = Uint8(raw[at])
        else:
            _fail(place, "index", f"can't index item of type {type_name(item)}")
    return item


def _entry(place: int, item: StringMap | AnyMap, key: object) -> object:
    if key is None:
        _fail(place, "index", "value is nil; should be of type string")
    if type(key) is not str:
        _fail(place, "index", f"value has type {type_name(key)}; should be string")
    return item.of.get(str(key), "" if isinstance(item, StringMap) else None)


def _position(place: int, name: str, key: object, length: int) -> int:
    if key is None:
        _fail(place, name, "cannot index slice/array with nil")
    if KINDS.get(type(key)) != "int":
        _fail(place, name, f"cannot index slice/array with type {type_name(key)}")
    assert isinstance(key, int)
    if not 0 <= key <= length:
        _fail(place, name, f"index out of range: {int(key)}")
    return int(key)


def slice(place: int, item: object, *bounds: object) -> object:
    """`slice`: part of a string, counted in bytes."""
    if item is None:
        _fail(place, "slice", "slice of untyped nil")
    if len(bounds) > 3:
        _fail(place, "slice", f"too many slice indexes: {len(bounds)}")
    if not isinstance(item, str | bytes):
        _fail(place, "slice", f"can't slice item of type {type_name(item)}")
    if len(bounds) == 3 and isinstance(item, str):
        _fail(place, "slice", "cannot 3-index slice a string")
    raw = to_bytes(item) if isinstance(item, str) else item
    ends = [_position(place, "slice", bound, len(raw)) for bound in bounds]
    low, high, top = [*ends, *(0, len(raw), len(raw))[len(ends) :]]
    for lower, upper in ((low, high), (high, top)):
        if lower > upper:
            _fail(place, "slice", f"invalid slice index: {lower} > {upper}")
    part = raw[low:high]
    return type(item)(from_bytes(part)) if isinstance(item, str) else part


def length(place: int, item: object) -> Int:
    """`len`: of a string in bytes, of a map in entries."""
    if item is None:
        _fail(place, "len", "reflect: call of reflect.Value.Type on zero Value")
    if isinstance(item, str):
        return Int(len(item) if item.isascii() else len(to_bytes(item)))
    if isinstance(item, bytes | StringMap | AnyMap | Slice):
        return Int(len(item))
    _fail(place, "len", f"len of type {type_name(item)}")


def call(place: int, value: object, *args: object) -> NoReturn:
    """`call`: no value of a template is a function."""
    _fail(place, "call", "call of nil" if value is None else f"non-function of type {type_name(value)}")


def negate(place: int, value: object) -> bool:
    """`not`."""
    return not value


# --- printing and escaping ---


def print_(place: int, *args: object) -> str:
    return sprint(args)


def println(place: int, *args: object) -> str:
    return sprintln(args)


def printf(place: int, format: str, *args: object) -> str:
    return sprintf(format, args)


def joined(args: tuple[object, ...]) -> str:
    """The arguments of an escaper as one text; what is not there shows as `<no value>`."""
    if len(args) == 1:
        return text(args[0])
    return sprint(["<no value>" if arg is None else arg for arg in args])


HTML = str.maketrans({'"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd"})
_JS_SPECIAL = re.compile(r"[\x00-\x1f\\'\"<>&=]|[^\x00-\x7f]")


def html(place: int, *args: object) -> str:
    """`html`."""
    return bounded(joined(args).translate(HTML))


def js(place: int, *args: object) -> str:
    """`js`: what can stand inside a string of JavaScript."""
    return bounded(_JS_SPECIAL.sub(_js_escaped, joined(args)))


def _js_escaped(found: re.Match[str]) -> str:
    c = found[0]
    if c in "\\'\"":
        return "\\" + c
    if c > "\x7f" and gotext.is_print(c):
        return c
    return f"\\u{0xFFFD if 0xDC80 <= ord(c) <= 0xDCFF else ord(c):04X}"


def urlquery(place: int, *args: object) -> str:
    """`urlquery`: what can stand as a value in the query of a URL."""
    return bounded(quote_plus(to_bytes(joined(args)), safe="~"))


def json(place: int, value: object) -> JS:
    """`json`: one line of JSON and a newline; nothing for what JSON cannot say, such as NaN."""
    return JS(bounded(_json(value, "\n")))


def json_compact(place: int, value: object) -> JS:
    """`jsonCompact`: the same without the newline."""
    return JS(bounded(_json(value, "")))


def _json(value: object, end: str) -> str:
    try:
        return to_json(value) + end
    except ValueError:
        return ""


FUNCTIONS: dict[str, tuple[Callable[..., object], int, bool]] = {
    "call": (call, 1, True),
    "eq": (equal, 1, True),
    "ge": (greater_or_equal, 2, False),
    "gt": (greater, 2, False),
    "html": (html, 0, True),
    "index": (index, 1, True),
    "js": (js, 0, True),
    "json": (json, 1, False),
    "jsonCompact": (json_compact, 1, False),
    "le": (less_or_equal, 2, False),
    "len": (length, 1, False),
    "lt": (less, 2, False),
    "ne": (not_equal, 2, False),
    "not": (negate, 1, False),
    "print": (print_, 0, True),
    "printf": (printf, 1, True),
    "println": (println, 0, True),
    "slice": (slice, 1, True),
    "urlquery": (urlquery, 0, True),
    # Of these only the arguments count: they are compiled so that they stop at the first that decides.
    "and": (negate, 1, True),
    "or": (negate, 1, True),
}
"""Each function with its least number of arguments, and whether it takes more."""

WITH_JSON_ONLY = frozenset({"json", "jsonCompact"})
"""Functions that Kapacitor gives to `.details()` and to endpoints alone."""


def wrong_count(name: str, given: int, piped: bool) -> str:
    """Why a function cannot be called with so many arguments (and the piped one), in Go's words, or nothing."""
    _, least, more = FUNCTIONS[name]
    count = given + piped
    if more and count < least:
        return f"wrong number of args for {name}: want at least {least} got {given}"
    if not more and count != least:
        return f"wrong number of args for {name}: want {least} got {count}"
    return ""
