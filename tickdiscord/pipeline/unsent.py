"""Handlers that name a service to which nothing is sent: what a user has to decide about."""

from collections.abc import Iterator, Sequence

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.handlers.others import Other
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.nodes.alert import Alert
from tickdiscord.pipeline.pipeline import Pipeline

UNSENT = "TD535"
HINT = "`--others ignore`, `log` or `discord[:WORKSPACE]` says what is done instead; `tickdiscord migrate` rewrites it"


def unsent(pipelines: Sequence[Pipeline], subscriptions: Sequence[Subscription]) -> Iterator[Diagnostic]:
    """A warning for each of them, with its place."""
    for pipeline in pipelines:
        for node in pipeline.nodes:
            for handler in node.handlers if isinstance(node, Alert) else ():
                if isinstance(handler, Other):
                    message = f"tickdiscord sends nothing to {handler.service}"
                    yield warning(UNSENT, message, handler.span, HINT, pipeline.source)
    for each in subscriptions:
        if isinstance(each.handler, Other):
            message = f"tickdiscord sends nothing to {each.handler.service}"
            yield warning(UNSENT, message, each.handler.span, HINT, each.source)
