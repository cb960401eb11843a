"""Where requests go to, and who carries them out there: what every kind of destination has in common."""

from typing import Protocol

from tickdiscord.outbox.answers import Verdict
from tickdiscord.outbox.journal import Queue


class Performer(Protocol):
    """Carries out the requests of one destination, one at a time. Used by one thread at a time."""

    def carry_out(self, body: str) -> Verdict:
        """Carry out a request, given as the JSON that is in the outbox, and say what became of it."""
        ...

    def close(self) -> None:
        """Let go of what is kept open; the next request opens it anew."""
        ...


class Target(Protocol):
    """What a lane has to know of the destination that it serves."""

    @property
    def queue(self) -> Queue:
        """Under which kind and name the outbox keeps its requests."""
        ...

    @property
    def shown(self) -> str:
        """How messages call it."""
        ...

    @property
    def cure(self) -> str:
        """What a user can do when nothing is taken there."""
        ...

    def host(self) -> str:
        """The server, which limits that hold for the sender's address are shared on; empty where there is none."""
        ...

    def hide(self, text: str) -> str:
        """The text without what is secret about the destination."""
        ...


class Destination(Target, Protocol):
    """A destination that knows how its requests are carried out."""

    def performer(self) -> Performer:
        """Who carries them out."""
        ...
