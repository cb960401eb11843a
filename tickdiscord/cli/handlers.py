"""`tickdiscord handlers`: what stands in handler files."""

from collections.abc import Sequence
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.loading import loaded
from tickdiscord.cli.options import CONFIG, PATH, TALK
from tickdiscord.cli.terminal import Terminal, plain
from tickdiscord.config.handler_files import read_handlers
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.pipeline.unsent import unsent
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.settings import Settings

EXAMPLE = """\b
Examples:
  tickdiscord handlers check handlers/
  tickdiscord handlers check handlers/ --rules rules/ --config kapacitor.conf
"""


@click.group("handlers")
def command() -> None:
    """Work with handler files, as `kapacitor define-topic-handler` takes them."""


@command.command("check", epilog=EXAMPLE)
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="PATH…")
@click.option("--rules", multiple=True, type=PATH, metavar="PATH", help="Rules that fill the topics; repeatable.")
@CONFIG
@click.option("--strict", is_flag=True, help="Exit with 2 if there are warnings.")
@TALK
def check(
    files: Sequence[Path],
    rules: Sequence[Path],
    config: Path | None,
    strict: bool,
    verbose: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Check handler files: their keys, options, matches and templates, ids said twice, topics in a circle.

    With --rules also: topics that nobody publishes to. Without --config every workspace counts as known. The exit code
    is 0, or 1 if anything is wrong.
    """
    terminal = Terminal(-1 if quiet else int(verbose), False if no_color else None)
    try:
        told = _checked(files, rules, config)
        subscriptions = read_handlers(files).subscriptions
    except DiagnosticError as problem:
        terminal.tell_all(problem.diagnostics)
        return exits.WRONG
    terminal.tell_all(told)
    if not quiet:
        for each in subscriptions:
            what = each.handler.in_files or each.handler.kind
            click.echo(plain(f"{each.source.name}: ok, {each.id} listens to {each.topic}: {what}"))
    return exits.FOUND if strict and any(each.severity is Severity.WARNING for each in told) else exits.OK


def _checked(files: Sequence[Path], rules: Sequence[Path], config: Path | None) -> Sequence[Diagnostic]:
    """The warnings.

    Raises:
        DiagnosticError: something is wrong.
    """
    found = loaded(rules, config, files, any_workspace=True, unfilled=True)
    configuration, subscriptions = found.configuration, found.handlers.subscriptions
    settings = Settings(
        configuration.workspaces if config else Workspaces(open=True),
        subscriptions,
        endpoints=configuration.endpoints,
        instead=configuration.instead,
    )
    engine = Engine(found.pipelines, settings, lambda _: None, lambda _: None, lambda _, __: None)
    unheard = engine.warnings() if rules else ()
    others = () if configuration.instead else unsent((), subscriptions)
    return [*found.warnings, *unheard, *others]
