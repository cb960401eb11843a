"""The line of JSON that most handlers make of an event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tickdiscord.alert.encoding import event_json, whole
from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import Diagnostic, warning

if TYPE_CHECKING:
    from tickdiscord.handlers.handler import Binding

NOT_WHOLE = "TD523"


@dataclass(frozen=True, slots=True)
class Line:
    """The line of an event, written when it is asked for: a dry run never asks.

    Kapacitor drops an event with a NaN or an infinite field; here that field is null, and `tell` hears of it.
    """

    published: Published
    tell: Callable[[Diagnostic], None]

    def __str__(self) -> str:
        event = self.published.event
        if not whole(event):
            message = f"`{event.state.id}` has a field that is NaN or infinite, which JSON cannot say: it is null"
            self.tell(warning(NOT_WHOLE, message))
        return event_json(self.published)


def lines(binding: "Binding") -> Callable[[Published], Line]:
    """What makes the lines of a handler."""
    return lambda published: Line(published, binding.trouble)
