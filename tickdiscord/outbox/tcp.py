"""Writes events to TCP servers: JSON and a newline, on a connection of its own for each."""

import json
import socket
from dataclasses import dataclass

from tickdiscord.outbox.answers import Again, Delivered, SwitchOff, Verdict
from tickdiscord.outbox.journal import Queue

KIND = "tcp"
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a TCP server listens: `host:port`; an IPv6 address stands in brackets."""

    text: str
    timeout_s: float = TIMEOUT_S

    @property
    def queue(self) -> Queue:
        return Queue(KIND, self.text)

    @property
    def shown(self) -> str:
        return f"the server `{self.text}`"

    @property
    def cure(self) -> str:
        return "correct its address, or start it"

    def host(self) -> str:
        return ""

    def hide(self, text: str) -> str:
        return text

    def performer(self) -> "Writer":
        return Writer(self)

    def parts(self) -> tuple[str, int]:
        """The host and the port.

        Raises:
            ValueError: it is no address.
        """
        host, colon, port = self.text.rpartition(":")
        if not colon or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise ValueError("a port is missing")
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        elif ":" in host:
            raise ValueError("an IPv6 address stands in brackets")
        return host or "localhost", int(port)


class Writer:
    """Writes to one server."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def carry_out(self, body: str) -> Verdict:
        """Write a line. That it was sent is all that can be known: the protocol has no answer."""
        line = str(json.loads(body)["event"])
        try:
            with socket.create_connection(self._address.parts(), self._address.timeout_s) as connection:
                connection.sendall(f"{line}\n".encode("utf-8", "replace"))
        except TimeoutError:
            return Again(f"no connection within {self._address.timeout_s:g} s")
        except OSError as problem:
            return Again(problem.strerror or str(problem))
        except ValueError as problem:
            return SwitchOff(str(problem))
        return Delivered()

    def close(self) -> None:
        """Nothing is kept open."""
