"""The queue of one destination being emptied, step by step: what is sent when, and what is made of each answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tickdiscord.clock import Clock
from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.outbox.answers import LONGEST_WAIT_S, Again, Dead, Delivered, SwitchOff, Verdict
from tickdiscord.outbox.journal import Letter, Outbox
from tickdiscord.outbox.performer import Performer, Target

SECOND = 1_000_000_000

LONGEST_BACK_OFF_S = 60.0
JITTER = 0.25
"""A back-off is lengthened by up to this share of it, so that senders which failed together do not return together."""

RATE_LIMIT_JITTER_S = 0.25
"""A rate limit's wait is lengthened by up to this much, and never shortened."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one destination's requests in this run, and how many are still to be sent."""

    sent: int = 0
    retried: int = 0
    """Answers after which a request had to wait and be sent again."""
    dead: int = 0
    left: int = 0
    off: str = ""
    """Why it is switched off for this run; empty while it is not."""


class Lane:
    """Sends the requests of one destination strictly in order. Driven by one thread; others may read it or `hold` it.

    `clock` is the wall's, for what outlives the run; `elapsed` gives seconds and never goes back.
    """

    def __init__(
        self,
        target: Target,
        outbox: Outbox,
        performer: Performer,
        *,
        clock: Clock,
        elapsed: Callable[[], float],
        random: Callable[[], float],
        report: Callable[[Diagnostic], None],
        hold_others: Callable[[Target, float], None],
    ) -> None:
        self.target = target
        self.queue = target.queue
        self.tally: Tally = Tally()
        """Without `left`, which the outbox knows."""
        self._outbox = outbox
        self._performer = performer
        self._clock = clock
        self._elapsed = elapsed
        self._random = random
        self._report = report
        self._hold_others = hold_others
        self._due_s = 0.0
        self._failures = 0
        self._latest_id = -1
        self._said_retrying = False

    def step(self) -> float | None:
        """Send one request if that is due.

        Returns how many seconds to wait before the next step, 0 when there may be more to send, None when there is
        nothing to wait for.

        Raises:
            DiagnosticError: TD554 to TD557, when the outbox cannot be read or written.
        """
        if self.tally.off:
            return None
        if self._due_s > self._elapsed():
            return self._left_s()
        letters = self._outbox.pending(self.queue)
        if not letters:
            return None
        letter = letters[0]
        wait_s = self._still_to_wait(letter)
        if wait_s > 0:
            self.hold(wait_s)
        else:
            self._act(letter, self._performer.carry_out(letter.body))
        return None if self.tally.off else self._left_s()

    def hold(self, wait_s: float) -> None:
        """Send nothing for so many seconds."""
        self._due_s = max(self._due_s, self._elapsed() + wait_s)

    def switch_off(self, why: str) -> None:
        """Send nothing more in this run."""
        self.tally = replace(self.tally, off=why)

    def close(self) -> None:
        """Close the connection."""
        self._performer.close()

    def _left_s(self) -> float:
        return max(0.0, self._due_s - self._elapsed())

    def _still_to_wait(self, letter: Letter) -> float:
        """What is left of a wait that an earlier run was told to keep; within a run `_due_s` is the one that counts."""
        if letter.id == self._latest_id:
            return 0.0
        self._latest_id = letter.id
        # Bounded, since the wall clock of the earlier run may have been wrong.
        return min((letter.not_before - self._clock.now()) / SECOND, LONGEST_WAIT_S)

    def _act(self, letter: Letter, answer: Verdict) -> None:
        tally = self.tally
        match answer:
            case Delivered():
                self._outbox.delivered(letter.id)
                self._failures = 0
                self.tally = replace(tally, sent=tally.sent + 1)
            case Again():
                self._wait(letter, answer)
                self.tally = replace(tally, retried=tally.retried + 1)
            case Dead(reason):
                reason = self.target.hide(reason)
                self._outbox.dead(letter.id, reason)
                self._failures = 0
                self.tally = replace(tally, dead=tally.dead + 1)
                self._say(
                    "TD565", f"does not take the alert `{letter.event_id}`: {reason}", "it is kept as a dead letter"
                )
            case SwitchOff(reason):
                reason = self.target.hide(reason)
                self.switch_off(reason)
                self._outbox.retry(letter.id, 0, reason, counted=False)
                self._say(
                    "TD566",
                    f"is switched off for this run: {reason}",
                    f"what it should have got stays in the outbox: {self.target.cure}",
                )

    def _wait(self, letter: Letter, answer: Again) -> None:
        wait_s = 0.0
        if answer.counted:
            self._failures += 1
            wait_s = back_off(self._failures, self._random)
        not_before = 0
        if answer.after_s is not None:
            # Only what the other side asked for outlives the run: after a failure the next run may try at once.
            not_before = self._clock.now() + round(answer.after_s * SECOND)
            wait_s = max(wait_s, answer.after_s + RATE_LIMIT_JITTER_S * self._random())
        reason = self.target.hide(answer.reason)
        self._outbox.retry(letter.id, not_before, reason, counted=answer.counted)
        self.hold(wait_s)
        if answer.everywhere:
            self._hold_others(self.target, wait_s)
        if not self._said_retrying:
            self._said_retrying = True
            self._report(
                warning(
                    "TD567",
                    f"{self.target.shown} cannot be posted to yet: {reason}",
                    hint=f"trying again in {wait_s:.1f} s, and until it succeeds; nothing is lost",
                )
            )

    def _say(self, code: str, message: str, hint: str) -> None:
        self._report(Diagnostic(code, f"{self.target.shown} {message}", hint=hint))


def back_off(failures: int, random: Callable[[], float]) -> float:
    """Seconds to wait after so many failures in a row: 1, 2, 4 … with jitter, at most `LONGEST_BACK_OFF_S`.

    `random` gives a number from 0 up to 1.
    """
    base = 2.0 ** min(failures - 1, 10)
    return min(LONGEST_BACK_OFF_S, base * (1 + JITTER * random()))
