"""Empties the outbox while the points are read: a thread for each destination, so that none waits for another."""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from tickdiscord.clock import Clock, WallClock, elapsed
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, warning
from tickdiscord.outbox.journal import Outbox, Queue
from tickdiscord.outbox.lane import Lane, Tally
from tickdiscord.outbox.performer import Destination, Performer, Target
from tickdiscord.outbox.post import TIMEOUT_S, Poster
from tickdiscord.outbox.webhook import KIND, Webhook, named

PATIENCE_S = 2.0
"""How long `stop` waits for a request that is on its way; its answer saves sending it a second time."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of a sender at one moment; destinations that only the outbox knows are in it too."""

    queues: Mapping[Queue, Tally]

    @property
    def workspaces(self) -> Mapping[str, Tally]:
        """The Discord workspaces among them, by name."""
        return {queue.target: tally for queue, tally in self.queues.items() if queue.kind == KIND}

    @property
    def total(self) -> Tally:
        """All of them together."""
        total = Tally()
        for each in self.queues.values():
            total = Tally(
                total.sent + each.sent, total.retried + each.retried, total.dead + each.dead, total.left + each.left
            )
        return total

    @property
    def left(self) -> int:
        """How many requests are still to be sent."""
        return self.total.left


@dataclass(slots=True)
class _Worker:
    """A lane with its thread. The sender's condition guards the last two."""

    lane: Lane
    thread: threading.Thread | None = None
    seen: int = -1
    """The last wake-up it has looked after."""
    due_s: float | None = None
    """When it goes on by itself; None when it has nothing to do."""


@dataclass(slots=True)
class _State:
    stopping: bool = False
    wakes: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)


