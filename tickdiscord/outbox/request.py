"""What is to be sent: made by a handler without touching the network, kept by the outbox, posted by the sender."""

from collections.abc import Mapping

import msgspec


class Request(msgspec.Struct, frozen=True):
    """One message for one destination.

    `kind` is the handler's (`discord`), `target` what the configuration calls the destination (a workspace, never a
    URL), `body` the JSON that is posted.
    """

    kind: str
    target: str
    body: Mapping[str, object]


class Key(msgspec.Struct, frozen=True):
    """What makes a request the same request when points are read again."""

    lineage: str
    task: str
    node: str
    handler: int
    sequence: int
    """Counts the events of this node, from 1."""


class Entry(msgspec.Struct, frozen=True):
    """A request on its way into the outbox; `event_id` is the alert's id, whose order is kept."""

    key: Key
    event_id: str
    request: Request
