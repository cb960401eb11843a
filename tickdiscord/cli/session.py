"""A run: what a command line asks for is put together, then points go in and alerts come out."""

import datetime
import os
import sys
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tickdiscord.cli import exits, http_out
from tickdiscord.cli.clocks import ClockOptions, RunClock, run_clock
from tickdiscord.cli.events import EventOptions, printer
from tickdiscord.cli.input import MOST_SHOWN, InputOptions, open_input
from tickdiscord.cli.interrupts import Interrupts
from tickdiscord.cli.loading import Loaded, loaded
from tickdiscord.cli.options import RuleOptions, TalkOptions
from tickdiscord.cli.outlets import OutletOptions, influxdb_out, open_delivery, outbox_path
from tickdiscord.cli.sending import Sending
from tickdiscord.cli.summary import Summary, undelivered
from tickdiscord.cli.terminal import Terminal
from tickdiscord.cli.zone import zone
from tickdiscord.config.given import read_given
from tickdiscord.config.groups import read_groups
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity, did_you_mean, warning
from tickdiscord.nodes.step import OnError
from tickdiscord.pipeline.unsent import unsent
from tickdiscord.points.precision import Precision
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.settings import Settings

INTERRUPTED_DRAIN_S = 2.0
"""After Ctrl-C this long is waited for what is just being sent."""


@dataclass(frozen=True, kw_only=True)
class RunOptions(RuleOptions, InputOptions, ClockOptions, OutletOptions, EventOptions, TalkOptions):
    """The command line of a run."""

    expect_groups: Path | None
    on_error: OnError | None
    strict: bool


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
    with ExitStack() as stack:
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
        delivery = open_delivery(options, sending, influxdb, terminal, show, stack)
        terminal.tell_all(_doubts(options, engine))
        interrupts = Interrupts()
        shown = sys.maxsize if options.verbose else MOST_SHOWN
        source = open_input(options, times.clock, terminal, stack, times.waiting(engine, interrupts), shown)
        sending.start()
        summary = Summary(engine, source, delivery)
        return _run(options, terminal, summary, sending, times, interrupts, options.drain_s(found.configuration))


def _run(
    options: RunOptions,
    terminal: Terminal,
    summary: Summary,
    sending: Sending,
    times: RunClock,
    interrupts: Interrupts,
    drain_s: float,
) -> int:
    with interrupts:
        code = _feed(summary, times, interrupts, terminal)
        if options.http_out is not None:
            http_out.write(options.http_out, summary.engine.outputs)
        sending.drain(min(INTERRUPTED_DRAIN_S, drain_s) if interrupts.came else drain_s)
    if options.form == "pretty":
        summary.show(terminal, sending)
    left = undelivered(sending, terminal)
    if interrupts.came:
        return exits.INTERRUPTED
    if left:
        return exits.UNDELIVERED
    return exits.REJECTED if code == exits.OK and options.strict and summary.source.rejections else code


def _feed(summary: Summary, times: RunClock, interrupts: Interrupts, terminal: Terminal) -> int:
    """Let the rules see all points; what has gone wrong is told."""
    engine = summary.engine
    try:
        times.start(engine)
        for chunk in interrupts.between(summary.source.chunks()):
            engine.feed(chunk)
        if not interrupts.came:
            times.run_on(engine)
            engine.end()
    except BrokenPipeError:
        # Whoever read our stdout has gone (`| head`). What was accepted is in the outbox.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except DiagnosticError as problem:
        terminal.tell_all(problem.diagnostics)
        return exits.WRONG
    return exits.OK


def _settings(options: RunOptions, found: Loaded, times: RunClock) -> Settings:
    configuration = found.configuration
    return Settings(
        workspaces=configuration.workspaces,
        subscriptions=found.handlers.subscriptions,
        clock=times.clock,
        zone=zone(options.timezone) if options.timezone is not None else configuration.zone or datetime.UTC,
        on_error=options.on_error or configuration.on_error or "ok",
        expected_groups=() if options.expect_groups is None else read_groups(options.expect_groups),
        lineage=uuid.uuid4().hex,
        endpoints=configuration.endpoints,
        instead=options.instead(configuration),
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
