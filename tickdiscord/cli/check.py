"""`tickdiscord check`: says whether rules, configuration and handler files are right, without running anything."""

from collections.abc import Sequence
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.data import held_against
from tickdiscord.cli.loading import loaded
from tickdiscord.cli.options import CONFIG, HANDLERS, PATH, RULE, SILENCES, TALK, VARS
from tickdiscord.cli.reports import github, sarif
from tickdiscord.cli.terminal import Terminal, json_lines
from tickdiscord.config.given import read_given
from tickdiscord.config.silences import read_silences
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity
from tickdiscord.lint import findings
from tickdiscord.manual.codes import codes, unknown_code
from tickdiscord.pipeline.unsent import unsent
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.settings import Settings
from tickdiscord.version import __version__

EXAMPLE = """\b
Examples:
  tickdiscord check cpu.tick
  tickdiscord check rules/ --config kapacitor.conf --handlers handlers/ --strict
  tickdiscord check template.tick --vars web.yaml
  tickdiscord check cpu.tick --data monday.srpl.gz
"""


@click.command("check", epilog=EXAMPLE)
@RULE
@CONFIG
@HANDLERS
@SILENCES
@VARS
@click.option(
    "--data",
    type=PATH,
    metavar="FILE",
    help="Points (.lp, .srpl, .gz) or a contract (.yaml) that the rules are held against.",
)
@click.option("--precision", default="ns", show_default=True, metavar="UNIT", help="Of the data's timestamps.")
@click.option("--strict", is_flag=True, help="Exit with 2 if there are warnings.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["pretty", "json", "github", "sarif", "quiet"]),
    default="pretty",
    show_default=True,
    help="For people, as one JSON object a finding, for GitHub or another program, or nothing but errors.",
)
@click.option("--ignore", multiple=True, metavar="CODE,…", help="Warnings that are not wanted; repeatable.")
@TALK
def command(
    rules: Sequence[Path],
    config: Path | None,
    handlers: Sequence[Path],
    silences: Sequence[Path],
    vars_files: Sequence[Path],
    vars_given: Sequence[str],
    data: Path | None,
    precision: str,
    strict: bool,
    form: str,
    ignore: Sequence[str],
    verbose: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Check rules: their syntax, nodes, lambdas and templates, the configuration and the handler files.

    With --data also: names and types that the data do not have, filters that let nothing through, levels that no point
    reaches. Without --config every workspace counts as known. The exit code is 0, or 1 if anything is wrong. A comment
    `// tickdiscord: ignore TD710` switches a warning off in the line below it, --ignore everywhere.
    """
    terminal = Terminal(-1 if quiet or form == "quiet" else int(verbose), False if no_color else None)
    try:
        off = _codes(ignore)
        found = loaded(rules, config, handlers, read_given(vars_files, vars_given), any_workspace=True, unfilled=True)
        read_silences(silences)
        configuration = found.configuration
        settings = Settings(
            configuration.workspaces,
            found.handlers.subscriptions,
            endpoints=configuration.endpoints,
            instead=configuration.instead,
        )
        engine = Engine(found.pipelines, settings, lambda _: None, lambda _: None, lambda _, __: None)
        others = () if configuration.instead else unsent(found.pipelines, found.handlers.subscriptions)
        warnings = [*found.warnings, *engine.warnings(), *others]
        if data is not None:
            warnings += held_against(data, precision, found, terminal)
    except DiagnosticError as problem:
        _show(problem.diagnostics, form, terminal)
        return exits.WRONG
    told = findings(found.pipelines, configuration.workspaces, warnings, off, found.handlers.subscriptions)
    _show(told, form, terminal)
    if form == "pretty" and not quiet:
        for pipeline in found.pipelines:
            nodes = len(pipeline.nodes) - 1
            click.echo(f"{pipeline.source.name}: ok, {nodes} node{'' if nodes == 1 else 's'}")
    return exits.FOUND if strict and any(each.severity is Severity.WARNING for each in told) else exits.OK


def _codes(given: Sequence[str]) -> frozenset[str]:
    """The codes of `--ignore`.

    Raises:
        DiagnosticError: there is no such code.
    """
    found = frozenset(code.strip().upper() for each in given for code in each.split(",") if code.strip())
    unknown = sorted(found - codes().keys()) if found else []
    if unknown:
        raise DiagnosticError(*(unknown_code(each) for each in unknown))
    return found


def _show(diagnostics: Sequence[Diagnostic], form: str, terminal: Terminal) -> None:
    if form == "json":
        click.echo(json_lines(diagnostics), nl=False)
    elif form == "github":
        click.echo(github(diagnostics), nl=False)
    elif form == "sarif":
        click.echo(sarif(diagnostics, __version__, {code: each.title for code, each in codes().items()}))
    else:
        terminal.tell_all(diagnostics)
