"""The operators: which types they take, what they give, and the Python that does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from tickdiscord.lambdas.types import Type


class Level(IntEnum):
    """How tightly Python binds an expression, loosest first."""

    ANY = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    SIGN = 7
    ATOM = 8


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator on operands of two given types.

    `code` is Python with `{0}` and `{1}` for the operands, which it uses once each, in this order; `level` says which
    of them it needs in parentheses, a call none. `widened` says that an int operand becomes a float first. `ring` says
    that the result may be left outside of int64 for a while: `+ - *` on what is wrapped later give the same int64.
    `fails` says that it raises a `Mistake` for a second operand of zero; its code is a call.
    """

    result: Type
    code: str
    level: Level = Level.ATOM
    widened: bool = False
    ring: bool = False
    fails: bool = False


NUMBERS = (Type.INT, Type.FLOAT)
ORDERINGS = ("<", "<=", ">", ">=")
EQUALITIES = ("==", "!=")


def _table() -> dict[tuple[str, Type | None, Type | None], Operation]:
    table: dict[tuple[str, Type | None, Type | None], Operation] = {}
    boolean, integer, real, string = Type.BOOL, Type.INT, Type.FLOAT, Type.STRING
    duration, regex = Type.DURATION, Type.REGEX

    for left in NUMBERS:
        for right in NUMBERS:
            for sign in EQUALITIES + ORDERINGS:
                table[sign, left, right] = _comparison(sign, widened=left is not right)
    for both in (string, duration):
        for sign in EQUALITIES + ORDERINGS:
            table[sign, both, both] = _comparison(sign)
    for sign in EQUALITIES:
        table[sign, boolean, boolean] = _comparison(sign)
    table["AND", boolean, boolean] = Operation(boolean, "{0} and {1}", Level.AND)
    table["OR", boolean, boolean] = Operation(boolean, "{0} or {1}", Level.OR)
    table["=~", string, regex] = Operation(boolean, "{0} in {1}", Level.COMPARISON)
    table["!~", string, regex] = Operation(boolean, "{0} not in {1}", Level.COMPARISON)

    for sign, level in (("+", Level.SUM), ("-", Level.SUM), ("*", Level.PRODUCT)):
        code = f"{{0}} {sign} {{1}}"
        table[sign, integer, integer] = Operation(integer, code, level, ring=True)
        table[sign, real, real] = Operation(real, code, level)
    for sign in ("+", "-"):
        table[sign, duration, duration] = Operation(duration, f"{{0}} {sign} {{1}}", Level.SUM, ring=True)
    table["+", string, string] = Operation(string, "{0} + {1}", Level.SUM)
    for pair in ((duration, integer), (integer, duration)):
        table["*", *pair] = Operation(duration, "{0} * {1}", Level.PRODUCT, ring=True)
    for pair in ((duration, real), (real, duration)):
        table["*", *pair] = Operation(duration, "truncated(({0}) * ({1}))")

    table["/", real, real] = Operation(real, "divide_floats({0}, {1})")
    table["/", integer, integer] = Operation(integer, "divide({0}, {1})", fails=True)
    table["%", integer, integer] = Operation(integer, "modulo({0}, {1})", fails=True)
    table["/", duration, integer] = Operation(duration, "divide({0}, {1})", fails=True)
    table["/", duration, duration] = Operation(integer, "divide({0}, {1})", fails=True)
    table["/", duration, real] = Operation(duration, "truncated(divide_floats({0}, {1}))")
    return table


def _comparison(sign: str, *, widened: bool = False) -> Operation:
    return Operation(Type.BOOL, f"{{0}} {sign} {{1}}", Level.COMPARISON, widened)


OPERATIONS: Mapping[tuple[str, Type | None, Type | None], Operation] = _table()
"""By operator and types of its operands; what is not in here, such as an operand without a type, is an error."""

ALWAYS_BOOL = frozenset({*EQUALITIES, *ORDERINGS, "=~", "!~", "AND", "OR"})
"""Operators whose result is known to be a bool before their operands have been looked at."""

NEGATED: Mapping[Type | None, Operation] = {
    Type.INT: Operation(Type.INT, "-{0}", Level.SIGN, ring=True),
    Type.DURATION: Operation(Type.DURATION, "-{0}", Level.SIGN, ring=True),
    Type.FLOAT: Operation(Type.FLOAT, "-{0}", Level.SIGN),
    Type.BOOL: Operation(Type.BOOL, "not {0}", Level.NOT),
}
"""What `-` does; Kapacitor: on a bool it is the same as `!`."""

INVERTED = Operation(Type.BOOL, "not {0}", Level.NOT)
"""What `!` does to a bool; it takes nothing else."""
