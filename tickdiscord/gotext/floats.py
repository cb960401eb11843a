"""Floats as Go's `strconv` prints and parses them, 64 bits wide."""

import math
import re
from dataclasses import dataclass

MANTISSA_BITS = 52
LEAST_EXPONENT = -1022

_DECIMAL = re.compile(r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?")
_HEXADECIMAL = re.compile(
    r"[+-]?0[xX]_?(?:[0-9a-fA-F][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?|\.[0-9a-fA-F_]+)[pP][+-]?[0-9_]+"
)
_STRAY_UNDERSCORE = {
    "decimal": re.compile(r"(?<![0-9])_|_(?![0-9])"),
    "hexadecimal": re.compile(r"(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F])"),
}
_SPECIAL = {
    "nan": math.nan,
    "inf": math.inf,
    "+inf": math.inf,
    "-inf": -math.inf,
    "infinity": math.inf,
    "+infinity": math.inf,
    "-infinity": -math.inf,
}


@dataclass(frozen=True, slots=True)
class _Decimal:
    """The decimal digits of a number between 0.1 and 1, times ten to the power of `point`; no zeros at the end."""

    digits: str
    point: int


def format_float(value: float, verb: str = "g", precision: int = -1) -> str:
    """`strconv.FormatFloat(value, verb, precision, 64)`.

    `verb` is one of `b e E f g G x X`; a precision of -1 gives as few digits as say the value exactly.

    Raises:
        ValueError: for another verb.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    value = abs(value)
    match verb:
        case "e" | "E":
            text = _exponential(value, precision)
        case "f":
            text = _fixed(value, precision)
        case "g" | "G":
            text = _general(value, precision)
        case "x" | "X":
            text = _hexadecimal(value, precision)
        case "b":
            text = _binary(value)
        case _:
            raise ValueError(f"no such format of floats: {verb!r}")
    return sign + (text.upper() if verb.isupper() else text)


def value_text(value: float) -> str:
    """A float as `fmt.Print` and `%v` show it: `97.1`, `1e+06`."""
    if 1e-4 <= value < 1e6:  # where Python writes the same digits, but for a whole number's `.0`
        text = repr(value)
        return text[:-2] if text.endswith(".0") else text
    return format_float(value)


def json_float(value: float) -> str:
    """A float as `encoding/json` writes it: `1000000`, `1e+21`, `1e-7`.

    Raises:
        ValueError: for NaN and the infinities, which JSON has not.
    """
    text = repr(value)
    if "e" not in text and "n" not in text:  # Python writes the same digits, but for a whole number's `.0`
        return text[:-2] if text.endswith(".0") else text
    if not math.isfinite(value):
        raise ValueError(f"json: unsupported value: {format_float(value)}")
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        return format_float(value, "f")
    return re.sub(r"e-0(\d)$", r"e-\1", format_float(value, "e"))


def parse_float(text: str) -> float:
    """`strconv.ParseFloat(text, 64)`.

    Raises:
        ValueError: if it is no number, or too large for one.
    """
    if (special := _SPECIAL.get(text.lower())) is not None and text.isascii():
        return special
    if _DECIMAL.fullmatch(text) and not _STRAY_UNDERSCORE["decimal"].search(text):
        value = float(text.replace("_", ""))
    elif _HEXADECIMAL.fullmatch(text) and not _STRAY_UNDERSCORE["hexadecimal"].search(text):
        try:
            value = float.fromhex(text.replace("_", ""))
        except OverflowError:
            value = math.inf
    else:
        raise ValueError(f"not a number: {text!r}")
    if math.isinf(value):
        raise ValueError(f"out of range: {text!r}")
    return value


def _shortest(value: float) -> _Decimal:
    return _decimal(repr(value))


def _decimal(text: str) -> _Decimal:
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    leading = len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    return _Decimal(digits, len(whole) + int(exponent or 0) - leading if digits else 0)


def _exponential(value: float, precision: int) -> str:
    if precision >= 0:
        return f"{value:.{precision}e}"
    return _written_exponential(_shortest(value))


def _written_exponential(decimal: _Decimal) -> str:
    digits = decimal.digits or "0"
    exponent = decimal.point - 1 if decimal.digits else 0
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{exponent:+03d}"


def _fixed(value: float, precision: int) -> str:
    if precision >= 0:
        return f"{value:.{precision}f}"
    return _written_fixed(_shortest(value))


def _written_fixed(decimal: _Decimal) -> str:
    digits, point = decimal.digits, decimal.point
    whole = digits[:point].ljust(point, "0") if point > 0 else ""
    fraction = digits[point:] if point >= 0 else "0" * -point + digits
    return f"{whole or '0'}.{fraction}" if fraction else whole or "0"


def _general(value: float, precision: int) -> str:
    if precision < 0:
        decimal, limit = _shortest(value), 6
        # Go: with the shortest digits an exponent is written from a million on, however many digits there are.
    else:
        limit = max(precision, 1)
        decimal = _decimal(f"{value:.{limit - 1}e}")
        if limit > len(decimal.digits) >= decimal.point:
            limit = len(decimal.digits)
    exponent = decimal.point - 1 if decimal.digits else 0
    if exponent < -4 or exponent >= max(limit, 1):
        return _written_exponential(decimal)
    return _written_fixed(decimal)


def _parts(value: float) -> tuple[int, int]:
    """A positive float as an integer times two to a power, the integer 53 bits wide unless it is denormal."""
    mantissa, exponent = math.frexp(value)
    exponent = max(exponent - 1, LEAST_EXPONENT) if value else LEAST_EXPONENT
    return int(math.ldexp(mantissa, math.frexp(value)[1] - exponent + MANTISSA_BITS)), exponent - MANTISSA_BITS


def _binary(value: float) -> str:
    mantissa, exponent = _parts(value)
    return f"{mantissa}p{exponent:+d}"


def _hexadecimal(value: float, precision: int) -> str:
    if value == 0:
        return "0x0" + (f".{'0' * precision}" if precision > 0 else "") + "p+00"
    mantissa, exponent = _parts(value)
    shift = MANTISSA_BITS + 1 - mantissa.bit_length()
    mantissa, exponent = mantissa << shift, exponent - shift + MANTISSA_BITS
    if 0 <= precision < MANTISSA_BITS // 4:
        dropped = MANTISSA_BITS - 4 * precision
        half, rest = 1 << (dropped - 1), mantissa & ((1 << dropped) - 1)
        mantissa >>= dropped
        if rest > half or (rest == half and mantissa & 1):
            mantissa += 1
        mantissa <<= dropped
        if mantissa >> (MANTISSA_BITS + 1):
            mantissa, exponent = mantissa >> 1, exponent + 1
    fraction = f"{mantissa & ((1 << MANTISSA_BITS) - 1):0{MANTISSA_BITS // 4}x}"
    fraction = fraction.rstrip("0") if precision < 0 else fraction[:precision].ljust(precision, "0")
    return f"0x1{'.' + fraction if fraction else ''}p{exponent:+03d}"
