"""`tickdiscord check`: says whether rules, configuration and handler files are right, without running anything."""

from collections.abc import Sequence
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.loading import loaded
from tickdiscord.cli.options import CONFIG, HANDLERS, RULE, TALK
from tickdiscord.cli.terminal import Terminal, json_lines
from tickdiscord.diagnostics import Diagnostic, DiagnosticError
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.settings import Settings

EXAMPLE = """\b
Examples:
  tickdiscord check cpu.tick
  tickdiscord check rules/ --config kapacitor.conf --handlers handlers/ --strict
"""


@click.command("check", epilog=EXAMPLE)
@RULE
@CONFIG
@HANDLERS
@click.option("--strict", is_flag=True, help="Exit with 2 if there are warnings.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["pretty", "json", "quiet"]),
    default="pretty",
    show_default=True,
    help="For people, as one JSON object a finding, or nothing but errors.",
)
@TALK
def command(
    rules: Sequence[Path],
    config: Path | None,
    handlers: Sequence[Path],
    strict: bool,
    form: str,
    verbose: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Check rules: their syntax, nodes, lambdas and templates, the configuration and the handler files.

    Without --config every workspace counts as known. The exit code is 0, or 1 if anything is wrong.
    """
    terminal = Terminal(-1 if quiet or form == "quiet" else int(verbose), False if no_color else None)
    try:
        found = loaded(rules, config, handlers, any_workspace=True, unfilled=True)
        settings = Settings(found.configuration.workspaces, found.handlers.subscriptions)
        Engine(found.pipelines, settings, lambda _: None, lambda _: None, lambda _, __: None)
    except DiagnosticError as problem:
        _show(problem.diagnostics, form, terminal)
        return exits.WRONG
    _show(found.warnings, form, terminal)
    if form == "pretty" and not quiet:
        for pipeline in found.pipelines:
            nodes = len(pipeline.nodes) - 1
            click.echo(f"{pipeline.source.name}: ok, {nodes} node{'' if nodes == 1 else 's'}")
    return exits.FOUND if strict and found.warnings else exits.OK


def _show(diagnostics: Sequence[Diagnostic], form: str, terminal: Terminal) -> None:
    if form == "json":
        click.echo(json_lines(diagnostics), nl=False)
    else:
        terminal.tell_all(diagnostics)
