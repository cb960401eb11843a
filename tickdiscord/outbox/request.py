"""What is to be sent: made by a handler without touching the network, kept by the outbox, posted by the sender."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One message for one destination.

    `kind` is the handler's (`discord`), `target` what the configuration calls the destination (a workspace, never a
    URL), `body` the JSON that is posted.
    """

    kind: str
    target: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a request the same request when points are read again."""

    lineage: str
    task: str
    node: str
    handler: int
    sequence: int
    """Counts the events of this node, from 1."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request on its way into the outbox; `event_id` is the alert's id, whose order is kept."""

    key: Key
    event_id: str
    request: Request
