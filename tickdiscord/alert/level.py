"""The four levels of an alert, in order."""

from enum import IntEnum


class Level(IntEnum):
    OK = 0
    INFO = 1
    WARNING = 2
    CRITICAL = 3

    def __str__(self) -> str:
        return self.name
