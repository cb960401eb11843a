"""What is to be covered of an alert's levels, and what its groups go through."""

from collections.abc import Iterator

from tickdiscord.alert.level import Level
from tickdiscord.alert.state import AlertState
from tickdiscord.diagnostics import Span
from tickdiscord.lint.moves import moves
from tickdiscord.lint.script import Script
from tickdiscord.nodes.alert import LABELS, RESET_LABELS, Alert
from tickdiscord.testing.coverage.model import Goal

PROPERTIES = {Level.INFO: "info", Level.WARNING: "warn", Level.CRITICAL: "crit"}
RESETS = {Level.INFO: "infoReset", Level.WARNING: "warnReset", Level.CRITICAL: "critReset"}


def level_goals(alert: Alert, script: Script) -> Iterator[Goal]:
    """Each level entered and left, each change of level, each reset holding and letting go, flapping.

    Changes of level are goals of their own only where there is more than one level. What intervals rule out is none,
    nor is a reset whose level has no lambda, which Kapacitor ignores.
    """
    name, levels, possible = alert.name, sorted(alert.conditions()), moves(alert, script)
    for level in levels:
        place = _place(alert, level)
        yield Goal(_entered(name, level), place, str(level), "is never entered")
        if any(before == level for before, _ in possible):
            yield Goal(_left(name, level), place, str(level), "is never left")
    if len(levels) > 1:
        for before, level in possible:
            place = _place(alert, level or before)
            yield Goal(_moved(name, before, level), place, "the level", f"never goes {before} -> {level}")
    for level, reset in alert.resets().items():
        if level in levels:
            place, label = alert.said.get(RESETS[level], reset.span), RESET_LABELS[level]
            steady = f"never holds {level} while `{LABELS[level]}` is false"
            yield Goal(_reset(name, level, lets_go=False), place, f"`{label}`", steady)
            yield Goal(_reset(name, level, lets_go=True), place, f"`{label}`", f"never lets {level} go")
    if alert.flapping is not None and levels:
        place = alert.said.get("flapping", alert.span)
        yield Goal(_flapping(name, begins=True), place, "flapping", "never begins")
        yield Goal(_flapping(name, begins=False), place, "flapping", "never ends")


def _place(alert: Alert, level: Level) -> Span:
    return alert.said.get(PROPERTIES[level], alert.span)


class Moves:
    """Notes what an alert of this name goes through, by the ids of goals."""

    def __init__(self, name: str, reached: set[str]) -> None:
        self._name = name
        self._reached = reached
        self._flapping: dict[int, AlertState] = {}
        """The states that flap, by identity."""

    def moved(self, state: AlertState) -> None:
        before, level, name = state.levels[1], state.levels[0], self._name
        if state.changed:
            self._reached |= {_entered(name, level), _left(name, before), _moved(name, before, level)}
        if state.flapping:
            self._flapping[id(state)] = state
            self._reached.add(_flapping(name, begins=True))
        elif self._flapping.pop(id(state), None) is not None:
            self._reached.add(_flapping(name, begins=False))

    def reset(self, level: Level, *, lets_go: bool, still: bool) -> None:
        if not still:
            self._reached.add(_reset(self._name, level, lets_go=lets_go))


def _entered(name: str, level: Level) -> str:
    return f"{name}: to {level}"


def _left(name: str, level: Level) -> str:
    return f"{name}: from {level}"


def _moved(name: str, before: Level, level: Level) -> str:
    return f"{name}: {before} -> {level}"


def _reset(name: str, level: Level, *, lets_go: bool) -> str:
    return f"{name}: {level} {'let go' if lets_go else 'held'}"


def _flapping(name: str, *, begins: bool) -> str:
    return f"{name}: flapping {'begins' if begins else 'ends'}"
