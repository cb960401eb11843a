"""`tickdiscord run`: points in, alerts out."""

import click

from tickdiscord.cli import exits
from tickdiscord.cli.clocks import CLOCK
from tickdiscord.cli.events import EVENTS
from tickdiscord.cli.input import INPUT
from tickdiscord.cli.keeping import STATE
from tickdiscord.cli.options import PATH, RULES, TALK
from tickdiscord.cli.outlets import OUTLETS
from tickdiscord.cli.session import RunOptions, run
from tickdiscord.cli.terminal import Terminal
from tickdiscord.diagnostics import DiagnosticError

EXAMPLE = """\b
Examples:
  tickdiscord run cpu.tick --config kapacitor.conf --handlers handlers/ < points.lp
  telegraf --test | tickdiscord run cpu.tick --config kapacitor.conf
  tickdiscord run cpu.tick --dry-run --format json < points.lp
  tickdiscord run cpu.tick --config kapacitor.conf --state cpu.state --points today.lp
"""


@click.command("run", epilog=EXAMPLE)
@RULES
@INPUT
@CLOCK
@click.option(
    "--expect-groups", type=PATH, metavar="FILE", help="Groups that a deadman misses even if they never come: host=a."
)
@EVENTS
@STATE
@OUTLETS
@click.option(
    "--on-error",
    type=click.Choice(["ok", "hold", "fail"]),
    help="A level whose lambda fails is not reached, stays as it was, or ends the run.  [ok]",
)
@click.option(
    "--max-groups",
    type=click.IntRange(min=1),
    metavar="N",
    help="End the run, with exit code 1, when a rule makes more groups than this.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 if lines of the input were rejected.")
@TALK
def command(**given: object) -> int:
    """Run rules on points from stdin, and send their alerts to Discord.

    A rule is a .tick file; a folder means all in it. What an earlier run left in the outbox is sent first. The exit
    code is 0; 1 if a rule, the configuration or the command line is wrong; 3 with --strict if input was rejected; 4 if
    alerts remain undelivered; 130 if interrupted.
    """
    options = RunOptions(**given)  # pyright: ignore[reportArgumentType]
    terminal = Terminal(-1 if options.quiet else int(options.verbose), False if options.no_color else None)
    try:
        return run(options, terminal)
    except DiagnosticError as problem:
        terminal.tell_all(problem.diagnostics)
        return exits.WRONG
