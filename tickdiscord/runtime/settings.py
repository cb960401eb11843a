"""What a run is to be like, apart from its rules and its points."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from tickdiscord.alert.instrument import Instrument
from tickdiscord.alert.silences import Silence
from tickdiscord.clock import Clock, StreamClock, WallClock
from tickdiscord.handlers.endpoints import Endpoint
from tickdiscord.handlers.instead import Instead
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.nodes.step import OnError
from tickdiscord.outbox.journal import Queue
from tickdiscord.outbox.performer import Destination


@dataclass(frozen=True, slots=True)
class Settings:
    """`zone` is where `hour()` and its kin live; `on_error` is what a failing lambda means to an alert."""

    workspaces: Workspaces = field(default_factory=Workspaces)
    subscriptions: Sequence[Subscription] = ()
    clock: Clock = field(default_factory=lambda: StreamClock(WallClock().now()))
    zone: datetime.tzinfo = datetime.UTC
    random: Random = field(default_factory=Random)
    on_error: OnError = "ok"
    expected_groups: tuple[str, ...] = ()
    """Ids of groups whose points are counted even before the first one has come."""
    most_groups: int | None = None
    """More groups in a task than this end the run, when what has come is done with."""
    lineage: str = ""
    """What the keys of requests begin with: runs that go on from one another share it."""
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, Endpoint])
    """The `[[httppost]]` sections of the configuration, by name."""
    instead: Instead | None = None
    """What is done for services that nothing is sent to; None, as in dry runs, is nothing."""
    silences: Sequence[Silence] = ()
    """What holds events back from handlers for a time."""
    instrument: Instrument | None = None
    """What looks into the run."""
    destinations: dict[Queue, Destination] = field(default_factory=dict[Queue, Destination])
    """Where the requests of this run's handlers and nodes go, besides Discord; filled when the engine is made."""

    def takes(self, destination: Destination) -> None:
        """Note where requests go to."""
        self.destinations[destination.queue] = destination
