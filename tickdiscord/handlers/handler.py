"""What every handler is: declared properties, bound to the settings once, then a pure function of an event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import NOWHERE, Diagnostic, Source, Span
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.outbox.request import Request


class Bound(Protocol):
    """A handler with its settings, ready for events."""

    def requests(self, published: Published) -> Sequence[Request]:
        """What is to be sent because of an event; nothing is sent here."""
        ...


@dataclass(frozen=True, slots=True)
class Binding:
    """What a handler is bound to. `trouble` takes what goes wrong with a single event; the event goes on."""

    workspaces: Workspaces
    trouble: Callable[[Diagnostic], None]
    source: Source | None = None
    """Where the handler is written."""


@dataclass(eq=False)
class Handler:
    """The base of all handlers; subclasses declare their properties as `tickdiscord.properties` says.

    In a script they are properties of an alert node, in a handler file they stand under `options:`.
    """

    kind: ClassVar[str] = ""
    doc: ClassVar[str] = ""

    span: Span = field(default=NOWHERE, init=False, repr=False)
    said: dict[str, Span] = field(default_factory=dict[str, Span], init=False, repr=False)
    """Where each property is said."""

    def bind(self, binding: Binding) -> Bound:
        """The handler ready for events.

        Raises:
            DiagnosticError: a workspace that is not there, a template that does not parse, a path that is none.
        """
        raise NotImplementedError(self.kind)
