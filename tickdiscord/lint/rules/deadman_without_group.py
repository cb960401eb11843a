"""A deadman that watches all points together.

Without a grouping it fires only when nothing comes any more from anywhere: one host that is alive hides all others
that are dead.

Bad::

    stream|from().measurement('cpu')|deadman(0.0, 5m).stateChangesOnly()

Good::

    // tickdiscord: ignore TD723
    stream|from().measurement('cpu').groupBy('host')|deadman(0.0, 5m).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.script import Script, watched

CODE = "TD711"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        node = watched(alert)
        if node is not None and script.shapes[node].group == frozenset() and not script.shapes[node].by_name:
            message = "the deadman watches all points together: one host that is alive hides the others"
            yield warning(CODE, message, alert.span, "group the points: `.groupBy('host')`")
