"""`.publish('a', 'b')`: the event goes on to other topics, each of which knows its own previous level of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.handlers.handler import Binding, Bound, Handler, Onward, Reaction
from tickdiscord.properties import STRING, arguments


@dataclass(eq=False)
class Publish(Handler):
    """Kapacitor: `publishHandler`, there in handler files only."""

    kind: ClassVar[str] = "publish"
    doc: ClassVar[str] = "Hands the event on to other topics."
    relays: ClassVar[bool] = True

    to: tuple[str, ...] = arguments(STRING, "The topics.", least=1)
    options: ClassVar = {"to": "topics"}

    def topics(self) -> Sequence[str]:
        return self.to

    def problems(self) -> Sequence[Diagnostic]:
        if all(self.to):
            return ()
        return (Diagnostic("TD522", "a topic has a name", self.said.get("to", self.span)),)

    def bind(self, binding: Binding) -> Bound:
        return BoundPublish(self.to)


@dataclass(frozen=True, slots=True)
class BoundPublish:
    to: tuple[str, ...]

    def react(self, published: Published) -> Reaction:
        return Reaction(onward=[Onward(topic, published.event) for topic in self.to])
