"""An id that several groups share.

Topics keep one state for an id. Where the groups of an alert share one, the recovery of one host is taken for that of
another, and a new group begins with the level of those before it.

Bad::

    stream|from().measurement('cpu').groupBy('host')|alert()
        .id('cpu is busy')
        .crit(lambda: "usage" > 80)
        .stateChangesOnly()

Good::

    stream|from().measurement('cpu').groupBy('host')|alert()
        .id('cpu of {{ index .Tags "host" }} is busy')
        .crit(lambda: "usage" > 80)
        .stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.script import Script, ancestors
from tickdiscord.lint.shapes import Shape
from tickdiscord.lint.texts import Reads, reads, texts
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.group_by import GroupBy
from tickdiscord.nodes.grouping import Grouping
from tickdiscord.templates import Kind

CODE = "TD717"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        shape = script.shape_at(alert)
        found = next((reads(text) for text in texts(alert, script) if text.kind is Kind.ID), None)
        missing = _missing(shape, _by_all_tags(alert), found) if found else []
        if missing:
            message = f"groups that differ in {' and '.join(missing)} share this id, and so their state"
            yield warning(CODE, message, alert.said.get("id", alert.span), "put `{{ .Group }}` into the id")


def _by_all_tags(alert: Alert) -> bool:
    """Whether the groups are those of `*`."""
    grouping = next((node.grouping for node in ancestors(alert) if isinstance(node, From | GroupBy)), Grouping())
    return "*" in grouping.tags


def _missing(shape: Shape, by_all_tags: bool, found: Reads) -> list[str]:
    """What makes groups, and does not show in the id."""
    if found.everything or found.all_tags or "Group" in found.names:
        return []
    shown = {name for name, _ in found.tags}
    name = ["their measurement"] if shape.by_name and "Name" not in found.names else []
    if shape.group is None:
        return [*name, "their tags"] if by_all_tags and not shown else name
    return [*name, *(f"`{tag}`" for tag in sorted(shape.group - shown))]
