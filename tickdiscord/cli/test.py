"""`tickdiscord test`: runs the tests of rules, offline."""

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.options import NO_COLOUR, PATH
from tickdiscord.cli.terminal import Terminal
from tickdiscord.clock import elapsed
from tickdiscord.diagnostics import error
from tickdiscord.testing.rules import snapshot
from tickdiscord.testing.rules.files import test_files
from tickdiscord.testing.rules.report import FORMATS, report_named
from tickdiscord.testing.rules.results import Totals
from tickdiscord.testing.rules.runner import Options, run_files

NOT_CHOSEN = "TD772"
PROGRESS_AFTER_S = 1.0
"""Before that nobody wants to know how far it is."""

EXAMPLE = """\b
Examples:
  tickdiscord test
  tickdiscord test rules/ -k recovery --fail-fast
  tickdiscord test rules/ --format junit > report.xml
  tickdiscord test cpu_test.yaml --update
"""


@click.command("test", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]…")
@click.option("-k", "pattern", default="", metavar="TEXT", help="Only tests with this in their file or name.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first test that fails.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="pretty",
    show_default=True,
    help="For people, one JSON object a line, JUnit's XML, TAP, or annotations for GitHub Actions.",
)
@click.option("--update", is_flag=True, help="Write what came out into the test files, where it is expected otherwise.")
@click.option("--scripts", type=PATH, metavar="DIR", help="Where the rules of kapacitor-unit's files are.")
@click.option("--processes", type=click.IntRange(min=1), metavar="N", help="At most so many at once.  [one a core]")
@NO_COLOUR
def command(
    paths: Sequence[Path],
    pattern: str,
    fail_fast: bool,
    form: str,
    update: bool,
    scripts: Path | None,
    processes: int | None,
    no_color: bool,
) -> int:
    """Run the tests in files and folders, by default in this folder and below.

    Tests stand in files named *_test.yaml, or in a rule behind `// test:`; kapacitor-unit's files run as well. The
    exit code is 0; 1 if a test file is broken or there is nothing to test; 2 if a test failed, or its rule does not
    load.
    """
    terminal = Terminal(0, False if no_color else None)
    if update:
        snapshot.require()
    if scripts is not None and not scripts.is_dir():
        raise error("TD400", f"--scripts: there is no folder `{scripts}`")
    files = test_files(list(paths) or [Path()])
    options = Options(scripts, pattern, fail_fast, update, processes or os.cpu_count() or 1)
    begun = elapsed()
    report = report_named(form, sys.stdout, terminal.coloured(sys.stdout))
    totals = Totals()

    def progress(done: int, of: int) -> None:
        if elapsed() - begun > PROGRESS_AFTER_S and sys.stderr.isatty():
            ending = "\r" if done < of else "\r\x1b[K"
            with contextlib.suppress(OSError):
                sys.stderr.write(f"{done} of {of} files{ending}")
                sys.stderr.flush()

    for result in run_files(files, options, progress):
        totals.add(result)
        report.file(result)
    report.end(totals, elapsed() - begun)
    sys.stdout.flush()
    if not (totals.passed or totals.failed or totals.todo or totals.broken):
        message = f"no test has `{pattern}` in its file or name" if pattern else "there is no test in these files"
        raise error(NOT_CHOSEN, message)
    if totals.broken:
        return exits.WRONG
    return exits.FOUND if totals.failed else exits.OK
