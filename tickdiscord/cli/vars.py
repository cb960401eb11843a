"""`tickdiscord vars`: what rules expect of the outside."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.options import NO_COLOUR, PATH
from tickdiscord.cli.showing import show
from tickdiscord.cli.terminal import Terminal
from tickdiscord.config.files import listed_rules, read_text
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.lambdas.text import duration_text, text_of
from tickdiscord.pipeline.declarations import Var, declarations
from tickdiscord.syntax import tree
from tickdiscord.syntax.formatter import format_expression

EXAMPLE = """\b
Examples:
  tickdiscord vars template.tick
  tickdiscord vars template.tick --format json > web.json
  tickdiscord run template.tick --vars web.json --dry-run < points.lp
"""

LONGEST = 40
"""Of a default this many characters are shown in the list."""
NEEDED = "(none)"
DEEPEST = 100
"""As deep as a lambda may be nested."""


@click.command("vars", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="FILE…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["pretty", "json"]),
    default="pretty",
    show_default=True,
    help="For people, or as a vars file to be filled in: one JSON object a rule.",
)
@NO_COLOUR
def command(paths: Sequence[Path], form: str, no_color: bool) -> int:
    """List the vars that rules expect: name, type, default, and the comment above each.

    A folder means all .tick files in it. The exit code is 0, or 1 if a script has syntax errors.
    """
    terminal = Terminal(0, False if no_color else None)
    code = exits.OK
    files = listed_rules(paths)
    for path in files:
        try:
            vars = declarations(read_text(path), str(path))
        except DiagnosticError as problem:
            terminal.tell_all(problem.diagnostics)
            code = exits.WRONG
            continue
        if form == "json":
            show(f"{_vars_file(path, vars)}\n")
        else:
            show("".join(f"{line}\n" for line in _list(path, vars, several=len(files) > 1)))
    return code


def _list(path: Path, vars: Sequence[Var], *, several: bool) -> list[str]:
    lines = [f"{path}:"] if several else []
    if not vars:
        return [*lines, "no vars"]
    rows = [("NAME", "TYPE", "DEFAULT"), *((var.name, var.type, _default(var)) for var in vars)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    comments = ["COMMENT", *(" ".join(var.comment.split()) for var in vars)]
    for row, comment in zip(rows, comments, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join([*cells, comment]).rstrip())
    return lines


def _default(var: Var) -> str:
    text = NEEDED if var.written is None else _shown(var.written)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _shown(value: tree.Expression) -> str:
    return " ".join(format_expression(value).split())


def _vars_file(path: Path, vars: Sequence[Var]) -> str:
    """A vars file for the rule, in Kapacitor's form; null is what has no default, or follows other vars."""
    return json.dumps(
        {"template-id": path.stem, "vars": {var.name: _described(var) for var in vars}}, ensure_ascii=False
    )


def _described(var: Var) -> dict[str, object]:
    described: dict[str, object] = {"type": var.type}
    described["value"] = None if var.value is None or var.derived else _plain(var.value)
    if var.written is not None:
        described["default"] = _shown(var.written)
    if var.comment:
        described["description"] = var.comment
    return described


def _plain(value: tree.Expression) -> object:
    """A value as a vars file says it."""
    match value:
        case tree.Duration():
            return value.text or duration_text(value.value)
        case tree.Regex():
            return value.pattern
        case tree.Lambda():
            return text_of(value.expression, DEEPEST)
        case tree.List():
            return [
                {"type": "star" if isinstance(each, tree.Star) else "string", "value": _plain(each)}
                for each in value.items
            ]
        case tree.Bool() | tree.Integer() | tree.Float() | tree.String():
            return value.value
        case _:
            return ""
