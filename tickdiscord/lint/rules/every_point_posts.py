"""A stream alert that posts to Discord at every point, not only when the level changes.

Without `.stateChangesOnly()` each point that is not OK makes a message. With ten points a minute that is a channel
nobody reads, and soon Discord's rate limit.

Bad::

    stream|from().measurement('cpu')|alert().crit(lambda: "usage" > 80).discord()

Good::

    stream|from().measurement('cpu')|alert().crit(lambda: "usage" > 80).stateChangesOnly(1h).discord()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.handlers.discord import Discord
from tickdiscord.lint.script import Script, ancestors, is_deadman
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.change_detect import ChangeDetect
from tickdiscord.nodes.node import Edge

CODE = "TD710"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        if alert.state_changes_only is None and alert.edge is Edge.STREAM and _posts_all(alert):
            what = "interval without points" if is_deadman(alert) else "point that is not OK"
            hint = "add `.stateChangesOnly()`; `.stateChangesOnly(1h)` repeats a level that lasts"
            yield warning(CODE, f"every {what} is posted to Discord", alert.span, hint)


def _posts_all(alert: Alert) -> bool:
    return any(isinstance(each, Discord) and not each.changes_only for each in alert.handlers) and not any(
        isinstance(node, ChangeDetect) for node in ancestors(alert)
    )
