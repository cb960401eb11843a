"""`tickdiscord explain-code`: what a code of a diagnostic means, with a wrong and a right example."""

from collections.abc import Sequence

import click

from tickdiscord.cli import exits
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.manual.codes import codes, unknown_code
from tickdiscord.manual.pages import index, page

EXAMPLE = """\b
Examples:
  tickdiscord explain-code TD204
  tickdiscord explain-code --list
"""


@click.command("explain-code", epilog=EXAMPLE)
@click.argument("names", nargs=-1, metavar="CODE…")
@click.option("--list", "listed", is_flag=True, help="List all codes.")
def command(names: Sequence[str], listed: bool) -> int:
    """Say what a code means, and show a wrong and a right example.

    The same text stands in docs/diagnostics.md.
    """
    if listed or not names:
        click.echo(index(), nl=False)
        return exits.OK
    unknown = [name for name in names if name.upper() not in codes()]
    if unknown:
        raise DiagnosticError(*(unknown_code(name) for name in unknown))
    click.echo("\n".join(page(codes()[name.upper()]) for name in names), nl=False)
    return exits.OK
