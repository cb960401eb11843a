"""The four levels of an alert, in order."""

from enum import IntEnum


class Level(IntEnum):
    OK = 0
    INFO = 1
    WARNING = 2
    CRITICAL = 3

    def __str__(self) -> str:
        return _NAMES[self]


_NAMES = tuple(level.name for level in Level)
"""A look-up, for each event asks: `name` of an enum takes ten times as long."""
