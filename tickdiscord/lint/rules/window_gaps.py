"""Windows that are shorter than the time between them: the points in between are never looked at.

Bad::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(1m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly()

Good::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(1m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.gotext import duration_text
from tickdiscord.lint.script import Script
from tickdiscord.nodes.window import Window

CODE = "TD712"


def check(script: Script) -> Iterator[Diagnostic]:
    for node in script.pipeline.nodes:
        if not isinstance(node, Window) or script.outside.properties(node.span):
            continue
        if node.period and node.period < node.every:
            period, every = duration_text(node.period), duration_text(node.every)
            message = f"a window of {period} every {every} leaves out {duration_text(node.every - node.period)} of it"
            yield warning(
                CODE, message, node.said.get("every", node.span), "the period is at least as long as `.every()`"
            )
        elif node.period_count and node.period_count < node.every_count:
            message = f"a window of {node.period_count} points every {node.every_count} leaves out the others"
            hint = "the period is at least as long as `.everyCount()`"
            yield warning(CODE, message, node.said.get("everyCount", node.span), hint)
