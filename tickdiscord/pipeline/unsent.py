"""Handlers that name a service to which nothing is sent: what a user has to decide about."""

from collections.abc import Iterator, Sequence

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.handlers.others import Other
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.pipeline.listening import listening
from tickdiscord.pipeline.pipeline import Pipeline

UNSENT = "TD535"
HINT = "`--others ignore`, `log` or `discord[:WORKSPACE]` says what is done instead; `tickdiscord migrate` rewrites it"


def unsent(pipelines: Sequence[Pipeline], subscriptions: Sequence[Subscription]) -> Iterator[Diagnostic]:
    """A warning for each of them, with its place."""
    for handler, source in listening(pipelines, subscriptions):
        if isinstance(handler, Other):
            yield warning(UNSENT, f"tickdiscord sends nothing to {handler.service}", handler.span, HINT, source)
