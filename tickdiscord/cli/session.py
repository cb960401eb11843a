"""A run: what a command line asks for is put together, then points go in and alerts come out."""

import datetime
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import TypeVar

from tickdiscord.cli import exits, http_out
from tickdiscord.cli.clocks import ClockOptions, RunClock, run_clock
from tickdiscord.cli.events import EventOptions, printer
from tickdiscord.cli.input import MOST_SHOWN, Input, InputOptions
from tickdiscord.cli.interrupts import Interrupts
from tickdiscord.cli.keeping import Keeping, StateOptions
from tickdiscord.cli.loading import Loaded, loaded
from tickdiscord.cli.options import RuleOptions, TalkOptions
from tickdiscord.cli.outlets import OutletOptions, influxdb_out, open_delivery, outbox_path
from tickdiscord.cli.replay import check_state, open_source
from tickdiscord.cli.sending import Sending
from tickdiscord.cli.summary import Summary, undelivered
from tickdiscord.cli.terminal import Terminal
from tickdiscord.cli.zone import zone
from tickdiscord.clock import StreamClock
from tickdiscord.config.given import read_given
from tickdiscord.config.groups import read_groups
from tickdiscord.config.silences import read_silences
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity, did_you_mean, warning
from tickdiscord.nodes.step import OnError
from tickdiscord.pipeline.listening import listening
from tickdiscord.pipeline.unsent import unsent
from tickdiscord.points.precision import Precision
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.settings import Settings

T = TypeVar("T")

INTERRUPTED_DRAIN_S = 2.0
"""After Ctrl-C this long is waited for what is just being sent."""


@dataclass(frozen=True, kw_only=True)
class RunOptions(RuleOptions, InputOptions, ClockOptions, StateOptions, OutletOptions, EventOptions, TalkOptions):
    """The command line of a run."""

    expect_groups: Path | None
    on_error: OnError | None
    strict: bool
    max_groups: int | None


def run(options: RunOptions, terminal: Terminal) -> int:
    """Run rules on points, and give the exit code.

    Raises:
        DiagnosticError: it cannot begin.
    """
    given = read_given(options.vars_files, options.vars_given)
    found = loaded(options.rules, options.config, options.handlers, given, any_workspace=options.dry_run)
    terminal.tell_all(found.warnings)
    times = run_clock(options, Precision.named(options.precision))
    settings = _settings(options, found, times)
    if settings.instead is None and not options.dry_run:
        _refuse_others(found)
    if options.state is not None:
        check_state(found.pipelines)
    with ExitStack() as stack:
        keeping = Keeping(options, options.file, terminal, stack, dry=options.dry_run)
        settings = replace(settings, lineage=_lineage(options, found, settings, keeping))
        if options.http_out is not None:
            http_out.prepare(options.http_out, found.pipelines)
        # The engine finds out where requests go to, which the sender must know.
        engine = Engine(
            found.pipelines,
            settings,
            lambda happenings: delivery(happenings),
            terminal.tell,
            terminal.log,
            lambda entries: delivery.node_requests(entries),
        )
        influxdb = influxdb_out(options, settings, stack)
        path = outbox_path(options, options.config, found.configuration, settings.destinations)
        sending = Sending(path, found.configuration, settings.destinations, terminal, stack)
        show = printer(options, terminal.coloured(sys.stdout))
        handlers = listening(found.pipelines, found.handlers.subscriptions)
        delivery = open_delivery(options, sending, influxdb, terminal, show, handlers, stack)
        terminal.tell_all(_doubts(options, engine))
        interrupts = Interrupts()
        shown = sys.maxsize if options.verbose else MOST_SHOWN
        waiting = times.waiting(engine, interrupts, keeping)
        source = open_source(
            options, engine, times.clock, terminal, stack, waiting, shown, checked=keeping.keeps, start=keeping.start
        )
        if isinstance(source, Input):
            keeping.begin(engine, lambda: source.mark)
        sending.start()
        summary = Summary(engine, source, delivery)
        return Run(options, terminal, summary, sending, times, interrupts, keeping).finished(
            options.drain_s(found.configuration)
        )


