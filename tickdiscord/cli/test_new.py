"""`tickdiscord test new`: makes tests out of a recording."""

from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.input import MOST_SHOWN
from tickdiscord.cli.options import NO_COLOUR, PATH, RULES, RuleOptions
from tickdiscord.cli.showing import show
from tickdiscord.cli.terminal import Terminal
from tickdiscord.cli.writing import UNWRITABLE, write_text
from tickdiscord.config.given import read_given
from tickdiscord.diagnostics import Diagnostic, counted, error
from tickdiscord.points.precision import WORDS, Precision
from tickdiscord.testing.pinning.pin import MOST_TESTS, Pinning, Wanted, pin
from tickdiscord.testing.rules.feed import FileSource
from tickdiscord.testing.rules.suite import Setup

THERE_ALREADY = "TD775"
NO_CHANGES = "TD776"

STDOUT = Path("new_test.yaml")
"""Where a file on stdout is taken to be: names in it are meant from here."""

EXAMPLE = """\b
Examples:
  tickdiscord test new cpu.tick --from week.lp.gz > cpu_test.yaml
  tickdiscord test new cpu.tick --from week.srpl -o tests/cpu_test.yaml --force
  tickdiscord test new rules/ --from points.lp --precision s --limit 3
"""


@click.command("new", epilog=EXAMPLE)
@RULES
@click.option(
    "--from",
    "recording",
    required=True,
    type=PATH,
    metavar="FILE",
    help="Points: line protocol, or one of Kapacitor's recordings (.srpl); either may be gzipped.",
)
@click.option("--precision", default="ns", show_default=True, metavar="UNIT", help=f"Of timestamps: {' '.join(WORDS)}.")
@click.option("-o", "output", type=PATH, metavar="FILE", help="Write the tests into a file, not to stdout.")
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Tests for each group and kind of change, such as OK to CRITICAL.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=MOST_TESTS,
    show_default=True,
    metavar="N",
    help="Tests in all; where there are more changes, all kinds come before all groups.",
)
@click.option("--all", "everything", is_flag=True, help="A test for every change, however many there are.")
@NO_COLOUR
def command(
    recording: Path,
    precision: str,
    output: Path | None,
    force: bool,
    limit: int,
    most: int,
    everything: bool,
    no_color: bool,
    **given: object,
) -> int:
    """Make tests that pin what rules did: one for each change of level in a recording.

    Each test has the fewest points that make the rule change its level as it did, with the same message, and expects
    exactly the events that come of them. The exit code is 0; 1 if there is nothing to pin or something is wrong; 2 if a
    change could not be pinned.
    """
    options = RuleOptions(**given)  # pyright: ignore[reportArgumentType]
    terminal = Terminal(0, False if no_color else None)
    if output is not None and output.exists() and not force:
        raise error(THERE_ALREADY, f"`{output}` is there already", hint="--force writes over it")
    if output is not None and not output.parent.is_dir():
        raise error(UNWRITABLE, f"`{output}` cannot be written: there is no folder `{output.parent}`")
    wanted = Wanted(
        _setup(options),
        FileSource(recording, Precision.named(precision)),
        output or STDOUT,
        None if everything else limit,
        None if everything else most,
    )
    rejected: list[Diagnostic] = []
    made = pin(wanted, rejected.append)
    terminal.tell_all(rejected[:MOST_SHOWN])
    if rejected:
        terminal.note(f"{recording}: lines that are no points: {len(rejected):,}")
    if not made.found.number:
        hint = "a recording of a longer time, or with points that the rules are about; `check --data` says what is lost"
        raise error(NO_CHANGES, f"no alert changes its level in {recording}", hint=hint)
    _tell(made, terminal)
    if output is None:
        show(made.text)
    elif made.text:
        write_text(output, made.text)
    return exits.FOUND if made.failed else exits.OK


def _setup(options: RuleOptions) -> Setup:
    given = read_given((), options.vars_given)
    return Setup(
        rules=tuple(options.rules),
        vars=tuple(given.words.items()),
        vars_files=tuple(options.vars_files),
        config=options.config,
        handlers=tuple(options.handlers),
    )


def _tell(made: Pinning, terminal: Terminal) -> None:
    """What was made, and what was not."""
    found = made.found
    of = counted(found.number, "change")
    terminal.note(f"{of} of level in {counted(found.points, 'point')}: {counted(len(made.pinned), 'test')}")
    if made.left_out:
        terminal.note(f"{made.left_out:,} more, of the same kinds: --limit, --most or --all pins them")
    reworded = sum(not each.exact for each in made.pinned)
    if reworded:
        terminal.note(f"{reworded:,} of the tests have another message than the recording, which took many more points")
    for change in made.failed:
        who = " ".join(change.group.split()) or "all points"
        terminal.note(f"not pinned: {who} from {change.previous} to {change.level}: the points before it do not do it")
