"""Where everything goes that a run makes: the outbox, and files that the command line names."""

import os
import sys
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from tickdiscord.cli.options import PATH, SILENCES, together
from tickdiscord.cli.sending import Sending
from tickdiscord.cli.terminal import Terminal
from tickdiscord.cli.writing import unwritable
from tickdiscord.config.kapacitor import Configuration
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, collecting, error
from tickdiscord.handlers.instead import Instead
from tickdiscord.handlers.log import Log
from tickdiscord.outbox.influxdb import InfluxDB
from tickdiscord.outbox.journal import Queue
from tickdiscord.outbox.place import default_path
from tickdiscord.pipeline.listening import Listening
from tickdiscord.runtime.delivery import Delivery
from tickdiscord.runtime.engine import Happening
from tickdiscord.runtime.influxdb_file import InfluxDBFile
from tickdiscord.runtime.log_files import LogFiles
from tickdiscord.runtime.settings import Settings

DRAIN_S = 30.0

OUTLETS = together(
    click.option("--dry-run", is_flag=True, help="Send and log nothing."),
    click.option(
        "--others",
        metavar="WAY",
        help="In place of sending to Slack and the like: ignore, log, discord, or discord:WORKSPACE.",
    ),
    SILENCES,
    click.option("--outbox", type=PATH, metavar="FILE", help="Where requests are kept until Discord has them."),
    click.option(
        "--drain-timeout",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        help="How long to go on sending after the input has ended.  [30]",
    ),
    click.option(
        "--requests", type=PATH, metavar="FILE", help="Write what is posted (dry: would be) as lines of JSON."
    ),
    click.option(
        "--influxdb-out",
        metavar="FILE|URL",
        help="Write the points of |influxDBOut() as line protocol to a file, or to an InfluxDB: http://localhost:8086",
    ),
    click.option("--http-out", type=PATH, metavar="DIR", help="Write the last results of each |httpOut() as JSON."),
)


@dataclass(frozen=True, kw_only=True)
class OutletOptions:
    """Where things go: filled by OUTLETS."""

    dry_run: bool
    others: str | None
    silences: Sequence[Path]
    outbox: Path | None
    drain_timeout: float | None
    requests: Path | None
    influxdb_out: str | None
    http_out: Path | None

    def instead(self, configuration: Configuration) -> Instead | None:
        """What is done in place of sending to other services; None if nobody has said.

        Raises:
            DiagnosticError: there is no such way.
        """
        return configuration.instead if self.others is None else Instead.named(self.others, "--others")

    def drain_s(self, configuration: Configuration) -> float:
        """How long is gone on sending when the input has ended."""
        given = self.drain_timeout if self.drain_timeout is not None else configuration.drain_timeout_s
        return DRAIN_S if given is None else given


def open_delivery(
    options: OutletOptions,
    sending: Sending,
    influxdb: InfluxDBFile | Queue | None,
    terminal: Terminal,
    show: Callable[[Sequence[Happening]], None],
    handlers: Iterable[Listening],
    stack: ExitStack,
) -> Delivery:
    """The sink of a run; its files, among them the logs of handlers, are closed with the stack.

    Raises:
        DiagnosticError: a file cannot be written.
    """
    log_files = None if options.dry_run else LogFiles()
    if log_files is not None:
        stack.callback(log_files.close)
        _check_logs(log_files, handlers)
    return Delivery(
        outbox=sending.outbox,
        put=sending.wake,
        log_files=log_files,
        requests=None if options.requests is None else stack.enter_context(_create(options.requests)),
        influxdb=influxdb,
        stdout=None if options.dry_run else sys.stdout,
        say=terminal.note,
        show=show,
        unique=uuid.uuid4().hex,
    )


def _check_logs(files: LogFiles, handlers: Iterable[Listening]) -> None:
    """A log that cannot be written shall be known before the first alert."""
    problems: list[Diagnostic] = []
    for handler, source in handlers:
        if isinstance(handler, Log):
            with collecting(problems, source):
                files.check(handler.path, handler.mode, handler.said.get("path", handler.span))
    if problems:
        raise DiagnosticError(*problems)


def outbox_path(
    options: OutletOptions, config: Path | None, configuration: Configuration, destinations: Collection[Queue]
) -> Path | None:
    """The outbox's file, None if nothing can be sent. What an earlier run has left in it counts, too."""
    if options.dry_run:
        return None
    path = options.outbox or configuration.outbox
    if path is None:
        usual = default_path(config, os.environ)
        if usual.exists() or destinations or configuration.workspaces.webhooks():
            return usual
    return path


def influxdb_out(options: OutletOptions, settings: Settings, stack: ExitStack) -> InfluxDBFile | Queue | None:
    """Where the points of `|influxDBOut()` go: a file, or the queue of an InfluxDB; a dry run writes to files only.

    Raises:
        DiagnosticError: the file cannot be written, or the URL is none.
    """
    target = options.influxdb_out
    if target is None:
        return None
    if "://" not in target:
        return InfluxDBFile(stack.enter_context(_create(Path(target))))
    try:
        influxdb = InfluxDB.at(target, os.environ)
    except ValueError as problem:
        raise error("TD648", f"--influxdb-out: {problem}") from None
    if options.dry_run:
        return None
    settings.takes(influxdb)
    return influxdb.queue


def _create(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", errors="replace")
    except OSError as problem:
        raise unwritable(path, problem) from None