class Sender:
    """Carries out what is in the outbox, the oldest of each destination first, until it is stopped.

    `destinations` are those that are no webhooks; they may be filled in until the start.

    `on_trouble` is called from the sender's threads, one call at a time, with what a user should know: TD565 to TD569.
    """

    def __init__(
        self,
        outbox: Outbox,
        webhooks: Sequence[Webhook],
        *,
        on_trouble: Callable[[Diagnostic], None],
        destinations: Mapping[Queue, Destination] | None = None,
        clock: Clock | None = None,
        random: Callable[[], float] = random.random,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._outbox = outbox
        self._on_trouble = on_trouble
        self._reporting = threading.Lock()
        self._state = _State()
        self._destinations: Mapping[Queue, Destination] = {} if destinations is None else destinations
        self._clock = clock or WallClock()
        self._random = random
        self._workers = [self._worker(webhook, Poster(webhook, timeout_s)) for webhook in webhooks]

    def _worker(self, target: Target, performer: Performer) -> _Worker:
        return _Worker(
            Lane(
                target,
                self._outbox,
                performer,
                clock=self._clock,
                elapsed=elapsed,
                random=self._random,
                report=self._report,
                hold_others=self._hold_others,
            )
        )

    def start(self) -> None:
        """Begin with what earlier runs have left.

        Raises:
            DiagnosticError: TD554 to TD557, when the outbox cannot be read.
        """
        self._workers += [self._worker(each, each.performer()) for each in self._destinations.values()]
        configured = {worker.lane.queue for worker in self._workers}
        for queue, count in self._outbox.waiting().items():
            if queue not in configured:
                self._report(_nowhere_to_send(queue, count))
        for worker in self._workers:
            name = f"tickdiscord sender {worker.lane.queue.target}"
            worker.thread = threading.Thread(target=self._work, args=(worker,), name=name, daemon=True)
            worker.thread.start()

    def wake(self) -> None:
        """Say that something was put into the outbox."""
        state = self._state
        with state.changed:
            state.wakes += 1
            state.changed.notify_all()

    def drain(self, timeout_s: float) -> bool:
        """Wait until everything is sent, or until nothing more can be within the time; returns whether nothing is left.

        May be interrupted (Ctrl-C) without harm. What is left stays in the outbox.

        Raises:
            DiagnosticError: TD554 to TD557, when the outbox cannot be read.
        """
        deadline_s = elapsed() + timeout_s
        self.wake()
        with self._state.changed:
            while not all(self._settled(worker, deadline_s) for worker in self._workers):
                left_s = deadline_s - elapsed()
                if left_s <= 0:
                    break
                self._state.changed.wait(left_s)
        return self.statistics().left == 0

    def stop(self, patience_s: float = PATIENCE_S) -> None:
        """End the threads. A request on its way is waited for; if it takes too long it stays in the outbox.

        May be called more than once.
        """
        state = self._state
        with state.changed:
            state.stopping = True
            state.changed.notify_all()
        deadline_s = elapsed() + patience_s
        for worker in self._workers:
            if worker.thread is not None:
                worker.thread.join(max(0.0, deadline_s - elapsed()))

    def statistics(self) -> Statistics:
        """The figures of this moment.

        Raises:
            DiagnosticError: TD554 to TD557, when the outbox cannot be read.
        """
        tallies = {worker.lane.queue: worker.lane.tally for worker in self._workers}
        for queue, count in self._outbox.waiting().items():
            tallies[queue] = replace(tallies.get(queue, Tally()), left=count)
        return Statistics(tallies)

    def _settled(self, worker: _Worker, deadline_s: float) -> bool:
        if worker.thread is None or not worker.thread.is_alive():
            return True
        return worker.seen == self._state.wakes and (worker.due_s is None or worker.due_s > deadline_s)

    def _work(self, worker: _Worker) -> None:
        try:
            while self._turn(worker):
                pass
        except DiagnosticError as problem:
            self._give_up(worker, problem.diagnostics)
        except Exception as problem:  # the top of a thread: anything else would be a traceback on the user's terminal
            target = worker.lane.target
            message = f"{target.shown} gets nothing more in this run: {target.hide(repr(problem))}"
            hint = "this is a mistake in tickdiscord, please report it; what was not sent stays in the outbox"
            self._give_up(worker, [Diagnostic("TD568", message, hint=hint)])
        finally:
            worker.lane.close()

    def _turn(self, worker: _Worker) -> bool:
        """One step and the wait behind it; returns whether to go on."""
        state = self._state
        with state.changed:
            wakes = state.wakes
            if state.stopping:
                return False
        wait_s = worker.lane.step()
        with state.changed:
            worker.due_s = None if wait_s is None else elapsed() + wait_s
            worker.seen = wakes
            state.changed.notify_all()
            if wait_s != 0 and wakes == state.wakes and not state.stopping:
                state.changed.wait(wait_s)
        return True

    def _give_up(self, worker: _Worker, why: Sequence[Diagnostic]) -> None:
        # Once stopping, the owner may have closed the outbox under a request that took too long.
        if not self._state.stopping:
            for diagnostic in why:
                self._report(diagnostic)
            worker.lane.switch_off(why[0].message)
        with self._state.changed:
            worker.due_s = None
            worker.seen = self._state.wakes
            self._state.changed.notify_all()

    def _hold_others(self, target: Target, wait_s: float) -> None:
        for worker in self._workers:
            if worker.lane.target.host() == target.host():
                worker.lane.hold(wait_s)

    def _report(self, diagnostic: Diagnostic) -> None:
        # A closed stderr must not end the sending.
        with self._reporting, suppress(OSError, ValueError):
            self._on_trouble(diagnostic)


def _nowhere_to_send(queue: Queue, count: int) -> Diagnostic:
    requests = "1 request" if count == 1 else f"{count} requests"
    if queue.kind == KIND:
        return warning(
            "TD569",
            f"the outbox holds {requests} for {named(queue.target)}, which the configuration does not have",
            hint="add a `[[discord]]` section with this workspace, and they are sent",
        )
    return warning(
        "TD569",
        f"the outbox holds {requests} for the `{queue.kind}` handler of {queue.target}, which no rule or file has",
        hint="they are carried out by a run with the rules and handler files that made them",
    )
