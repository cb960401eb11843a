"""A level that can never be reached, because a higher one matches wherever it does.

The levels are tried from CRITICAL down, and the first that matches counts. Here the higher level is true for every
value for which the lower one is, at least of those that a `where` lets through.

Bad::

    stream|from().measurement('cpu')|alert()
        .warn(lambda: "usage" > 90)
        .crit(lambda: "usage" > 80)
        .stateChangesOnly()

Good::

    stream|from().measurement('cpu')|alert()
        .warn(lambda: "usage" > 80)
        .crit(lambda: "usage" > 90)
        .stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.guards import guards
from tickdiscord.lint.moves import filtered
from tickdiscord.lint.regions import Region, never, within
from tickdiscord.lint.script import Script
from tickdiscord.nodes.alert import Alert

CODE = "TD705"

NAMES = {Level.INFO: "info", Level.WARNING: "warn", Level.CRITICAL: "crit"}


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        yield from _of_alert(alert, script)


def _of_alert(alert: Alert, script: Script) -> Iterator[Diagnostic]:
    higher: Region = []
    passed = [script.region(guard.condition) for guard in guards(alert)]
    above: list[str] = []
    for level, condition in sorted(alert.conditions().items(), reverse=True):
        found = script.region(condition)
        if found is None:
            return
        name = NAMES[level]
        if above and not never(found) and within(filtered(found, passed), higher):
            message = f"{level.name} is never reached: where `.{name}()` is true, {_listed(above)} is true as well"
            span = alert.said.get(name, alert.span)
            yield warning(CODE, message, span, "levels are tried from CRITICAL down, the first that matches counts")
        higher = [*higher, *found]
        above.append(f"`.{name}()`")


def _listed(names: list[str]) -> str:
    return " or ".join(names)
