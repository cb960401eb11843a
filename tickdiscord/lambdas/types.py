"""The types of lambda values, and what stands for each of them in Python."""

from enum import Enum

from tickdiscord.points.model import Value


class Type(Enum):
    """A type of TICKscript; the value is the name that users see."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    STRING = "string"
    DURATION = "duration"
    REGEX = "regex"
    TIME = "time"
    MISSING = "missing"
    """A reference to a name that the point has neither as field nor as tag; its value is None."""
    CONFLICT = "conflict"
    """A reference to a name that the point has both as field and as tag; its value is `CONFLICT`."""


class Conflict(Enum):
    """The type of `CONFLICT`."""

    CONFLICT = "both a field and a tag"


CONFLICT = Conflict.CONFLICT
"""Stands in a row for a name that the point has both as field and as tag."""

Operand = Value | Conflict | None
"""What a row holds for a reference: a value, None where the point lacks it, or `CONFLICT`."""

TIME_REFERENCE = "time"
"""The one reference that is no field or tag: the point's time, in nanoseconds."""


class Nanoseconds(int):
    """A duration as the value of a lambda, and then of the field that |eval() puts it in."""

    __slots__ = ()


TYPE_OF: dict[type, Type] = {
    bool: Type.BOOL,
    int: Type.INT,
    float: Type.FLOAT,
    str: Type.STRING,
    Nanoseconds: Type.DURATION,
    type(None): Type.MISSING,
    Conflict: Type.CONFLICT,
}
"""The type of a field's or tag's value, by its Python type."""

PYTHON_TYPE: dict[Type, type] = {**{type: python for python, type in TYPE_OF.items()}, Type.TIME: int}
"""The reverse of it; a time is given as an int."""

OF_DATA = frozenset({Type.BOOL, Type.INT, Type.FLOAT, Type.STRING, Type.DURATION, Type.MISSING})
"""What a reference may turn out to be, as long as no point has been seen."""

RESULTS = frozenset({Type.BOOL, Type.INT, Type.FLOAT, Type.STRING, Type.DURATION})
"""What a whole lambda may evaluate to."""


def article(noun: str) -> str:
    """The noun with its article: `an int`."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
