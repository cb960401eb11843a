"""`tickdiscord run`: points in, alerts out."""

import datetime
import os
import sys
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from tickdiscord.cli import exits
from tickdiscord.cli.clocks import RunClock, run_clock
from tickdiscord.cli.events import printer
from tickdiscord.cli.input import open_input
from tickdiscord.cli.interrupts import Interrupts
from tickdiscord.cli.loading import Loaded, loaded
from tickdiscord.cli.options import CONFIG, HANDLERS, PATH, RULE, TALK, VARS
from tickdiscord.cli.sending import Sending
from tickdiscord.cli.summary import Summary, undelivered
from tickdiscord.cli.terminal import Terminal, plain
from tickdiscord.config.given import read_given
from tickdiscord.config.groups import read_groups
from tickdiscord.config.kapacitor import zone_named
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, did_you_mean, error, warning
from tickdiscord.nodes.http_post import HttpPost
from tickdiscord.nodes.step import OnError
from tickdiscord.outbox.place import default_path
from tickdiscord.points.precision import WORDS
from tickdiscord.runtime.delivery import Delivery
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.influxdb_file import InfluxDBFile
from tickdiscord.runtime.log_files import LogFiles
from tickdiscord.runtime.settings import Settings

DRAIN_S = 30.0
INTERRUPTED_DRAIN_S = 2.0
"""After Ctrl-C this long is waited for what is just being sent."""

EXAMPLE = """\b
Examples:
  tickdiscord run cpu.tick --config kapacitor.conf --handlers handlers/ < points.lp
  telegraf --test | tickdiscord run cpu.tick --config kapacitor.conf
  tickdiscord run cpu.tick --dry-run --format json < points.lp
"""


@dataclass(frozen=True, slots=True)
class Options:
    """The command line."""

    rules: Sequence[Path]
    config: Path | None
    handlers: Sequence[Path]
    vars_files: Sequence[Path]
    vars_given: Sequence[str]
    points: Path | None
    recording: Path | None
    dbrp: str | None
    precision: str
    clock: str
    since: str | None
    until: str | None
    expect_groups: Path | None
    timezone: str | None
    dry_run: bool
    form: str
    topic: str | None
    outbox: Path | None
    requests: Path | None
    influxdb_out: str | None
    drain_timeout: float | None
    on_error: OnError | None
    strict: bool
    verbose: bool
    quiet: bool
    no_color: bool


@click.command("run", epilog=EXAMPLE)
@RULE
@CONFIG
@HANDLERS
@VARS
@click.option("--points", type=PATH, metavar="FILE", help="Read points from a file (plain or .gz), not from stdin.")
@click.option("--recording", type=PATH, metavar="FILE", help="Read one of Kapacitor's recordings: .srpl, .srpl.gz.")
@click.option("--dbrp", metavar="DB.RP", help="Where the points come from; by default where the rules look for them.")
@click.option("--precision", default="ns", show_default=True, metavar="UNIT", help=f"Of timestamps: {' '.join(WORDS)}.")
@click.option(
    "--clock",
    type=click.Choice(["stream", "wall"]),
    default="stream",
    show_default=True,
    help="What time it is: that of the newest point, or the wall's.",
)
@click.option("--since", metavar="TIME", help="When the rules begin, for deadmen and the like.  [the first point]")
@click.option(
    "--until", metavar="TIME", help="How far the clock runs on behind the last point: a time, or +10m from there."
)
@click.option(
    "--expect-groups", type=PATH, metavar="FILE", help="Groups that a deadman misses even if they never come: host=a."
)
@click.option("--timezone", metavar="ZONE", help="Where hour() and weekday() live, such as Europe/Berlin.  [UTC]")
@click.option("--dry-run", is_flag=True, help="Send and log nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["pretty", "json", "quiet"]),
    default="pretty",
    show_default=True,
    help="Events for people, as Kapacitor's log handler writes them, or not at all.",
)
@click.option("--topic", metavar="NAME", help="Show every event that this topic receives.")
@click.option("--outbox", type=PATH, metavar="FILE", help="Where requests are kept until Discord has them.")
@click.option("--requests", type=PATH, metavar="FILE", help="Write what is posted (dry: would be) as lines of JSON.")
@click.option("--influxdb-out", metavar="FILE", help="Write the points of |influxDBOut() as line protocol.")
@click.option(
    "--drain-timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long to go on sending after the input has ended.  [30]",
)
@click.option(
    "--on-error",
    type=click.Choice(["ok", "hold", "fail"]),
    help="A level whose lambda fails is not reached, stays as it was, or ends the run.  [ok]",
)
@click.option("--strict", is_flag=True, help="Exit with 3 if lines of the input were rejected.")
@TALK
def command(**given: object) -> int:
    """Run rules on points from stdin, and send their alerts to Discord.

    A rule is a .tick file; a folder means all in it. What an earlier run left in the outbox is sent first. The exit
    code is 0; 1 if a rule, the configuration or the command line is wrong; 3 with --strict if input was rejected; 4 if
    alerts remain undelivered; 130 if interrupted.
    """
    options = Options(**given)  # pyright: ignore[reportArgumentType]
    terminal = Terminal(-1 if options.quiet else int(options.verbose), False if options.no_color else None)
    try:
        return _run(options, terminal)
    except DiagnosticError as problem:
        terminal.tell_all(problem.diagnostics)
        return exits.WRONG


