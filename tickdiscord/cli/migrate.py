"""`tickdiscord migrate`: rules and handler files that tell other services, rewritten to tell Discord."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.fmt import Script, show_difference, write_script
from tickdiscord.cli.options import NO_COLOUR, PATH, QUIET
from tickdiscord.cli.terminal import Terminal
from tickdiscord.config.files import listed_rules, read_text
from tickdiscord.config.handler_files import ENDINGS
from tickdiscord.config.handler_migration import migrated_handlers, same_twice
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.handlers.instead import Instead
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.pipeline.migrate import migrated
from tickdiscord.syntax.formatter import format_program, format_script
from tickdiscord.syntax.parser import parse

EXAMPLE = """\b
Examples:
  tickdiscord migrate slack.tick --to discord
  tickdiscord migrate rules/ handlers/ --to discord:guild-alerts -w
"""


@click.command("migrate", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH…")
@click.option("--to", "target", required=True, metavar="discord[:WORKSPACE]", help="Whom the alerts are to tell.")
@click.option("-w", "--write", "writes", is_flag=True, help="Write the files that change.")
@QUIET
@NO_COLOUR
def command(paths: Sequence[Path], target: str, writes: bool, quiet: bool, no_color: bool) -> int:
    """Rewrite `.slack()`, `.email()` and whatever else nothing is sent for into `.discord()`, and in handler files
    `kind: slack` into `kind: discord`.

    Shows what would change; with -w it is written as well, rules in Kapacitor's standard form. A folder means all .tick
    files in it, and handler files in YAML or JSON. What tells no such service stays as it is, byte for byte. The exit
    code is 0, or 1 if a file is wrong.
    """
    terminal = Terminal(-1 if quiet else 0, False if no_color else None)
    way = Instead.named(target, "`--to`")
    if way.way != "discord":
        raise click.UsageError("--to is discord or discord:WORKSPACE")
    failed = False
    others: list[Subscription] = []
    for path in listed_rules(paths, also=ENDINGS):
        try:
            script = _script(path, way.workspace, others, asked=path in paths)
            if script.changed:
                show_difference(script, terminal.coloured(sys.stdout), "migrated")
                if writes:
                    write_script(script, terminal, "migrated")
        except DiagnosticError as problem:
            terminal.tell_all(problem.diagnostics)
            failed = True
    terminal.tell_all(list(same_twice(others)))
    return exits.WRONG if failed else exits.OK


def _script(path: Path, workspace: str, others: list[Subscription], *, asked: bool) -> Script:
    """A file, before and after; its handlers of topics that change are added to `others`."""
    if path.suffix in ENDINGS:
        before, after, found = migrated_handlers(path, workspace, asked=asked)
        others += found
        return Script(str(path), path, before, after)
    text = read_text(path)
    program = parse(text, str(path))
    after = migrated(program, workspace)
    formatted = text if after == program else format_script(format_program(after), str(path))
    return Script(str(path), path, text, formatted)
