"""`tickdiscord functions`: what lambdas may call."""

import json

import click

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import DiagnosticError, did_you_mean, error
from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.explain import explain, result_text
from tickdiscord.lambdas.library import FUNCTIONS, Example, Function
from tickdiscord.lambdas.types import TIME_REFERENCE, Operand, Type
from tickdiscord.syntax.parser import parse_expression

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
        click.echo(_page(found), nl=False)
    else:
        table = context.make_formatter()
        table.write_dl([(_short(function), function.doc) for function in FUNCTIONS.values()], col_max=40)
        click.echo(table.getvalue(), nl=False)


def _short(function: Function) -> str:
    return f"{function.name}({', '.join(function.parameters)})"


def _page(function: Function) -> str:
    examples = [_example(each) for each in function.examples]
    lines = [*function.usage, "", function.doc, "", "Examples:", *(f"  {each}" for each in examples)]
    return "\n".join(lines) + "\n"


def _example(example: Example) -> str:
    """An example, with what it gives when it is carried out."""
    given = ", ".join(f'"{name}" is {_field(name, value)}' for name, value in example.fields.items())
    return f"{example.expression}  {_outcome(example)}{f', where {given}' if given else ''}"


def _outcome(example: Example) -> str:
    try:
        shown = explain(parse_expression(example.expression), example.fields, Environment(ManualClock())).shown
    except DiagnosticError as refused:
        shown = refused.diagnostics[0].message
    return f"fails: {shown}" if example.fails else f"is {shown}"


def _field(name: str, value: Operand) -> str:
    return result_text(value, Type.TIME if name == TIME_REFERENCE else None)


def _described(function: Function) -> dict[str, object]:
    return {
        "name": function.name,
        "parameters": function.parameters,
        "usage": function.usage,
        "doc": function.doc,
        "examples": [f"{each.expression}  {_outcome(each)}" for each in function.examples],
    }
