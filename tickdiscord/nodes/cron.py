"""Cron expressions, as `|query().cron()` takes them: looked at, never waited for."""

import re
from dataclasses import dataclass

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
DAYS = "sun mon tue wed thu fri sat"
NICKNAMES = frozenset({"@annually", "@yearly", "@monthly", "@weekly", "@daily", "@hourly"})

_PART = re.compile(r"(?P<from>\*|\?|\w+)(?:-(?P<to>\w+))?(?:/(?P<step>\d+))?", re.ASCII)
_SPECIAL = re.compile(r"lw?|\d{1,2}w|(?:[0-7]|[a-z]{3})(?:l|#[1-5])", re.ASCII)
"""Last days, working days, and the second Friday."""


@dataclass(frozen=True, slots=True)
class Field:
    """One of the fields: its name, its range, and words for the numbers from `least` on."""

    name: str
    least: int
    most: int
    words: str = ""

    def holds(self, text: str) -> bool:
        """Whether a number or word is in its range."""
        words = self.words.split()
        number = int(text) if text.isdecimal() else words.index(text[:3]) + self.least if text[:3] in words else -1
        return self.least <= number <= self.most


FIELDS = (
    Field("second", 0, 59),
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of the month", 1, 31),
    Field("month", 1, 12, MONTHS),
    Field("day of the week", 0, 7, DAYS),
    Field("year", 1970, 2099),
)


def cron_problem(text: str) -> str:
    """What is wrong with a cron expression of 5 to 7 fields, nothing if it is right (Kapacitor: `cronexpr`)."""
    if text.strip() in NICKNAMES:
        return ""
    parts = text.lower().split()
    if not 5 <= len(parts) <= 7:
        return f"has {len(parts)} fields, and cron wants 5 to 7: minute, hour, day, month, day of the week"
    fields = {5: FIELDS[1:6], 6: FIELDS[1:], 7: FIELDS}[len(parts)]
    for field, part in zip(fields, parts, strict=True):
        for each in part.split(","):
            if not _right(field, each):
                return f"says `{each}` for the {field.name}, which goes from {field.least} to {field.most}"
    return ""


def _right(field: Field, text: str) -> bool:
    if field.name.startswith("day") and _SPECIAL.fullmatch(text):
        return True
    found = _PART.fullmatch(text)
    if found is None:
        return False
    bounds = [each for each in (found["from"], found["to"]) if each not in (None, "*", "?")]
    return all(map(field.holds, bounds)) and found["step"] != "0"
