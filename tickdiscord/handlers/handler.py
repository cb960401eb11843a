"""What every handler is: declared properties, bound to the settings once, then a pure function of an event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

import msgspec

from tickdiscord.alert.event import Event, Published
from tickdiscord.alert.instrument import Instrument, Owner, Watched
from tickdiscord.clock import Clock, StreamClock
from tickdiscord.diagnostics import NOWHERE, Diagnostic, Source, Span
from tickdiscord.handlers.endpoints import Endpoint
from tickdiscord.handlers.instead import Instead
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.outbox.performer import Destination
from tickdiscord.outbox.request import Request


class Onward(msgspec.Struct, frozen=True):
    """An event that a handler hands on to a topic."""

    topic: str
    event: Event


class Reaction(msgspec.Struct, frozen=True):
    """What a handler makes of an event: requests to be carried out, and events for other topics."""

    requests: Sequence[Request] = ()
    onward: Sequence[Onward] = ()


NOTHING = Reaction()


class Bound(Protocol):
    """A handler with its settings, ready for events."""

    def react(self, published: Published) -> Reaction:
        """What is to be done because of an event; nothing is done here."""
        ...


@runtime_checkable
class Timed(Protocol):
    """A bound handler that keeps events and acts on the clock. Times are nanoseconds."""

    def start(self, now: int) -> None:
        """The run begins; one that goes on from a snapshot just goes on."""
        ...

    @property
    def due(self) -> int | None:
        """When it wants to act next, None before the run has begun."""
        ...

    def tick(self, now: int) -> Reaction:
        """The clock stands at `due`, and nothing but ticks happens until `now`."""
        ...

    def end(self, now: int) -> Reaction:
        """The input has ended: what is still kept has to leave."""
        ...

    def snapshot(self) -> object:
        """Its state, of what JSON has."""
        ...

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` gave."""
        ...


@dataclass(frozen=True, slots=True)
class Binding:
    """What a handler is bound to. `trouble` takes what goes wrong with a single event; the event goes on."""

    workspaces: Workspaces
    trouble: Callable[[Diagnostic], None]
    source: Source | None = None
    """Where the handler is written."""
    name: str = ""
    """The id of a handler out of a file, else the name of its node."""
    clock: Clock = field(default_factory=lambda: StreamClock(0))
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, Endpoint])
    """The `[[httppost]]` sections of the configuration, by name."""
    instead: Instead | None = None
    """What is done for handlers that nothing is sent for; None if nobody has said."""
    destination: Callable[[Destination], None] = lambda _: None
    """Is told where the requests of the handler go to."""
    instrument: Instrument | None = None
    """What looks into the run."""

    def watched(self, label: str, span: Span) -> Watched | None:
        """What is to see a template of the handler; `label` names it, `span` is the handler's place."""
        if self.instrument is None or self.source is None:
            return None
        return Watched(self.instrument, Owner(self.name, label, self.source, span))


@dataclass(eq=False)
class Handler:
    """The base of all handlers; subclasses declare their properties as `tickdiscord.properties` says.

    In a script they are properties of an alert node, in a handler file they stand under `options:`.
    """

    kind: ClassVar[str] = ""
    doc: ClassVar[str] = ""
    in_files: ClassVar[str] = ""
    """The kind's name in handler files, where that is another."""
    options: ClassVar[Mapping[str, str]] = {}
    """The names of options in handler files, by the property's, where they are not its words joined by `-`."""
    items: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Properties whose option is a list of mappings: the keys, in the order of the property's arguments."""

    relays: ClassVar[bool] = False
    """Whether it does nothing but hand the very event on, which no silence keeps it from."""

    span: Span = field(default=NOWHERE, init=False, repr=False)
    said: dict[str, Span] = field(default_factory=dict[str, Span], init=False, repr=False)
    """Where each property is said."""

    def topics(self) -> Sequence[str]:
        """The topics it hands events on to."""
        return ()

    def problems(self) -> Sequence[Diagnostic]:
        """What is wrong with it as a whole, whatever the settings."""
        return ()

    def bind(self, binding: Binding) -> Bound:
        """The handler ready for events.

        Raises:
            DiagnosticError: a workspace that is not there, a template that does not parse, a path that is none.
        """
        raise NotImplementedError(self.kind)
