"""Bessel functions of the first and second kind, of whole orders, which Python's `math` lacks.

Three ways to J, each where it is accurate: the power series for small x, Miller's backward recurrence in between, and
Hankel's asymptotic expansion for large x. Y comes from J by Neumann's series, or from Hankel.
"""

import math

from tickdiscord.lambdas.failure import Mistake

SMALL = 2.0
"""Up to here the power series loses no digits."""
LARGE = 25.0
"""From here on Hankel's expansion of orders 0 and 1 reaches double precision: its error is about exp(-2x)."""
HIGHEST_ORDER = 100_000
"""Higher orders take one step each; Kapacitor would be busy with them for as long as it takes."""

_TINIEST_LOGARITHM = -750.0
"""The exponential of less is zero in double precision."""


def j0(x: float) -> float:
    """J of order 0."""
    return _j(0, x)


def j1(x: float) -> float:
    """J of order 1."""
    return _j(1, x)


def jn(n: int, x: float) -> float:
    """J of order n.

    Raises:
        Mistake: the order is beyond `HIGHEST_ORDER`.
    """
    _check(n)
    return _signed(n, _j(abs(n), x))


def y0(x: float) -> float:
    """Y of order 0."""
    return _y(0, x)


def y1(x: float) -> float:
    """Y of order 1."""
    return _y(1, x)


def yn(n: int, x: float) -> float:
    """Y of order n.

    Raises:
        Mistake: the order is beyond `HIGHEST_ORDER`.
    """
    _check(n)
    return _signed(n, _y(abs(n), x))


def _signed(n: int, value: float) -> float:
    """Negative odd orders turn the sign; zero stays positive, as in Go."""
    return 0.0 - value if n < 0 and n % 2 else value


def _check(n: int) -> None:
    if abs(n) > HIGHEST_ORDER:
        raise Mistake(f"the order {n} is too high", f"orders from {-HIGHEST_ORDER} to {HIGHEST_ORDER} are computed")


def _j(n: int, x: float) -> float:
    if x != x:
        return math.nan
    if x < 0:
        return 0.0 - _j(n, -x) if n % 2 else _j(n, -x)
    if x == 0:
        return 1.0 if n == 0 else 0.0
    if math.isinf(x):
        return 0.0
    if n > x and n * math.log(x / 2) - math.lgamma(n + 1) < _TINIEST_LOGARITHM:
        return 0.0
    if x <= SMALL:
        return _series(n, x)
    if n > x or x < LARGE:
        return _miller(n, x)[n]
    return _up(n, x, _hankel(0, x)[0], _hankel(1, x)[0])


def _y(n: int, x: float) -> float:
    if x != x or x < 0:
        return math.nan
    if x == 0:
        return -math.inf
    if math.isinf(x):
        return 0.0
    if x >= LARGE:
        return _up(n, x, _hankel(0, x)[1], _hankel(1, x)[1])
    return _up(n, x, *_neumann(x))


def _up(n: int, x: float, first: float, second: float) -> float:
    """Order n from orders 0 and 1, by the recurrence; stable for Y, and for J as long as n <= x."""
    if n == 0:
        return first
    for order in range(1, n):
        if math.isinf(second):
            break
        first, second = second, 2 * order / x * second - first
    return second


def _series(n: int, x: float) -> float:
    """The power series of J."""
    half = x / 2
    square = -half * half
    term = total = 1.0
    k = 0
    while abs(term) > 1e-17:
        k += 1
        term *= square / (k * (k + n))
        total += term
    if n <= 1:
        return total * half if n else total
    return total * (half**n / math.factorial(n) if n < 100 else math.exp(n * math.log(half) - math.lgamma(n + 1)))


def _miller(n: int, x: float) -> list[float]:
    """J of the orders 0 to at least n: downward from far above, where it does not matter how one starts."""
    top = max(n, int(x))
    start = 2 * ((top + 20 + int(math.sqrt(80 * top))) // 2)
    values = [0.0] * (start + 2)
    values[start] = 1e-300
    even = 0.0
    for order in range(start, 0, -1):
        values[order - 1] = value = 2 * order / x * values[order] - values[order + 1]
        if abs(value) > 1e250:
            values, even = [each * 1e-250 for each in values], even * 1e-250
        if order % 2 and order > 1:
            even += values[order - 1]
    whole = values[0] + 2 * even
    return [value / whole for value in values]


def _neumann(x: float) -> tuple[float, float]:
    """Y of the orders 0 and 1 for x below `LARGE`, from the J of all orders."""
    j = _miller(2, x) if x > SMALL else [_series(n, x) for n in range(24)]
    logarithm = math.log(x / 2) + 0.5772156649015329
    zero = logarithm * j[0]
    one = -j[0] / x + (logarithm - 1) * j[1]
    sign = 1
    for k in range(1, (len(j) - 1) // 2):
        zero += 2 * sign * j[2 * k] / k
        one += sign * (2 * k + 1) / (k * (k + 1)) * j[2 * k + 1]
        sign = -sign
    return zero * 2 / math.pi, one * 2 / math.pi


def _hankel(n: int, x: float) -> tuple[float, float]:
    """J and Y of order n (0 or 1) for large x."""
    mu = 4 * n * n
    even = term = 1.0
    odd = 0.0
    for k in range(1, 40):
        smaller = term * (mu - (2 * k - 1) ** 2) / (k * 8 * x)
        if abs(smaller) < 1e-18 or abs(smaller) > abs(term):
            break
        term = smaller
        if k % 2:
            odd += term if k % 4 == 1 else -term
        else:
            even += term if k % 4 == 0 else -term
    # cos(x - pi/4) and sin(x - pi/4) times sqrt(2), without losing digits in the subtraction; order 1 lags by pi/2.
    cosine, sine = math.cos(x) + math.sin(x), math.sin(x) - math.cos(x)
    if n:
        cosine, sine = sine, -cosine
    scale = 1 / math.sqrt(math.pi * x)
    return scale * (even * cosine - odd * sine), scale * (even * sine + odd * cosine)
