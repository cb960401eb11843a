"""`if` and `isPresent`."""

from typing import TypeVar

from tickdiscord.lambdas.library.entry import Function, Signature, refuses, shows
from tickdiscord.lambdas.types import Type

T = TypeVar("T")

CHOICES = (Type.FLOAT, Type.INT, Type.STRING, Type.BOOL, Type.REGEX, Type.TIME, Type.DURATION)
"""The types that `if` may give."""

FINDABLE = (Type.BOOL, Type.STRING, Type.INT, Type.FLOAT)
"""The types that a field or tag may have."""


def _choose(condition: bool, then: T, otherwise: T) -> T:
    return then if condition else otherwise


def _present(value: object) -> bool:
    return value is not None


FUNCTIONS = (
    Function(
        "if",
        "One of two values of the same type; both are evaluated.",
        ("condition", "then", "otherwise"),
        tuple(Signature((Type.BOOL, type, type), type, _choose, "({1} if {0} else {2})") for type in CHOICES),
        (
            shows('if("a" > 5, "a", 0)', 0, a=3),
            refuses("if(FALSE, 1 / 0, 2)", "division by zero"),
            refuses("if(TRUE, 1, 2.0)", "does not take a bool, an int and a float"),
        ),
    ),
    Function(
        "isPresent",
        "Whether the point has a field or tag of this name.",
        ("value",),
        (
            Signature((Type.MISSING,), Type.BOOL, _present, "False"),
            *(Signature((type,), Type.BOOL, _present, "True") for type in FINDABLE),
        ),
        (
            shows('isPresent("x") AND "x" > 3', False, x=None),
            shows('isPresent("x") AND "x" > 3', True, x=4),
        ),
    ),
)
