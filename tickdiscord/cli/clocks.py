"""The clock of a run as the command line has it: whose time it is, when the rules begin, how far it runs on."""

from dataclasses import dataclass

import click

from tickdiscord.cli.input import Waiting
from tickdiscord.cli.interrupts import Interrupts
from tickdiscord.cli.keeping import Keeping
from tickdiscord.cli.moments import NO_TIME, end, moment
from tickdiscord.cli.options import together
from tickdiscord.cli.waiting import WaitingStream
from tickdiscord.clock import Clock, StreamClock, WallClock
from tickdiscord.diagnostics import error
from tickdiscord.points.precision import Precision
from tickdiscord.runtime.engine import Engine

SECOND = 1_000_000_000
LONGEST_WAIT_S = 3600.0


CLOCK = together(
    click.option(
        "--clock",
        type=click.Choice(["stream", "wall"]),
        default="stream",
        show_default=True,
        help="What time it is: that of the newest point, or the wall's.",
    ),
    click.option("--since", metavar="TIME", help="When the rules begin, for deadmen and the like.  [the first point]"),
    click.option(
        "--until", metavar="TIME", help="How far the clock runs on behind the last point: a time, or +10m from there."
    ),
    click.option("--timezone", metavar="ZONE", help="Where hour() and weekday() live, such as Europe/Berlin.  [UTC]"),
)


@dataclass(frozen=True, kw_only=True)
class ClockOptions:
    """What time it is: filled by CLOCK."""

    clock: str
    since: str | None
    until: str | None
    timezone: str | None


@dataclass(frozen=True, slots=True)
class RunClock:
    """`begin` is when the rules begin, in nanoseconds, None for at the first point; `until` as it was written."""

    clock: Clock
    begin: int | None
    until: str | None
    precision: Precision

    def waiting(self, engine: Engine, interrupts: Interrupts, keeping: Keeping) -> Waiting | None:
        """What lets the wall's clock tick, and the state be written, while stdin is silent; None if neither is due."""
        clock = self.clock
        ticks = isinstance(clock, WallClock)
        if not ticks and not keeping.keeps:
            return None

        def wait_s() -> float:
            due = engine.due if ticks else None
            until_due = LONGEST_WAIT_S if due is None else max(0, due - clock.now()) / SECOND
            return min(LONGEST_WAIT_S, until_due, keeping.wait_s)

        def tick() -> None:
            with interrupts.working():
                if ticks:
                    engine.advance(clock.now())
                keeping.check()

        return lambda stream: WaitingStream(stream, wait_s, tick)

    def start(self, engine: Engine) -> None:
        """Let the rules begin, if they do not wait for the first point."""
        if self.begin is not None:
            engine.begin(self.begin)

    def run_on(self, engine: Engine) -> None:
        """The points have ended: let the clock run on as far as it shall."""
        if self.until is not None:
            engine.advance(end(self.until, "--until", self.precision, self.clock.now()))


def run_clock(options: ClockOptions, precision: Precision) -> RunClock:
    """The clock that a command line asks for.

    Raises:
        DiagnosticError: something it says is no time, or goes with another clock.
    """
    if options.clock == "wall":
        if options.since is not None or options.until is not None:
            raise error(NO_TIME, "--since and --until go with the stream's clock, not with --clock wall")
        wall = WallClock()
        return RunClock(wall, wall.now(), None, precision)
    if options.until is not None:
        end(options.until, "--until", precision, 0)
    begin = None if options.since is None else moment(options.since, "--since", precision)
    return RunClock(StreamClock(WallClock().now()), begin, options.until, precision)
