"""`tickdiscord migrate`: rules that tell other services, rewritten to tell Discord."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.fmt import Script, show_difference, write_script
from tickdiscord.cli.options import NO_COLOUR, QUIET, RULE
from tickdiscord.cli.terminal import Terminal
from tickdiscord.config.files import listed_rules, read_text
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.handlers.instead import Instead
from tickdiscord.pipeline.migrate import migrated
from tickdiscord.syntax.formatter import format_program, format_script
from tickdiscord.syntax.parser import parse

EXAMPLE = """\b
Examples:
  tickdiscord migrate slack.tick --to discord
  tickdiscord migrate rules/ --to discord:guild-alerts -w
"""


@click.command("migrate", epilog=EXAMPLE)
@RULE
@click.option("--to", "target", required=True, metavar="discord[:WORKSPACE]", help="Whom the alerts are to tell.")
@click.option("-w", "--write", "writes", is_flag=True, help="Write the rules that change.")
@QUIET
@NO_COLOUR
def command(rules: Sequence[Path], target: str, writes: bool, quiet: bool, no_color: bool) -> int:
    """Rewrite `.slack()`, `.email()` and whatever else nothing is sent for into `.discord()`.

    Shows what would change; with -w it is written as well, in Kapacitor's standard form. A folder means all .tick files
    in it. Rules that tell no such service stay as they are, byte for byte. The exit code is 0, or 1 if a rule is wrong.
    """
    terminal = Terminal(-1 if quiet else 0, False if no_color else None)
    way = Instead.named(target, "`--to`")
    if way.way != "discord":
        raise click.UsageError("--to is discord or discord:WORKSPACE")
    failed = False
    for path in listed_rules(rules):
        try:
            script = _migrated(path, way.workspace)
            if script.changed:
                show_difference(script, terminal.coloured(sys.stdout), "migrated")
                if writes:
                    write_script(script, terminal, "migrated")
        except DiagnosticError as problem:
            terminal.tell_all(problem.diagnostics)
            failed = True
    return exits.WRONG if failed else exits.OK


def _migrated(path: Path, workspace: str) -> Script:
    text = read_text(path)
    program = parse(text, str(path))
    found = migrated(program, workspace)
    after = text if found == program else format_script(format_program(found), str(path))
    return Script(str(path), path, text, after)
