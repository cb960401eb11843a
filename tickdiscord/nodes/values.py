"""Single values as plain data, for snapshots that must give back the same type."""

from tickdiscord.lambdas import Nanoseconds
from tickdiscord.points.model import Value


def value_plain(value: Value | None) -> object:
    """A value as plain data; a duration, which is no plain number, in a list."""
    return [int(value)] if isinstance(value, Nanoseconds) else value


def value_of(plain: object) -> Value | None:
    """The reverse."""
    match plain:
        case [int(nanoseconds)]:
            return Nanoseconds(nanoseconds)
        case bool() | int() | float() | str() | None:
            return plain
        case _:
            raise TypeError(f"no value: {plain!r}")