def _run(options: Options, terminal: Terminal) -> int:
    given = read_given(options.vars_files, options.vars_given)
    found = loaded(options.rules, options.config, options.handlers, given, any_workspace=options.dry_run)
    terminal.tell_all(found.warnings)
    _check_nodes(options, found)
    times = run_clock(options)
    settings = Settings(
        workspaces=found.configuration.workspaces,
        subscriptions=found.handlers.subscriptions,
        clock=times.clock,
        zone=_zone(options, found),
        on_error=options.on_error or found.configuration.on_error or "ok",
        expected_groups=() if options.expect_groups is None else read_groups(options.expect_groups),
        lineage=uuid.uuid4().hex,
    )
    with ExitStack() as stack:
        sending = Sending(_outbox(options, found), found.configuration, terminal, stack)
        requests = None if options.requests is None else stack.enter_context(_create(options.requests))
        log_files = None if options.dry_run else LogFiles()
        if log_files is not None:
            stack.callback(log_files.close)
        delivery = Delivery(
            outbox=sending.outbox,
            put=sending.wake,
            log_files=log_files,
            requests=requests,
            influxdb=None if options.influxdb_out is None else _influxdb(options.influxdb_out, stack),
            show=printer(options.form, options.topic, terminal.coloured(sys.stdout)),
        )
        engine = Engine(found.pipelines, settings, delivery, terminal.tell, _writer(terminal), delivery.node_requests)
        _check_topic(options.topic, engine, terminal)
        _check_groups(engine, terminal)
        interrupts = Interrupts()
        source = open_input(options, times.clock, terminal, stack, times.waiting(engine, interrupts))
        sending.start()
        drain_s = _drain_s(options, found)
        times.start(engine)
        summary = Summary(engine, source, delivery)
        return _feed(options, summary, sending, drain_s, terminal, interrupts, times)


def _feed(
    options: Options,
    summary: Summary,
    sending: Sending,
    drain_s: float,
    terminal: Terminal,
    interrupts: Interrupts,
    times: RunClock,
) -> int:
    engine, source = summary.engine, summary.source
    failed = False
    with interrupts:
        try:
            for chunk in interrupts.between(source.chunks()):
                engine.feed(chunk)
            if not interrupts.came:
                times.run_on(engine)
                engine.end()
        except BrokenPipeError:
            # Whoever read our stdout has gone (`| head`). What was accepted is in the outbox.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except DiagnosticError as problem:
            terminal.tell_all(problem.diagnostics)
            failed = True
        sending.drain(min(INTERRUPTED_DRAIN_S, drain_s) if interrupts.came else drain_s)
    if options.form == "pretty":
        summary.show(terminal, sending)
    if interrupts.came:
        undelivered(sending, terminal)
        return exits.INTERRUPTED
    if undelivered(sending, terminal):
        return exits.UNDELIVERED
    if failed:
        return exits.WRONG
    return exits.REJECTED if options.strict and source.rejections else exits.OK


def _influxdb(target: str, stack: ExitStack) -> InfluxDBFile:
    if "://" in target:
        message = "--influxdb-out: writing to a URL is not supported yet"
        raise error("TD648", message, hint="name a file; it gets line protocol that InfluxDB can import")
    return InfluxDBFile(stack.enter_context(_create(Path(target))))


def _check_nodes(options: Options, found: Loaded) -> None:
    """What cannot be sent yet is refused before any point is read."""
    if options.dry_run:
        return
    problems = [
        Diagnostic("TD649", "`|httpPost()` is not sent yet", node.span, "--dry-run shows it", source=pipeline.source)
        for pipeline in found.pipelines
        for node in pipeline.nodes
        if isinstance(node, HttpPost)
    ]
    if problems:
        raise DiagnosticError(*problems)


def _check_groups(engine: Engine, terminal: Terminal) -> None:
    for id in engine.unexpected:
        hint = "a group is written as the tags of the node before it: host=a,cpu=cpu0"
        terminal.tell(warning("TD647", f"no deadman or stats node counts groups like `{id}`", hint=hint))


def _outbox(options: Options, found: Loaded) -> Path | None:
    """The outbox's file, None if nothing can be sent."""
    if options.dry_run:
        return None
    path = options.outbox or found.configuration.outbox
    if path is None and found.configuration.workspaces.webhooks():
        path = default_path(options.config, os.environ)
    return path


def _zone(options: Options, found: Loaded) -> datetime.tzinfo:
    if options.timezone is None:
        return found.configuration.zone or datetime.UTC
    zone = zone_named(options.timezone)
    if zone is None:
        from zoneinfo import available_timezones

        hint = did_you_mean(options.timezone, available_timezones()) or "such as UTC or Europe/Berlin"
        raise error("TD643", f"there is no time zone `{options.timezone}`", hint=hint)
    return zone


def _drain_s(options: Options, found: Loaded) -> float:
    configured = found.configuration.drain_timeout_s
    given = options.drain_timeout if options.drain_timeout is not None else configured
    return DRAIN_S if given is None else given


def _create(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", errors="replace")
    except OSError as problem:
        raise error("TD644", f"`{path}` cannot be written: {problem.strerror or problem}") from None


def _writer(terminal: Terminal) -> Callable[[str, str], None]:
    """What `|log()` writes with: to stderr, DEBUG only with -v."""

    def write(level: str, text: str) -> None:
        terminal.note(f"{level} {plain(text)}", 1 if level == "DEBUG" else 0)

    return write


def _check_topic(topic: str | None, engine: Engine, terminal: Terminal) -> None:
    """A topic that nobody publishes to is most likely a slip."""
    known = engine.topic_names()
    if topic is not None and topic not in known:
        terminal.tell(warning("TD645", f"no rule publishes to the topic `{topic}`", hint=did_you_mean(topic, known)))
