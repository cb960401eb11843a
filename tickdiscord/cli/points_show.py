"""`tickdiscord points [show]`: what a stream of points holds, line by line, and what in it is no point."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from tickdiscord import gotext
from tickdiscord.cli import exits
from tickdiscord.cli.input import MOST_SHOWN, InputOptions, open_input
from tickdiscord.cli.options import PATH, TALK
from tickdiscord.cli.showing import show
from tickdiscord.cli.stdin import STDIN, answer_lines
from tickdiscord.cli.terminal import Terminal, plain
from tickdiscord.clock import WallClock
from tickdiscord.points.model import Point, Value
from tickdiscord.points.precision import WORDS
from tickdiscord.points.report import point_json

EXAMPLE = """\b
Examples:
  tickdiscord points < points.lp
  telegraf --test | tickdiscord points --format json
  tickdiscord points --recording cpu.srpl.gz
"""

HEADER = ("TIME", "MEASUREMENT", "TAGS", "FIELDS")


@click.command("show", epilog=EXAMPLE)
@click.argument("file", required=False, type=PATH, metavar="[FILE|-]")
@click.option("--recording", type=PATH, metavar="FILE", help="Read one of Kapacitor's recordings: .srpl, .srpl.gz.")
@click.option("--precision", default="ns", show_default=True, metavar="UNIT", help=f"Of timestamps: {' '.join(WORDS)}.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For people, or one JSON object a point.",
)
@click.option("--jsonl", is_flag=True, help="Answer lines of JSON on stdin: line, precision; points and errors.")
@TALK
def command(
    file: Path | None,
    recording: Path | None,
    precision: str,
    form: str,
    jsonl: bool,
    verbose: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Validate line protocol from stdin or a file, and print every point with the types of its fields.

    A line without a timestamp gets the present time. The exit code is 0; 1 if the input cannot be read; 3 if a line is
    no point.
    """
    terminal = Terminal(-1 if quiet else int(verbose), False if no_color else None)
    if jsonl:
        from tickdiscord.points.report import jsonl_answer

        answer_lines(jsonl_answer, terminal)
        return exits.OK
    path = None if file is None or str(file) == STDIN else file
    options = InputOptions(
        points=path, recordings=() if recording is None else (recording,), dbrp=None, precision=precision
    )
    shown = sys.maxsize if verbose else MOST_SHOWN
    table = Table()
    with ExitStack() as stack:
        source = open_input(options, WallClock(), terminal, stack, shown=shown)
        for chunk in source.chunks():
            points = [chunk.point(index) for index in range(len(chunk))]
            show("".join(map(_json_line, points) if form == "json" else table.lines(points)))
    return exits.REJECTED if source.rejections else exits.OK


def _json_line(point: Point) -> str:
    return point_json(point.name, point.tags, point.fields, point.time) + "\n"


class Table:
    """Points as lines of a table; its columns grow with what they are given."""

    def __init__(self) -> None:
        self._widths: list[int] = []

    def lines(self, points: Iterable[Point]) -> Iterator[str]:
        """The lines of some points, the first time with the header."""
        rows = [_row(point) for point in points]
        if rows and not self._widths:
            rows.insert(0, HEADER)
            self._widths = [0] * len(HEADER)
        self._widths = [
            max(width, *map(len, column)) for width, column in zip(self._widths, zip(*rows, strict=True), strict=True)
        ]
        for row in rows:
            yield self._line(row)

    def _line(self, row: Sequence[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(row, self._widths, strict=True))
        return "  ".join(padded).rstrip() + "\n"


def _row(point: Point) -> tuple[str, str, str, str]:
    tags = ",".join(f"{key}={value}" for key, value in point.tags.items())
    fields = ", ".join(f"{plain(key)} {_typed(value)}" for key, value in sorted(point.fields.items()))
    return gotext.rfc3339(point.time), plain(point.name), plain(tags), fields


def _typed(value: Value) -> str:
    match value:
        case bool():
            return f"bool {'true' if value else 'false'}"
        case int():
            return f"int {value}"
        case float():
            return f"float {gotext.format_float(value)}"
        case str():
            return f"string {gotext.quote(value)}"
