"""Two alerts look at the same points with the same conditions.

Each problem makes two messages, and a threshold that is changed in one place goes on in the other. Where two channels
are to hear of it, one alert can have two handlers.

Bad::

    var data = stream|from().measurement('cpu').groupBy('host')
    data|alert().id('a:{{ .Group }}').crit(lambda: "usage" > 80).stateChangesOnly()
    data|alert().id('b:{{ .Group }}').crit(lambda: "usage" > 80).stateChangesOnly()

Good::

    var data = stream|from().measurement('cpu').groupBy('host')
    data|alert().id('a:{{ .Group }}').crit(lambda: "usage" > 80).stateChangesOnly()
    data|alert().id('b:{{ .Group }}').crit(lambda: "iowait" > 20).stateChangesOnly()
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, cast

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lambdas.text import text_of
from tickdiscord.lint.script import Script, ancestors
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.node import Node
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.properties import NodeRef, properties_of
from tickdiscord.syntax import tree

CODE = "TD725"


def check(script: Script) -> Iterator[Diagnostic]:
    earlier: dict[Hashable, tuple[Pipeline, Alert]] = {}
    for pipeline in script.pipelines:
        own = pipeline is script.pipeline
        for alert in (node for node in pipeline.nodes if isinstance(node, Alert) and node.conditions()):
            if own and any(script.outside.properties(node.span) for node in (alert, *ancestors(alert))):
                continue
            where, first = earlier.setdefault(_watches(alert, pipeline), (pipeline, alert))
            if own and first is not alert:
                line = where.source.place(first.span.start)[0]
                place = f"in line {line}" if where is pipeline else f"in {where.source.name}, line {line}"
                message = f"the alert {place} looks at the same points with the same conditions"
                yield warning(CODE, message, alert.span, "one alert can have several handlers: delete one of the two")
        if own:
            return


def _watches(alert: Alert, pipeline: Pipeline) -> Hashable:
    """What an alert looks at, and what for: all that makes its levels, and nothing of what it says."""
    levels = [("levels", level, text_of(each)) for level, each in sorted(alert.conditions().items())]
    resets = [("resets", level, text_of(each)) for level, each in sorted(alert.resets().items())]
    before = tuple(_described(node, alert) for node in (alert, *ancestors(alert)))
    return (*levels, *resets, alert.all, before, frozenset(map(str, pipeline.dbrps)))


def _described(node: Node, alert: Alert) -> Hashable:
    """A node with its properties and its parents, as far as they say what its points are."""
    nodes = [alert, *ancestors(alert)]
    parents = tuple(nodes.index(parent) for parent in node.parents)
    if node is alert:
        return ("alert", parents)
    properties: Mapping[str, Any] = {
        name: getattr(node, each.attribute) for name, each in properties_of(type(node)).items()
    }
    return (node.kind, parents, tuple(_plain(each, nodes) for each in properties.values()))


def _plain(value: Any, nodes: list[Node]) -> Hashable:
    match value:
        case tree.Lambda():
            return text_of(value)
        case NodeRef(node=node):
            return ("node", nodes.index(cast("Node", node)) if node in nodes else id(node))
        case tuple():
            return tuple(_plain(each, nodes) for each in cast("tuple[Any, ...]", value))
        case _:
            return (type(value).__name__, repr(value))
