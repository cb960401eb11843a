"""`tickdiscord points describe`: infers a data contract from points."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.data import EMPTY
from tickdiscord.cli.input import InputOptions, open_input
from tickdiscord.cli.options import PATH, TALK
from tickdiscord.cli.showing import show
from tickdiscord.cli.stdin import STDIN
from tickdiscord.cli.terminal import Terminal
from tickdiscord.cli.writing import write_text
from tickdiscord.clock import WallClock
from tickdiscord.diagnostics import error
from tickdiscord.points.precision import WORDS

EXAMPLE = """\b
Examples:
  tickdiscord points describe points.lp
  tickdiscord points describe monday.srpl.gz tuesday.srpl.gz -o contract.yaml
  tickdiscord check cpu.tick --data contract.yaml
"""


@click.command("describe", epilog=EXAMPLE)
@click.argument("files", nargs=-1, type=PATH, metavar="[FILE|-]…")
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Write the contract to a file, not to stdout.")
@click.option("--precision", default="ns", show_default=True, metavar="UNIT", help=f"Of timestamps: {' '.join(WORDS)}.")
@TALK
def command(
    files: Sequence[Path],
    output: Path | None,
    precision: str,
    verbose: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Infer a data contract from points: line protocol or recordings (.srpl), plain or gzipped.

    It says which measurements there are, their tags with the number of values and examples, their fields with types
    and ranges, how often points come, and how long they stayed away. `tickdiscord check --data` holds a rule against
    it. The exit code is 0; 1 if the input cannot be read or is empty; 3 if a line is no point.
    """
    from tickdiscord.contract.describe import Describer
    from tickdiscord.contract.form import written

    terminal = Terminal(-1 if quiet else int(verbose), False if no_color else None)
    describer, rejected = Describer(), 0
    for file in files or (Path(STDIN),):
        options = InputOptions(
            points=None if str(file) == STDIN else file, recordings=(), dbrp=None, precision=precision
        )
        with ExitStack() as stack:
            source = open_input(options, WallClock(), terminal, stack)
            for chunk in source.chunks():
                describer.feed(chunk)
            rejected += source.rejections
    contract = describer.contract(rejected)
    names = ", ".join(map(str, files)) or "stdin"
    if not contract.points:
        raise error(EMPTY, f"there are no points in {names}")
    text = written(contract, names)
    if output is None:
        show(text)
    else:
        write_text(output, text)
    return exits.REJECTED if rejected else exits.OK
