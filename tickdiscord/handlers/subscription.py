"""A handler that listens to a topic, as a handler file defines it."""

from dataclasses import dataclass

from tickdiscord.alert.match import Condition
from tickdiscord.diagnostics import Source, Span
from tickdiscord.handlers.handler import Handler


@dataclass(frozen=True, slots=True, eq=False)
class Subscription:
    """`id` is the handler's own, unique within its topic; `source` is the file it stands in.

    With a `condition` it hears only the events that match.
    """

    id: str
    topic: str
    handler: Handler
    source: Source
    condition: Condition | None = None
    topic_span: Span | None = None
