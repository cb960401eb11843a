"""How Go's `fmt` prints a value under a verb: `%v`, `%08.3f`, `%+q`, and the notes for what does not fit."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from tickdiscord import gotext
from tickdiscord.templates import data, jsontext, methods
from tickdiscord.templates.members import printed_fields
from tickdiscord.templates.values import (
    JS,
    MAPS,
    SIGNED,
    SLICES,
    UNSIGNED,
    AnyMap,
    Duration,
    Int,
    Location,
    Month,
    NilLocation,
    Slice,
    StringMap,
    Time,
    Uint8,
    Uint64,
    Weekday,
    to_bytes,
    type_name,
)

NIL = "<nil>"
WIDEST = 1_000_000
"""Go: a width or precision beyond it is a mistake."""
_UINT64 = 1 << 64


@dataclass(slots=True)
class Flags:
    """What stands between the percent sign and the verb; `plus_v` and `sharp_v` are those of `%+v` and `%#v`."""

    minus: bool = False
    plus: bool = False
    sharp: bool = False
    space: bool = False
    zero: bool = False
    plus_v: bool = False
    sharp_v: bool = False
    width: int | None = None
    precision: int | None = None
    erroring: bool = False
    """Inside the note about a verb that does not fit, where values do not speak for themselves."""

    def of_verb(self, verb: str) -> "Flags":
        """These flags for a verb: those of `%v` mean something else."""
        if verb == "v":
            self.sharp_v, self.sharp = self.sharp, False
            self.plus_v, self.plus = self.plus, False
        return self


PLAIN = Flags()


def text(value: object) -> str:
    """A value as `{{ }}` writes it: `%v`, and `<no value>` for what is not there."""
    quick = _QUICK.get(type(value))
    return show(value, "v", PLAIN) if quick is None else quick(value)


def show(value: object, verb: str, flags: Flags) -> str:
    """A value as `fmt.Printf` prints it under a verb (Go: `printArg`)."""
    if value is None:
        return _pad(NIL, flags) if verb in "Tv" else f"%!{verb}({NIL})"
    if verb == "T":
        return _pad(_cut(type_name(value), flags), flags)
    if verb == "p":
        return _bad_verb(value, verb, flags)
    return _show(value, verb, flags)


def _show(value: object, verb: str, flags: Flags) -> str:
    spoken = None if flags.erroring else _spoken(value, verb, flags)
    if spoken is not None:
        return _string(value, spoken, verb, flags) if not flags.sharp_v else _pad(_cut(spoken, flags), flags)
    kind = type(value)
    if kind in SIGNED or kind in UNSIGNED:
        return _integer(value, verb, flags)
    printer = _PRINTERS.get(kind)
    return _struct(value, verb, flags) if printer is None else printer(value, verb, flags)


def _spoken(value: object, verb: str, flags: Flags) -> str | None:
    """What a value says of itself, if it has a `String` or, under `%#v`, a `GoString` method."""
    if flags.sharp_v:
        return methods.go_string(value) if isinstance(value, Time) else None
    say = _STRINGERS.get(type(value))
    return say(value) if say is not None and verb in "vsxXq" else None


def _bad_verb(value: object, verb: str, flags: Flags) -> str:
    inner = dataclasses.replace(flags, erroring=True)
    return f"%!{verb}({type_name(value)}={_show(value, 'v', inner)})"


def _pad(shown: str, flags: Flags, zero: bool | None = None) -> str:
    width = flags.width or 0
    if len(shown) >= width:
        return shown
    if flags.minus:
        return shown.ljust(width)
    return shown.rjust(width, "0" if (flags.zero if zero is None else zero) else " ")


def _cut(shown: str, flags: Flags) -> str:
    return shown if flags.precision is None else shown[: flags.precision]


def _bool(value: object, verb: str, flags: Flags) -> str:
    if verb not in "tv":
        return _bad_verb(value, verb, flags)
    return _pad("true" if value else "false", flags)


# --- integers ---

_BASES = {"v": 10, "d": 10, "b": 2, "o": 8, "O": 8, "x": 16, "X": 16}
_FORMATS = {10: "d", 2: "b", 8: "o", 16: "x"}


def _integer(value: object, verb: str, flags: Flags) -> str:
    assert isinstance(value, int)
    number, unsigned = int(value), type(value) in UNSIGNED
    if verb in _BASES:
        hexadecimal = verb == "v" and flags.sharp_v and unsigned
        return _digits(number, 16 if hexadecimal else _BASES[verb], verb, flags, sharp=flags.sharp or hexadecimal)
    if verb == "c":
        return _pad(_character(number), flags)
    if verb == "q":
        return _pad(gotext.quote_rune(number, flags.plus), flags)
    if verb == "U":
        return _unicode(number, flags)
    return _bad_verb(value, verb, flags)


def _digits(number: int, base: int, verb: str, flags: Flags, sharp: bool) -> str:
    size = abs(number)
    if flags.precision == 0 and size == 0:
        return " " * (flags.width or 0)
    least = flags.precision or 0
    if flags.precision is None and flags.zero and not flags.minus and flags.width is not None:
        least = flags.width - (number < 0 or flags.plus or flags.space)
    digits = format(size, _FORMATS[base]).rjust(least, "0")
    if sharp:
        prefix = {2: "0b", 8: "" if digits.startswith("0") else "0", 16: "0x"}.get(base, "")
        digits = prefix + digits
    if verb == "O":
        digits = "0o" + digits
    if verb == "X":
        digits = digits.upper()
    sign = "-" if number < 0 else "+" if flags.plus else " " if flags.space else ""
    return _pad(sign + digits, flags, zero=False)


def _character(code: int) -> str:
    valid = 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if valid else "\ufffd"


def _unicode(number: int, flags: Flags) -> str:
    code = number % _UINT64
    shown = "U+" + f"{code:X}".rjust(max(flags.precision or 0, 4), "0")
    if flags.sharp and code <= 0x10FFFF and gotext.is_print(chr(code)):
        shown += f" '{chr(code)}'"
    return _pad(shown, flags, zero=False)


# --- floats ---


def _float(value: object, verb: str, flags: Flags) -> str:
    assert isinstance(value, float)
    if verb not in "vbgGxXfFeE":
        return _bad_verb(value, verb, flags)
    default = 6 if verb in "fFeE" else -1
    form = {"v": "g", "F": "f"}.get(verb, verb)
    precision = default if flags.precision is None else flags.precision
    shown = gotext.format_float(value, form, precision)
    sign, digits = ("+", shown) if shown[0] not in "+-" else (shown[0], shown[1:])
    if flags.space and sign == "+" and not flags.plus:
        sign = " "
    if digits in ("Inf", "NaN"):
        unsigned = digits == "NaN" and not flags.space and not flags.plus
        return _pad(digits if unsigned else sign + digits, flags, zero=False)
    if flags.sharp and form != "b":
        digits = _with_point(digits, form, precision)
    if sign == "+" and not flags.plus:
        return _pad(digits, flags)
    width = flags.width or 0
    if flags.zero and not flags.minus and width > len(digits) + 1:
        return sign + digits.rjust(width - 1, "0")
    return _pad(sign + digits, flags)


def _with_point(digits: str, form: str, precision: int) -> str:
    """`%#g` and the like: always a decimal point, and the zeros that `%g` leaves out (Go: six digits by default)."""
    wanted = (6 if precision == -1 else precision) if form in "gGx" else 0
    split = next((i for i, c in enumerate(digits) if c in "pP" or (c in "eE" and form not in "xX")), len(digits))
    head, tail = digits[:split], digits[split:]
    significant = head.replace(".", "").lstrip("0")
    wanted -= len(significant)
    if "." not in head:
        wanted -= head == "0"
        head += "."
    return head + "0" * max(wanted, 0) + tail


def _complex(value: object, verb: str, flags: Flags) -> str:
    assert isinstance(value, complex)
    if verb not in "vbgGxXfFeE":
        return _bad_verb(value, verb, flags)
    signed = dataclasses.replace(flags, plus=True)
    return f"({_float(value.real, verb, flags)}{_float(value.imag, verb, signed)}i)"


# --- strings and bytes ---


def _string(value: object, shown: str, verb: str, flags: Flags) -> str:
    match verb:
        case "v" if flags.sharp_v:
            return _quoted(shown, flags)
        case "v" | "s":
            return _pad(_cut(shown, flags), flags)
        case "x" | "X":
            return _hexadecimal(to_bytes(shown), verb, flags)
        case "q":
            return _quoted(shown, flags)
        case _:
            return _bad_verb(value, verb, flags)


def _plain_string(value: object, verb: str, flags: Flags) -> str:
    assert isinstance(value, str)
    return _string(value, str(value), verb, flags)


def _quoted(shown: str, flags: Flags) -> str:
    shown = _cut(shown, flags)
    if flags.sharp and gotext.can_backquote(shown):
        return _pad(f"`{shown}`", flags)
    return _pad(gotext.quote(shown, flags.plus), flags)


def _hexadecimal(raw: bytes, verb: str, flags: Flags) -> str:
    raw = raw if flags.precision is None else raw[: flags.precision]
    prefix = "0x" if flags.sharp else ""
    shown = " ".join(f"{prefix}{byte:02x}" for byte in raw) if flags.space else prefix * bool(raw) + raw.hex()
    return _pad(shown.upper() if verb == "X" else shown, flags)


def _bytes(value: object, verb: str, flags: Flags) -> str:
    assert isinstance(value, bytes)
    if verb in "sq":
        return _string(value, value.decode("utf-8", "surrogateescape"), verb, flags)
    if verb in "xX":
        return _hexadecimal(value, verb, flags)
    items = [_integer(Uint8(byte), verb, flags) for byte in value]
    return f"[]byte{{{', '.join(items)}}}" if flags.sharp_v else f"[{' '.join(items)}]"


# --- maps, structs, pointers ---


def _map(value: object, verb: str, flags: Flags) -> str:
    assert isinstance(value, StringMap | AnyMap)
    if flags.sharp_v and value.nil:
        return f"{type_name(value)}(nil)"
    items = [f"{_show(key, verb, flags)}:{_show(item, verb, flags)}" for key, item in value.items()]
    return f"{type_name(value)}{{{', '.join(items)}}}" if flags.sharp_v else f"map[{' '.join(items)}]"


def _slice(value: object, verb: str, flags: Flags) -> str:
    assert isinstance(value, Slice)
    items = [show(item, verb, flags) for item in value]
    return f"{type_name(value)}{{{', '.join(items)}}}" if flags.sharp_v else f"[{' '.join(items)}]"


def _struct(value: object, verb: str, flags: Flags) -> str:
    named = flags.plus_v or flags.sharp_v
    items = [(f"{name}:" if named else "") + _show(item, verb, flags) for name, item in printed_fields(value)]
    return f"{type_name(value)}{{{', '.join(items)}}}" if flags.sharp_v else f"{{{' '.join(items)}}}"


def _time(value: object, verb: str, flags: Flags) -> str:
    """A time under a verb that asks for no text, such as `%d`: Go then shows the insides of the struct."""
    assert isinstance(value, Time)
    seconds, nanosecond = divmod(value.ns - methods.ZERO_TIME, methods.SECOND)
    fields = (("wall", Uint64(nanosecond)), ("ext", seconds), ("loc", NilLocation()))
    named = flags.plus_v or flags.sharp_v
    items = [(f"{name}:" if named else "") + _show(item, verb, flags) for name, item in fields]
    return f"{{{' '.join(items)}}}"


def _pointer(value: object, verb: str, flags: Flags) -> str:
    if verb in "bodxX":
        return _integer(Uint64(0), verb, flags)
    return _pad(NIL, flags) if verb == "v" else _bad_verb(value, verb, flags)


_STRINGERS: dict[type, Callable[..., str]] = {
    Time: methods.string,
    Duration: gotext.duration_text,
    Month: gotext.month_name,
    Weekday: gotext.weekday_name,
    Location: methods.location_name,
    data.Result: jsontext.to_json,
}

_PRINTERS: dict[type, Callable[[object, str, Flags], str]] = {
    bool: _bool,
    float: _float,
    complex: _complex,
    str: _plain_string,
    JS: _plain_string,
    bytes: _bytes,
    Time: _time,
    Location: _pointer,
    NilLocation: _pointer,
    **dict.fromkeys(MAPS, _map),
    **dict.fromkeys(SLICES, _slice),
}

_QUICK: dict[type, Callable[..., str]] = {
    str: str,
    JS: str,
    int: str,
    Int: int.__repr__,
    Uint8: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    float: gotext.value_text,
    type(None): {None: "<no value>"}.__getitem__,
    **_STRINGERS,
}