@dataclass(frozen=True, slots=True)
class Run:
    """The parts of a run, put together."""

    options: RunOptions
    terminal: Terminal
    summary: Summary
    sending: Sending
    times: RunClock
    interrupts: Interrupts
    keeping: Keeping

    def finished(self, drain_s: float) -> int:
        """Let everything happen, and give the exit code. When the points have ended, `drain_s` are given to sending."""
        options, interrupts = self.options, self.interrupts
        with interrupts:
            code = self._feed()
            if options.http_out is not None:
                http_out.write(options.http_out, self.summary.engine.outputs)
            self.sending.drain(min(INTERRUPTED_DRAIN_S, drain_s) if interrupts.came else drain_s)
        if options.form == "pretty":
            self.summary.show(self.terminal, self.sending, dry=options.dry_run)
        left = undelivered(self.sending, self.terminal)
        if interrupts.came:
            return exits.INTERRUPTED
        if left:
            return exits.UNDELIVERED
        rejected = options.strict and self.summary.source.rejections
        return exits.REJECTED if code == exits.OK and rejected else code

    def _feed(self) -> int:
        """Let the rules see all points; what has gone wrong is told."""
        engine = self.summary.engine
        try:
            self.times.start(engine)
            self.summary.source.feed(engine, self._between)
            if not self.interrupts.came:
                self._end(engine)
        except BrokenPipeError:
            # Whoever read our stdout has gone (`| head`). What was accepted is in the outbox; what the rules remember
            # is neither here nor there, and not written.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return exits.OK
        except DiagnosticError as problem:
            self.terminal.tell_all(problem.diagnostics)
            return exits.WRONG
        return exits.OK if self.keeping.end() else exits.WRONG

    def _between(self, read: Iterator[T]) -> Iterator[T]:
        """What is read, until the run is interrupted; the state is kept when it is time."""
        for each in self.interrupts.between(read):
            yield each
            self.keeping.check()

    def _end(self, engine: Engine) -> None:
        """The input has ended: for good, or until the next run goes on."""
        self.times.run_on(engine)
        if self.options.ends:
            engine.end()
        elif engine.holds:
            self.terminal.note(f"what joins, aggregates and the like still hold is kept in {self.options.state}")


def _lineage(options: RunOptions, found: Loaded, settings: Settings, keeping: Keeping) -> str:
    """What the keys of requests begin with, by all that decides which requests are made."""
    others = (
        metadata.version("tickdiscord"),
        options.precision,
        options.dbrp,
        options.since,
        settings.zone,
        settings.on_error,
        settings.expected_groups,
        options.max_groups,
        settings.workspaces.changes_only,
        tuple(settings.silences),
        settings.instead,
    )
    repeatable = isinstance(settings.clock, StreamClock)
    return keeping.lineage(found.pipelines, settings.subscriptions, others, repeatable=repeatable)


def _settings(options: RunOptions, found: Loaded, times: RunClock) -> Settings:
    configuration = found.configuration
    return Settings(
        workspaces=configuration.workspaces,
        subscriptions=found.handlers.subscriptions,
        clock=times.clock,
        zone=zone(options.timezone) if options.timezone is not None else configuration.zone or datetime.UTC,
        on_error=options.on_error or configuration.on_error or "ok",
        expected_groups=() if options.expect_groups is None else read_groups(options.expect_groups),
        most_groups=options.max_groups,
        endpoints=configuration.endpoints,
        instead=options.instead(configuration),
        silences=[*configuration.silences, *read_silences(options.silences)],
    )


def _refuse_others(found: Loaded) -> None:
    """An alert that goes nowhere must not look as if it went somewhere."""
    problems = [
        replace(each, severity=Severity.ERROR) for each in unsent(found.pipelines, found.handlers.subscriptions)
    ]
    if problems:
        raise DiagnosticError(*problems)


def _doubts(options: RunOptions, engine: Engine) -> Sequence[Diagnostic]:
    """What is most likely a slip: a topic that nobody publishes to, groups that no node counts."""
    topic, known = options.topic, engine.topic_names()
    doubts = [*engine.warnings()]
    if topic is not None and topic not in known:
        doubts.append(warning("TD645", f"no rule publishes to the topic `{topic}`", hint=did_you_mean(topic, known)))
    for id in engine.unexpected:
        hint = "a group is written as the tags of the node before it: host=a,cpu=cpu0"
        doubts.append(warning("TD647", f"no deadman or stats node counts groups like `{id}`", hint=hint))
    return doubts
