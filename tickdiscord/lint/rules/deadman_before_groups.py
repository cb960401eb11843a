"""What a deadman with groups says before any group has appeared.

Groups are known once their first point has come. Until then there is one group without tags, of which no point comes:
after two intervals without any point the deadman fires for it, with `nil` in place of the group, and there is no
recovery of it later, because it vanishes with the first real group. (Kapacitor does the same.) A host that never sends
anything is never missed: `--expect-groups` names those that should be there.

Bad::

    stream|from().measurement('cpu').groupBy('host')|deadman(0.0, 5m).stateChangesOnly()

Good::

    // tickdiscord: ignore TD723
    stream|from().measurement('cpu').groupBy('host')|deadman(0.0, 5m).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, Severity
from tickdiscord.lint.script import Script, watched

CODE = "TD723"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        node = watched(alert)
        if node is not None and (script.shapes[node].group != frozenset() or script.shapes[node].by_name):
            message = "until the first point comes, this deadman fires once for a group `nil`, which never recovers"
            hint = "a group that never sent a point is not missed: name those that should be there with --expect-groups"
            yield Diagnostic(CODE, message, alert.span, hint, Severity.INFO)
