"""The clock of a run as the command line has it: whose time it is, when the rules begin, how far it runs on."""

from dataclasses import dataclass
from typing import Protocol

from tickdiscord.cli.input import Waiting
from tickdiscord.cli.interrupts import Interrupts
from tickdiscord.cli.moments import NO_TIME, end, moment
from tickdiscord.cli.waiting import WaitingStream
from tickdiscord.clock import Clock, StreamClock, WallClock
from tickdiscord.diagnostics import error
from tickdiscord.points.precision import Precision
from tickdiscord.runtime.engine import Engine

SECOND = 1_000_000_000
LONGEST_WAIT_S = 3600.0


class Options(Protocol):
    """What of the command line says what time it is."""

    @property
    def clock(self) -> str: ...
    @property
    def since(self) -> str | None: ...
    @property
    def until(self) -> str | None: ...
    @property
    def precision(self) -> str: ...


@dataclass(frozen=True, slots=True)
class RunClock:
    """`begin` is when the rules begin, in nanoseconds, None for at the first point; `until` as it was written."""

    clock: Clock
    begin: int | None
    until: str | None
    precision: Precision

    def waiting(self, engine: Engine, interrupts: Interrupts) -> Waiting | None:
        """What lets the wall's clock tick while stdin is silent; the stream's clock has no need of it."""
        clock = self.clock
        if not isinstance(clock, WallClock):
            return None

        def wait_s() -> float:
            due = engine.due
            return LONGEST_WAIT_S if due is None else min(LONGEST_WAIT_S, max(0, due - clock.now()) / SECOND)

        def tick() -> None:
            with interrupts.working():
                engine.advance(clock.now())

        return lambda stream: WaitingStream(stream, wait_s, tick)

    def start(self, engine: Engine) -> None:
        """Let the rules begin, if they do not wait for the first point."""
        if self.begin is not None:
            engine.begin(self.begin)

    def run_on(self, engine: Engine) -> None:
        """The points have ended: let the clock run on as far as it shall."""
        if self.until is not None:
            engine.advance(end(self.until, "--until", self.precision, self.clock.now()))


def run_clock(options: Options) -> RunClock:
    """The clock that a command line asks for.

    Raises:
        DiagnosticError: something it says is no time, or goes with another clock.
    """
    precision = Precision.named(options.precision)
    if options.clock == "wall":
        if options.since is not None or options.until is not None:
            raise error(NO_TIME, "--since and --until go with the stream's clock, not with --clock wall")
        wall = WallClock()
        return RunClock(wall, wall.now(), None, precision)
    if options.until is not None:
        end(options.until, "--until", precision, 0)
    begin = None if options.since is None else moment(options.since, "--since", precision)
    return RunClock(StreamClock(WallClock().now()), begin, options.until, precision)
