"""Which alerts of a run act on one another, over branches and tasks, and what that asks of the order of things."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tickdiscord.diagnostics import Diagnostic, did_you_mean, warning
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.inlets import ancestors
from tickdiscord.nodes.node import Node
from tickdiscord.pipeline.pipeline import Pipeline

NOBODY = "TD195"


@dataclass(frozen=True, slots=True)
class Interaction:
    """`turns` are the alerts that take turns, row by row; with `one_by_one` all nodes must see one point at a time."""

    turns: Collection[Node]
    one_by_one: bool


def interaction(pipelines: Sequence[Pipeline], filled: Collection[str]) -> Interaction:
    """What alerts share: a topic, so that each sees what the others said of an id, or inhibition.

    `filled` are the topics that handlers fill, which they do when everything else is done with a point.
    """
    nodes = [node for pipeline in pipelines for node in pipeline.nodes]
    alerts = [node for node in nodes if isinstance(node, Alert)]
    topics = Counter(alert.topic for alert in alerts if alert.topic)
    inhibition = any(alert.inhibit for alert in alerts)
    turns = frozenset(alert for alert in alerts if topics[alert.topic] > 1 or (inhibition and alert.inhibits))
    # What comes of a turn comes late: too late for another turn, or for a node that puts several branches in order.
    late = any((node in turns or len(node.parents) > 1) and not turns.isdisjoint(ancestors(node)) for node in nodes)
    if late or any(alert.topic in filled for alert in alerts):
        return Interaction((), one_by_one=True)
    return Interaction(turns, one_by_one=False)


def unanswered(pipelines: Sequence[Pipeline]) -> Iterator[Diagnostic]:
    """Warnings about alerts that inhibit a category which no alert of the run is in."""
    alerts = [(pipeline, node) for pipeline in pipelines for node in pipeline.nodes if isinstance(node, Alert)]
    known = {alert.category for _, alert in alerts if alert.category}
    for pipeline, alert in alerts:
        for category, *_ in alert.inhibit:
            if category not in known:
                message = f"no alert is in the category `{category}`, so that there is nothing to inhibit"
                hint = did_you_mean(category, known) or "rules that inhibit one another belong into one run"
                yield warning(NOBODY, message, alert.said.get("inhibit"), hint, pipeline.source)
