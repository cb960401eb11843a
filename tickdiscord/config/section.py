"""A section of a configuration file: its keys, their types and places, and the environment that overrides them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from tickdiscord.diagnostics import Diagnostic, Source, Span, did_you_mean

UNKNOWN_KEY = "TD402"
WRONG_TYPE = "TD403"

GO_BOOLS = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}
"""What Go's `strconv.ParseBool` takes, which reads Kapacitor's environment."""

TYPES: Mapping[type, str] = {bool: "a bool", str: "a string", int: "an integer", float: "a number", dict: "a table"}


@dataclass(slots=True)
class Section:
    """One `[name]` or `[[name]]` of a file. `number` counts the sections of that name from 0.

    `shown` is what messages point into: the file's text with its secrets masked.
    """

    name: str
    number: int
    values: Mapping[str, object]
    shown: Source
    problems: list[Diagnostic] = field(default_factory=list[Diagnostic])
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])
    """Values out of the environment, by key."""

    def flag(self, key: str, default: bool = False) -> bool:
        """A bool."""
        given = self.overrides.get(key)
        if given is not None:
            if given not in GO_BOOLS:
                self.complain(WRONG_TYPE, f"the environment gives `{key}` a value that is no bool", None)
            return GO_BOOLS.get(given, default)
        return cast("bool", self._typed(key, bool, default))

    def text(self, key: str, default: str = "") -> str:
        """A string."""
        given = self.overrides.get(key)
        return given if given is not None else cast("str", self._typed(key, str, default))

    def table(self, key: str) -> Mapping[str, object]:
        """A table within the section."""
        return cast("Mapping[str, object]", self._typed(key, dict, {}))

    def check_keys(self, known: Sequence[str]) -> None:
        """Complain about keys that do not exist."""
        for key in self.values:
            if key not in known:
                hint = did_you_mean(key, known) or f"it has: {', '.join(known)}"
                self.complain(UNKNOWN_KEY, f"[{self.name}] has no key `{key}`", self.place(key), hint)

    def complain(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        """Note what is wrong."""
        self.problems.append(Diagnostic(code, message, span, hint, source=self.shown))

    def place(self, key: str = "") -> Span | None:
        """Where a key stands; without one, where the section begins."""
        starts = list(re.finditer(rf"^[ \t]*\[\[?[ \t]*{re.escape(self.name)}[ \t]*\]\]?", self.shown.text, re.M))
        if self.number >= len(starts):
            return None
        start = starts[self.number]
        if not key:
            return Span(start.start() + len(start[0]) - len(start[0].lstrip()), start.end())
        following = re.compile(r"^[ \t]*\[", re.M).search(self.shown.text, start.end())
        end = following.start() if following else len(self.shown.text)
        found = re.compile(rf"^[ \t]*[\"']?({re.escape(key)})[\"']?[ \t]*=", re.M).search(
            self.shown.text, start.end(), end
        )
        return Span(found.start(1), found.end(1)) if found else self.place()

    def _typed(self, key: str, wanted: type, default: object) -> object:
        value = self.values.get(key, default)
        if type(value) is not wanted:
            got = TYPES.get(type(value), "something else")
            self.complain(WRONG_TYPE, f"`{key}` wants {TYPES[wanted]}, got {got}", self.place(key))
            return default
        return value


def overrides(name: str, number: int | None, keys: Sequence[str], environment: Mapping[str, str]) -> Mapping[str, str]:
    """What the environment says about a section (Kapacitor: `applyEnvOverrides`).

    It is `KAPACITOR_DISCORD_0_URL` where sections of a name are counted, else `KAPACITOR_DEADMAN_INTERVAL`.
    """
    prefix = f"KAPACITOR_{name.upper()}_" if number is None else f"KAPACITOR_{name.upper()}_{number}_"
    found = {key: environment.get(prefix + key.upper().replace("-", "_"), "") for key in keys}
    return {key: value for key, value in found.items() if value}
