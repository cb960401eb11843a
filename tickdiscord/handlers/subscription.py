"""A handler that listens to a topic, as a handler file defines it."""

from dataclasses import dataclass

from tickdiscord.diagnostics import Source
from tickdiscord.handlers.handler import Handler


@dataclass(frozen=True, slots=True, eq=False)
class Subscription:
    """`id` is the handler's own, unique within its topic; `source` is the file it stands in."""

    id: str
    topic: str
    handler: Handler
    source: Source
