"""A reset whose level has no condition: Kapacitor ignores it.

Bad::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .warnReset(lambda: "usage" < 70)
        .stateChangesOnly()

Good::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .critReset(lambda: "usage" < 70)
        .stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.rules.unreachable_level import NAMES
from tickdiscord.lint.script import Script

CODE = "TD708"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        for level in alert.resets():
            if level not in alert.conditions():
                name = NAMES[level]
                message = f"`.{name}Reset()` has no effect: the alert has no `.{name}()`"
                yield warning(CODE, message, alert.said.get(f"{name}Reset", alert.span), f"add `.{name}(lambda: …)`")
