"""`tickdiscord functions`: what lambdas may call."""

import json

import click

from tickdiscord.diagnostics import did_you_mean, error
from tickdiscord.lambdas.library import FUNCTIONS, Function
from tickdiscord.manual.functions import outcome, page

EXAMPLE = """\b
Examples:
  tickdiscord functions
  tickdiscord functions strReplace
  tickdiscord functions --format json
"""


@click.command("functions", epilog=EXAMPLE)
@click.argument("name", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pretty", "json"]),
    default="pretty",
    show_default=True,
    help="For people, or one JSON object a function.",
)
@click.pass_context
def command(context: click.Context, name: str | None, form: str) -> None:
    """Show the functions of lambdas, or all there is to know of one."""
    found = FUNCTIONS.get(name) if name else None
    if name and found is None:
        hint = did_you_mean(name, FUNCTIONS) or "`tickdiscord functions` lists them"
        raise error("TD650", f"there is no function `{name}`", hint=hint)
    if form == "json":
        for function in [found] if found else FUNCTIONS.values():
            click.echo(json.dumps(_described(function), ensure_ascii=False))
    elif found:
        click.echo(page(found), nl=False)
    else:
        table = context.make_formatter()
        table.write_dl([(_short(function), function.doc) for function in FUNCTIONS.values()], col_max=40)
        click.echo(table.getvalue(), nl=False)


def _short(function: Function) -> str:
    return f"{function.name}({', '.join(function.parameters)})"


def _described(function: Function) -> dict[str, object]:
    return {
        "name": function.name,
        "parameters": function.parameters,
        "usage": function.usage,
        "doc": function.doc,
        "examples": [f"{each.expression}  {outcome(each)}" for each in function.examples],
    }
