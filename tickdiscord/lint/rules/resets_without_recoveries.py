"""`.noRecoveries()` together with a reset.

A reset holds a level until the value has come back far enough, and `.noRecoveries()` leaves out the message that says
so: nobody sees when the level is left, only that it is entered less often.

Bad::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .critReset(lambda: "usage" < 70)
        .stateChangesOnly()
        .noRecoveries()

Good::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .critReset(lambda: "usage" < 70)
        .stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.script import Script

CODE = "TD716"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        if alert.no_recoveries and alert.resets():
            message = "`.noRecoveries()` hides what the resets are for: that a level is left"
            span = alert.said.get("noRecoveries", alert.span)
            yield warning(CODE, message, span, "leave out one of the two")
