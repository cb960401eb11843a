"""`.tcp('host:port')`: the event as a line of JSON to a server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.handlers.handler import Binding, Bound, Handler, Reaction
from tickdiscord.handlers.line import Line, lines
from tickdiscord.outbox.request import Request
from tickdiscord.outbox.tcp import Address
from tickdiscord.properties import STRING, argument

WRONG = "TD527"


@dataclass(eq=False)
class Tcp(Handler):
    """Kapacitor: `tcpHandler`."""

    kind: ClassVar[str] = "tcp"
    doc: ClassVar[str] = "Writes the event as a line of JSON to a TCP server."

    address: str = argument(STRING, "The server, as host:port.")

    def problems(self) -> Sequence[Diagnostic]:
        try:
            Address(self.address).parts()
        except ValueError as problem:
            message = f"`{self.address}` is no address: {problem}"
            place = self.said.get("address", self.span)
            return (Diagnostic(WRONG, message, place, "write it as 'localhost:7777'"),)
        return ()

    def bind(self, binding: Binding) -> Bound:
        address = Address(self.address)
        binding.destination(address)
        return BoundTcp(address.queue.target, lines(binding))


@dataclass(frozen=True, slots=True)
class BoundTcp:
    """A TCP handler of a known server."""

    target: str
    line: Callable[[Published], Line]

    def react(self, published: Published) -> Reaction:
        return Reaction((Request("tcp", self.target, {"event": str(self.line(published))}),))
