"""Go's maths functions: total, so that what Python would raise for is an infinity or NaN."""

import math
from collections.abc import Callable

from tickdiscord.lambdas.library import bessel
from tickdiscord.lambdas.library.entry import Example, Function, Signature, shows
from tickdiscord.lambdas.types import Type

FLOAT, INT = Type.FLOAT, Type.INT
INF, NAN = math.inf, math.nan
LN2, LOG10_2 = math.log(2.0), math.log10(2.0)


def _or_nan(function: Callable[[float], float]) -> Callable[[float], float]:
    """NaN outside of the function's domain."""

    def total(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return NAN

    return total


def _or_infinite(function: Callable[[float], float], below: float = INF) -> Callable[[float], float]:
    """An infinity where the result is too large; `below` is the one for negative arguments."""

    def total(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return INF if x > 0 else below

    return total


def _logarithm(function: Callable[[float], float], pole: float = 0.0) -> Callable[[float], float]:
    """Minus infinity at the pole, NaN below it."""

    def total(x: float) -> float:
        if x > pole:
            return function(x) if x < INF else INF
        return -INF if x == pole else NAN

    return total


def _rounded(function: Callable[[float], int]) -> Callable[[float], float]:
    """A whole float, with the sign of the argument when it is zero."""

    def total(x: float) -> float:
        return math.copysign(function(x), x) if math.isfinite(x) else x

    return total


def _cbrt(x: float) -> float:
    """The C library's, with a step of Newton's: perfect cubes have whole roots."""
    root = math.cbrt(x)
    return root - (root - x / (root * root)) / 3 if root and math.isfinite(root) else root


def _hypot(x: float, y: float) -> float:
    """Go's own way, which may end a digit beside the truth."""
    if math.isinf(x) or math.isinf(y):
        return INF
    x, y = math.fabs(x), math.fabs(y)
    greater = x if x > y else y
    ratio = (x if x < y else y) / greater if greater else 0.0
    return greater * math.sqrt(1 + ratio * ratio) if x == x and y == y else NAN


def _log2(x: float) -> float:
    fraction, exponent = math.frexp(x)
    return exponent - 1.0 if fraction == 0.5 else math.log(fraction) * (1 / LN2) + exponent


def _log10(x: float) -> float:
    """By way of the binary logarithm, as in Go: the last digit may differ from the C library's."""
    return _log2(x) * LOG10_2


def _atanh(x: float) -> float:
    if -1 < x < 1:
        return math.atanh(x)
    return math.copysign(INF, x) if x in (-1.0, 1.0) else NAN


def _gamma(x: float) -> float:
    if x == 0:
        return math.copysign(INF, x)
    try:
        return math.gamma(x)
    except ValueError:
        return NAN
    except OverflowError:
        return INF


def _logb(x: float) -> float:
    if x == 0:
        return -INF
    return float(math.frexp(x)[1] - 1) if math.isfinite(x) else abs(x)


def _mod(x: float, y: float) -> float:
    try:
        return math.fmod(x, y)
    except ValueError:
        return NAN


def _pow(x: float, y: float) -> float:
    odd = math.isfinite(y) and math.fmod(y, 2) in (1.0, -1.0)
    if x == 0 and y < 0:
        return math.copysign(INF, x) if odd else INF
    try:
        return math.pow(x, y)
    except ValueError:
        return NAN
    except OverflowError:
        return -INF if x < 0 and odd else INF


def _pow10(n: int) -> float:
    """From two powers, as in Go, which costs some of them their last digit."""
    if not -323 <= n <= 308:
        return INF if n > 0 else 0.0
    high, low = divmod(abs(n), 32)
    fine = 10.0**low
    return float(f"1e{32 * high}") * fine if n > 0 else float(f"1e-{32 * high}") / fine


def _max(x: float, y: float) -> float:
    if INF in (x, y):
        return INF
    if x != x or y != y:
        return NAN
    if x == 0 and y == 0:
        return y if math.copysign(1.0, x) < 0 else x
    return x if x > y else y


def _min(x: float, y: float) -> float:
    if -INF in (x, y):
        return -INF
    if x != x or y != y:
        return NAN
    if x == 0 and y == 0:
        return x if math.copysign(1.0, x) < 0 else y
    return x if x < y else y


def _one(name: str, doc: str, behaviour: Callable[[float], float], *examples: Example) -> Function:
    return Function(name, doc, ("x",), (Signature((FLOAT,), FLOAT, behaviour),), examples)


def _two(name: str, doc: str, behaviour: Callable[[float, float], float], *examples: Example) -> Function:
    return Function(name, doc, ("x", "y"), (Signature((FLOAT, FLOAT), FLOAT, behaviour),), examples)


def _order(name: str, doc: str, behaviour: Callable[[int, float], float], *examples: Example) -> Function:
    return Function(name, doc, ("n", "x"), (Signature((INT, FLOAT), FLOAT, behaviour, fails=True),), examples)


FUNCTIONS = (
    _one("abs", "The absolute value.", math.fabs, shows("abs(-1.5)", 1.5)),
    _one("acos", "The arc cosine, in radians.", _or_nan(math.acos), shows("acos(1.0)", 0.0)),
    _one("acosh", "The inverse hyperbolic cosine.", _or_nan(math.acosh), shows("acosh(0.5)", NAN)),
    _one("asin", "The arc sine, in radians.", _or_nan(math.asin), shows("asin(1.0)", math.pi / 2)),
    _one("asinh", "The inverse hyperbolic sine.", math.asinh, shows("asinh(0.0)", 0.0)),
    _one("atan", "The arc tangent, in radians.", math.atan, shows("atan(1.0)", math.pi / 4)),
    _two("atan2", "The angle of the point (y, x), in radians.", math.atan2, shows("atan2(1.0, 0.0)", math.pi / 2)),
    _one("atanh", "The inverse hyperbolic tangent.", _atanh, shows("atanh(1.0)", INF), shows("atanh(2.0)", NAN)),
    _one("cbrt", "The cube root.", _cbrt, shows("cbrt(27.0)", 3.0)),
    _one("ceil", "The least whole number that is not less.", _rounded(math.ceil), shows("ceil(1.2)", 2.0)),
    _one("cos", "The cosine of radians.", _or_nan(math.cos), shows("cos(0.0)", 1.0)),
    _one("cosh", "The hyperbolic cosine.", _or_infinite(math.cosh), shows("cosh(1000.0)", INF)),
    _one("erf", "The error function.", math.erf, shows("erf(0.0)", 0.0)),
    _one("erfc", "The complement of the error function.", math.erfc, shows("erfc(0.0)", 1.0)),
    _one("exp", "e to the power of x.", _or_infinite(math.exp), shows("exp(0.0)", 1.0), shows("exp(1000.0)", INF)),
    _one("exp2", "2 to the power of x.", _or_infinite(math.exp2), shows("exp2(10.0)", 1024.0)),
    _one("expm1", "e to the power of x, less 1.", _or_infinite(math.expm1), shows("expm1(0.0)", 0.0)),
    _one("floor", "The greatest whole number that is not more.", _rounded(math.floor), shows("floor(-1.2)", -2.0)),
    _one("gamma", "The gamma function.", _gamma, shows("gamma(5.0)", 24.0), shows("gamma(-1.0)", NAN)),
    _two("hypot", "The length of the hypotenuse.", _hypot, shows("hypot(3.0, 4.0)", 5.0)),
    _one("j0", "The Bessel function of the first kind, of order 0.", bessel.j0, shows("j0(0.0)", 1.0)),
    _one("j1", "The Bessel function of the first kind, of order 1.", bessel.j1, shows("j1(0.0)", 0.0)),
    _order("jn", "The Bessel function of the first kind, of order n.", bessel.jn, shows("jn(2, 0.0)", 0.0)),
    _one("log", "The natural logarithm.", _logarithm(math.log), shows("log(1.0)", 0.0), shows("log(0.0)", -INF)),
    _one("log10", "The decimal logarithm.", _logarithm(_log10), shows("log10(100.0)", 2.0)),
    _one("log1p", "The natural logarithm of 1 + x.", _logarithm(math.log1p, -1.0), shows("log1p(-1.0)", -INF)),
    _one("log2", "The binary logarithm.", _logarithm(_log2), shows("log2(8.0)", 3.0)),
    _one("logb", "The binary exponent.", _logb, shows("logb(10.25)", 3.0)),
    _two("max", "The larger of two floats.", _max, shows("max(1.0, 2.0)", 2.0)),
    _two("min", "The smaller of two floats.", _min, shows("min(1.0, 2.0)", 1.0)),
    _two("mod", "The remainder of x / y, with the sign of x.", _mod, shows("mod(-3.0, 2.0)", -1.0)),
    _two("pow", "x to the power of y.", _pow, shows("pow(2.0, 10.0)", 1024.0), shows("pow(-8.0, 0.5)", NAN)),
    Function(
        "pow10",
        "10 to the power of n.",
        ("n",),
        (Signature((INT,), FLOAT, _pow10),),
        (shows("pow10(3)", 1000.0), shows("pow10(400)", INF)),
    ),
    _one("sin", "The sine of radians.", _or_nan(math.sin), shows("sin(0.0)", 0.0)),
    _one("sinh", "The hyperbolic sine.", _or_infinite(math.sinh, -INF), shows("sinh(-1000.0)", -INF)),
    _one("sqrt", "The square root.", _or_nan(math.sqrt), shows("sqrt(2.25)", 1.5), shows("sqrt(-1.0)", NAN)),
    _one("tan", "The tangent of radians.", _or_nan(math.tan), shows("tan(0.0)", 0.0)),
    _one("tanh", "The hyperbolic tangent.", math.tanh, shows("tanh(0.0)", 0.0)),
    _one("trunc", "The whole part.", _rounded(math.trunc), shows("trunc(-1.7)", -1.0)),
    _one("y0", "The Bessel function of the second kind, of order 0.", bessel.y0, shows("y0(0.0)", -INF)),
    _one("y1", "The Bessel function of the second kind, of order 1.", bessel.y1, shows("y1(0.0)", -INF)),
    _order("yn", "The Bessel function of the second kind, of order n.", bessel.yn, shows("yn(2, 0.0)", -INF)),
)
