"""A level that is never left: its reset is true only where the level's own condition is true.

While the reset is false the level stays, and once it is true the level's condition is looked at again. Where both can
only be true together, the alert stays at the level for ever.

Bad::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .critReset(lambda: "usage" > 90)
        .stateChangesOnly()

Good::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .critReset(lambda: "usage" < 70)
        .stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.regions import never, within
from tickdiscord.lint.rules.unreachable_level import NAMES
from tickdiscord.lint.script import Script

CODE = "TD707"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        conditions = alert.conditions()
        for level, reset in alert.resets().items():
            condition = conditions.get(level)
            entered, left = (script.region(condition), script.region(reset)) if condition else (None, None)
            if entered is None or left is None or never(entered) or never(left) or not within(left, entered):
                continue
            name = NAMES[level]
            message = f"{level.name} is never left: where `.{name}Reset()` is true, `.{name}()` is true as well"
            span = alert.said.get(f"{name}Reset", alert.span)
            yield warning(CODE, message, span, "a reset says when the level may be left: the other way round")
