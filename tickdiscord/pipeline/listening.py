"""All handlers of a run, whether a rule or a handler file names them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tickdiscord.diagnostics import Source
from tickdiscord.handlers.handler import Handler
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.nodes.alert import Alert
from tickdiscord.pipeline.pipeline import Pipeline


class Listening(NamedTuple):
    """A handler, and the text it stands in."""

    handler: Handler
    source: Source


def listening(pipelines: Sequence[Pipeline], subscriptions: Sequence[Subscription]) -> Iterator[Listening]:
    """Those of the rules in their order, then those of handler files."""
    for pipeline in pipelines:
        for node in pipeline.nodes:
            for handler in node.handlers if isinstance(node, Alert) else ():
                yield Listening(handler, pipeline.source)
    for each in subscriptions:
        yield Listening(each.handler, each.source)
