"""The outbox of a run, and the threads that empty it."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from tickdiscord.cli.terminal import Terminal
from tickdiscord.config.kapacitor import Configuration
from tickdiscord.outbox.journal import Outbox, Queue
from tickdiscord.outbox.performer import Destination
from tickdiscord.outbox.sender import Sender
from tickdiscord.outbox.webhook import KIND


class Sending:
    """The outbox and the sender of a run; without a path there is neither, as in a dry run."""

    def __init__(
        self,
        path: Path | None,
        configuration: Configuration,
        destinations: Mapping[Queue, Destination],
        terminal: Terminal,
        stack: ExitStack,
    ) -> None:
        """Open them; they are closed with the stack.

        Raises:
            DiagnosticError: the outbox cannot be opened.
        """
        self.path = path
        self.outbox: Outbox | None = None
        self._sender: Sender | None = None
        self._destinations = destinations
        webhooks = configuration.workspaces.webhooks()
        self._workspaces = [Queue(KIND, webhook.workspace) for webhook in webhooks]
        if path is not None:
            self.outbox = stack.enter_context(Outbox(path))
            self._sender = Sender(self.outbox, webhooks, destinations=destinations, on_trouble=terminal.tell)
            stack.callback(self._sender.stop)

    def start(self) -> None:
        """Begin with what earlier runs have left."""
        if self._sender is not None:
            self._sender.start()

    def wake(self) -> None:
        """Say that the outbox has got something."""
        if self._sender is not None:
            self._sender.wake()

    def drain(self, timeout_s: float) -> None:
        """Wait until everything is sent, as long as that makes sense within the time."""
        if self._sender is not None:
            self._sender.drain(timeout_s)

    def counts(self) -> tuple[int, int, int]:
        """How many requests of this run's destinations were sent in it, how many wait, and how many are refused."""
        if self._sender is None:
            return 0, 0, 0
        tallies = self._sender.statistics().queues
        mine = [tallies[queue] for queue in (*self._workspaces, *self._destinations) if queue in tallies]
        return sum(each.sent for each in mine), sum(each.left for each in mine), sum(each.dead for each in mine)
