"""`tickdiscord eval`: what an expression of a lambda comes to."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.options import NO_COLOUR, VARS
from tickdiscord.cli.showing import show
from tickdiscord.cli.stdin import answer_lines
from tickdiscord.cli.terminal import Terminal
from tickdiscord.cli.zone import zone
from tickdiscord.clock import WallClock
from tickdiscord.config.given import Values, read_given, values_of
from tickdiscord.diagnostics import NOWHERE, DiagnosticError, Severity, Source, error
from tickdiscord.lambdas import Environment, Failure, compile_lambda, explain, operands
from tickdiscord.lambdas.jsonl import NAME, answer
from tickdiscord.lambdas.walk import postorder
from tickdiscord.pipeline.declarations import placed
from tickdiscord.pipeline.variables import Names
from tickdiscord.points.exact import ParsedPoint, parse_lines
from tickdiscord.points.precision import WORDS, Precision
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse_expression

EXAMPLE = """\b
Examples:
  tickdiscord eval '2 * 5m'
  tickdiscord eval '"usage_idle" < limit' --point 'cpu,host=a usage_idle=3' --var limit=10.0
  tickdiscord eval 'sigma("v") > 3.0' --point 'm v=1' --point 'm v=9' --trace
"""

NO_POINT = "TD651"
PREFIX = "lambda:"
MINUS = re.compile(r"-[^-a-zA-Z]")


class Expression(click.Command):
    """A command that takes `-3 + 2` for an expression, not for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {each}" if MINUS.match(each) else each for each in args])


@click.command("eval", cls=Expression, epilog=EXAMPLE)
@click.argument("expression", required=False, metavar="EXPR")
@click.option(
    "--point",
    "lines",
    multiple=True,
    metavar="LINE",
    help="A point as line protocol: 'cpu,host=a usage_idle=3 10'. May be repeated; what the expression remembers, "
    "such as count(), goes on from one to the next.",
)
@click.option("--precision", default="ns", show_default=True, metavar="UNIT", help=f"Of timestamps: {' '.join(WORDS)}.")
@click.option("--timezone", metavar="ZONE", help="Where hour() and weekday() live, such as Europe/Berlin.  [UTC]")
@VARS
@click.option("--trace", is_flag=True, help="Show every part of the expression with its value.")
@click.option("--jsonl", is_flag=True, help="Answer lines of JSON on stdin: expr, cases with a point each; results.")
@NO_COLOUR
def command(
    expression: str | None,
    lines: Sequence[str],
    precision: str,
    timezone: str | None,
    vars_files: Sequence[Path],
    vars_given: Sequence[str],
    trace: bool,
    jsonl: bool,
    no_color: bool,
) -> int:
    """Evaluate an expression, as behind `lambda:`, and print its type and value, for every point in turn.

    Without a point it must be constant. The exit code is 0, or 1 if the expression is wrong or fails.
    """
    terminal = Terminal(0, False if no_color else None)
    environment = Environment(WallClock(), datetime.UTC if timezone is None else zone(timezone))
    if jsonl:
        answer_lines(lambda line: answer(line, environment), terminal)
        return exits.OK
    if expression is None:
        raise click.UsageError("Missing argument 'EXPR'.")
    points = list(_points(lines, Precision.named(precision), environment.clock.now()))
    parsed = _parsed(expression, values_of(read_given(vars_files, vars_given)))
    return _evaluate(parsed, Source(NAME, expression), points, environment, trace, terminal)


def _points(lines: Sequence[str], precision: Precision, now: int) -> Iterator[ParsedPoint]:
    for line in lines:
        for found in parse_lines(line.encode("utf-8", "surrogateescape"), precision, now):
            if not isinstance(found, ParsedPoint):
                raise DiagnosticError(replace(found.diagnostic("--point"), severity=Severity.ERROR))
            yield found


def _parsed(text: str, given: Values) -> tree.Expression:
    """The expression with vars in their places; a `lambda:` in front is passed over."""
    source = Source(NAME, text)
    bare = text.lstrip()
    if bare.startswith(PREFIX):
        text = " " * (len(text) - len(bare) + len(PREFIX)) + bare.removeprefix(PREFIX)
    try:
        parsed = parse_expression(text, NAME)
        used = {node.name: node.span for node, _ in postorder(parsed) if isinstance(node, tree.Identifier)}
        return Names({name: placed(given[name], used.get(name, NOWHERE)) for name in given}).substituted(parsed)
    except DiagnosticError as problem:
        raise DiagnosticError(*(replace(each, source=source) for each in problem.diagnostics)) from None


def _evaluate(
    expression: tree.Expression,
    source: Source,
    points: Sequence[ParsedPoint],
    environment: Environment,
    trace: bool,
    terminal: Terminal,
) -> int:
    compiled = compile_lambda(expression, environment, source)
    if compiled.references and not points:
        names = ", ".join(f'"{name}"' for name in compiled.references)
        raise error(NO_POINT, f"the expression reads {names}, and there is no point", hint="give one: --point 'm v=1'")
    state = compiled.new_state()
    failed = False
    for number, point in enumerate(points or [ParsedPoint("", {}, {}, 0)]):
        row = operands(point.fields, point.tags, point.time, compiled.references)
        found = explain(expression, row, environment, source, state)
        if trace:
            show("".join(f"{line}\n" for line in ([""] if number else []) + list(found.lines())))
        if isinstance(found.result, Failure):
            place = Source(f"{NAME}, point {number + 1}", source.text) if len(points) > 1 else source
            terminal.tell(replace(found.result.diagnostic(place), severity=Severity.ERROR))
            failed = True
        elif not trace:
            show(f"{found.type.value if found.type else ''} {found.shown}\n")
    return exits.WRONG if failed else exits.OK
