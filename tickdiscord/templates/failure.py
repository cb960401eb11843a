"""What goes wrong while a template is rendered."""

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.templates.tree import Node


class Fault(Exception):
    """Raised by the parts of a template that is being rendered.

    `place` is the number of the node it happened at; `node` a constant in it, if it is that one's fault.
    """

    def __init__(self, place: int, message: str, node: Node | None = None) -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.node = node


class TemplateError(Exception):
    """A template that could not be rendered to its end.

    `message` is in Go's words, `reason` the part of it behind the place; `diagnostic` points into the script, if the
    template came from one, and `written` is what had been written before it failed.
    """

    def __init__(self, message: str, reason: str, diagnostic: Diagnostic, written: str) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.diagnostic = diagnostic
        self.written = written
