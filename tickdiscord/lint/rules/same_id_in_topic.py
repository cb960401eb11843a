"""Two alerts give equal ids to one topic.

A topic keeps one state for an id: the OK of one alert is taken for the recovery of the other, and with
`.stateChangesOnly()` neither says what it should.

Bad::

    var data = stream|from().measurement('cpu').groupBy('host')
    data|alert().topic('cpu').crit(lambda: "usage" > 80).stateChangesOnly()
    data|alert().topic('cpu').crit(lambda: "iowait" > 20).stateChangesOnly()

Good::

    var data = stream|from().measurement('cpu').groupBy('host')
    data|alert().topic('cpu').id('usage:{{ .Group }}').crit(lambda: "usage" > 80).stateChangesOnly()
    data|alert().topic('cpu').id('iowait:{{ .Group }}').crit(lambda: "iowait" > 20).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.script import Script, ancestors
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.join import Join
from tickdiscord.nodes.union import Union
from tickdiscord.pipeline.pipeline import Pipeline

CODE = "TD718"


def check(script: Script) -> Iterator[Diagnostic]:
    earlier: list[tuple[Alert, Pipeline]] = []
    for pipeline in script.pipelines:
        for node in pipeline.nodes:
            if not isinstance(node, Alert) or not node.topic:
                continue
            if pipeline is script.pipeline and not script.outside.properties(node.span) & {"topic", "id"}:
                yield from _clash(node, pipeline, earlier)
            earlier.append((node, pipeline))
        if pipeline is script.pipeline:
            return


def _clash(alert: Alert, pipeline: Pipeline, earlier: list[tuple[Alert, Pipeline]]) -> Iterator[Diagnostic]:
    for other, where in earlier:
        apart = where is not pipeline and ".TaskName" in alert.id
        if other.topic == alert.topic and other.id == alert.id and not apart and _meet(alert, other):
            line = where.source.place(other.span.start)[0]
            place = f"line {line}" if where is pipeline else f"{where.source.name}, line {line}"
            message = f"the alert in {place} gives the topic `{alert.topic}` equal ids: they share their state"
            yield warning(CODE, message, alert.said.get("id", alert.span), "give each an `.id()` of its own")
            return


def _meet(alert: Alert, other: Alert) -> bool:
    """Whether points of one name can come to both, as far as the id depends on it."""
    if ".Name" not in alert.id:
        return True
    one, two = _measurements(alert), _measurements(other)
    return not one or not two or bool(one & two)


def _measurements(alert: Alert) -> set[str]:
    """The names that the points may have; empty where that is not known."""
    before = ancestors(alert)
    if any(
        (isinstance(node, Join) and node.stream_name) or (isinstance(node, Union) and node.rename) for node in before
    ):
        return set()
    names = {node.measurement for node in before if isinstance(node, From)}
    return set() if "" in names else names
