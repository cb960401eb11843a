"""`.stdout()`: the event as a line of JSON on the standard output of the run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.alert.event import Published
from tickdiscord.handlers.handler import Binding, Bound, Handler, Reaction
from tickdiscord.handlers.line import Line, lines
from tickdiscord.outbox.request import Request


@dataclass(eq=False)
class Stdout(Handler):
    """Our own: for pipes, and for trying a handler file out."""

    kind: ClassVar[str] = "stdout"
    doc: ClassVar[str] = "Writes the event to the standard output, as one line of JSON."

    def bind(self, binding: Binding) -> Bound:
        return BoundStdout(lines(binding))


@dataclass(frozen=True, slots=True)
class BoundStdout:
    line: Callable[[Published], Line]

    def react(self, published: Published) -> Reaction:
        return Reaction((Request("stdout", "", {"line": self.line(published)}),))
