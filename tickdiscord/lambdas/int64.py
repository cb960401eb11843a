"""Go's 64-bit integers: they wrap around, divide toward zero, and take floats in as amd64 does."""

import math

from tickdiscord.lambdas.failure import Mistake

LEAST = -(1 << 63)
GREATEST = (1 << 63) - 1
GUARD = "guard it: `… != 0 AND …`"
_MASK = (1 << 64) - 1


def wrap(number: int) -> int:
    """The int64 that Go's arithmetic would have ended at."""
    return ((number + (1 << 63)) & _MASK) - (1 << 63)


def divide(left: int, right: int) -> int:
    """Division toward zero.

    Raises:
        Mistake: division by zero.
    """
    if right == 0:
        raise Mistake("division by zero", GUARD)
    if left >= 0:
        return left // right if right > 0 else -(left // -right)
    return -(-left // right) if right > 0 else wrap(-left // -right)


def modulo(left: int, right: int) -> int:
    """The remainder of `divide`; it has the sign of `left`.

    Raises:
        Mistake: division by zero.
    """
    if right == 0:
        raise Mistake("division by zero", GUARD)
    remainder = abs(left) % abs(right)
    return remainder if left >= 0 else -remainder


def divide_floats(left: float, right: float) -> float:
    """IEEE division: by zero it gives an infinity, or NaN."""
    if right:
        return left / right
    if left == 0 or left != left:
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def truncated(number: float) -> int:
    """Go's `int64(number)`; NaN and what does not fit become the least int, as on amd64."""
    return int(number) if -9.223372036854775808e18 <= number < 9.223372036854775808e18 else LEAST


def unsigned(number: float) -> int:
    """Go's `uint64(number)` on amd64, where the upper half is converted by way of the lower.

    NaN and what does not fit become 2**63.
    """
    if number < 9.223372036854775808e18:
        return truncated(number) & _MASK
    return (truncated(number - 9.223372036854775808e18) | LEAST) & _MASK
