"""`tickdiscord render`: what a template makes of an event."""

from pathlib import Path

import click

from tickdiscord.cli.options import NO_COLOUR, PATH
from tickdiscord.cli.showing import show
from tickdiscord.cli.stdin import answer_lines
from tickdiscord.cli.terminal import Terminal
from tickdiscord.config.event_file import EXAMPLE_EVENT, read_events
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.templates import Kind, TemplateError, compile_template

EXAMPLE = """\b
Examples:
  tickdiscord render --template '{{ .ID }} is {{ .Level }}'
  tickdiscord render --template '{{ index .Fields "usage_idle" | printf "%0.1f" }}' --event event.json
  tickdiscord render --kind details --template '<b>{{ .Name }}</b> {{ json .Tags }}'
"""

KINDS = {
    "id": Kind.ID,
    "message": Kind.MESSAGE,
    "details": Kind.DETAILS,
    "title": Kind.TITLE,
    "aggregate": Kind.AGGREGATE,
    "alert-template": Kind.ALERT,
    "row-template": Kind.ROW,
}


@click.command("render", epilog=EXAMPLE)
@click.option("--template", metavar="TEXT", help="The template.")
@click.option(
    "--kind",
    type=click.Choice(list(KINDS)),
    default="message",
    show_default=True,
    help="Where it stands, which decides what it sees.",
)
@click.option(
    "--event",
    type=PATH,
    metavar="FILE",
    help="An event as Kapacitor's log handler writes it; by default an example: CPU of a host, CRITICAL.",
)
@click.option("--jsonl", is_flag=True, help="Answer lines of JSON on stdin: kind, template, data; text or error.")
@NO_COLOUR
def command(template: str | None, kind: str, event: Path | None, jsonl: bool, no_color: bool) -> None:
    """Show what a template makes of an event.

    A file may hold several events: each is shown. A number without a point in it is an int; Kapacitor writes 97.0 as
    97, so put the point there for a float. The keys task and group may be added, and for an aggregate count and
    interval. The exit code is 0, or 1 if the template is wrong or fails.
    """
    terminal = Terminal(0, False if no_color else None)
    if jsonl:
        from tickdiscord.templates.jsonl import answer

        answer_lines(answer, terminal)
        return
    if template is None:
        raise click.UsageError("Missing option '--template'.")
    compiled = compile_template(template, KINDS[kind])
    for each in [EXAMPLE_EVENT] if event is None else read_events(event):
        try:
            show(f"{compiled.render(each.data(compiled.kind))}\n")
        except TemplateError as problem:
            raise DiagnosticError(problem.diagnostic) from None
