"""A reset that is true wherever its level's condition is false: it holds nothing.

A reset keeps a level until the value has come back far enough. This one lets go as soon as the condition is false, as
the alert does without it.

Bad::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .critReset(lambda: "usage" <= 80)
        .stateChangesOnly()

Good::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .critReset(lambda: "usage" <= 70)
        .stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.regions import complement, within
from tickdiscord.lint.rules.unreachable_level import NAMES
from tickdiscord.lint.script import Script
from tickdiscord.syntax import tree

CODE = "TD709"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        conditions = alert.conditions()
        for level, reset in alert.resets().items():
            if level in conditions and _holds_nothing(conditions[level], reset, script):
                name = NAMES[level]
                message = f"`.{name}Reset()` holds nothing: it is true wherever `.{name}()` is false"
                span = alert.said.get(f"{name}Reset", alert.span)
                yield warning(CODE, message, span, "leave a gap between the two, or leave the reset out")


def _holds_nothing(condition: tree.Lambda, reset: tree.Lambda, script: Script) -> bool:
    entered, left = script.region(condition), script.region(reset)
    outside = complement(entered) if entered else None
    return bool(outside) and left is not None and within(outside, left)
