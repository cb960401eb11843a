"""A template reads a tag that the point does not have any more.

Behind a window and a function of InfluxQL, and behind a join, a point has only the tags it is grouped by. A tag that
is not there shows as nothing, or as `<no value>`.

Bad::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly().message('{{ index .Tags "cpu" }} is busy')

Good::

    stream
        |from().measurement('cpu').groupBy('host', 'cpu')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly().message('{{ index .Tags "cpu" }} is busy')
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, did_you_mean
from tickdiscord.lint.script import Script
from tickdiscord.lint.texts import reads, texts
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.node import Edge

CODE = "TD713"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        tags = _tags(alert, script)
        if tags is None:
            continue
        for text in texts(alert, script):
            for name, span in reads(text).tags:
                if name not in tags:
                    what = f"only the tags {', '.join(f'`{tag}`' for tag in sorted(tags))}" if tags else "no tags"
                    hint = did_you_mean(name, tags) or f"group by it: `.groupBy('{name}')`"
                    yield text.warning(CODE, f"there is no tag `{name}` here: the points have {what}", span, hint)


def _tags(alert: Alert, script: Script) -> frozenset[str] | None:
    """The tags that templates see; of a batch those of its group."""
    shape = script.shape_at(alert)
    return shape.group if alert.edge is Edge.BATCH else shape.tags
