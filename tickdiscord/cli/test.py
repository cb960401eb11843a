"""`tickdiscord test`: runs the tests of rules, offline."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tickdiscord.cli import exits, margins, mutate
from tickdiscord.cli.coverage import COVERAGE, Covering, Report
from tickdiscord.cli.interrupts import Interrupts
from tickdiscord.cli.options import NO_COLOUR, PATH
from tickdiscord.cli.progress import Progress
from tickdiscord.cli.terminal import Terminal
from tickdiscord.clock import elapsed, pause
from tickdiscord.diagnostics import DiagnosticError, error, render
from tickdiscord.testing.coverage.model import Coverage
from tickdiscord.testing.rules import snapshot
from tickdiscord.testing.rules.dependencies import Watched, changed_since, depends_on, is_revision
from tickdiscord.testing.rules.files import test_files
from tickdiscord.testing.rules.report import FORMATS, report_named
from tickdiscord.testing.rules.results import Totals
from tickdiscord.testing.rules.runner import Options, run_files

NOT_CHOSEN = "TD772"
LOOK_EVERY_S = 0.1
"""How often `--watch` looks whether a file has changed."""

EXAMPLE = """\b
Examples:
  tickdiscord test
  tickdiscord test rules/ -k recovery --fail-fast
  tickdiscord test rules/ --format junit > report.xml
  tickdiscord test cpu_test.yaml --update
  tickdiscord test --changed=main
  tickdiscord test rules/ --watch
  tickdiscord test new cpu.tick --from week.lp.gz -o cpu_test.yaml
  tickdiscord test rules/ --margins=5%
  tickdiscord test rules/ --mutate
  tickdiscord test rules/ --coverage --threshold 90
  tickdiscord test rules/ --cov-report html:htmlcov --cov-report lcov:coverage.lcov
"""


class _OrNew(click.Command):
    """`tickdiscord test`, or `tickdiscord test new`, whose arguments are others."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] != ["new"]:
            return super().make_context(info_name, args, parent, **extra)
        from tickdiscord.cli import test_new

        return test_new.command.make_context(f"{info_name} new", args[1:], parent, **extra)


@click.command("test", cls=_OrNew, epilog=EXAMPLE)
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
@click.option(
    "--changed",
    is_flag=False,
    flag_value="HEAD",
    metavar="[REV]",
    help="Only test files of which something is not as in a revision of git, by default HEAD.",
)
@click.option("--watch", is_flag=True, help="Go on, and run again what a change of a file affects, until Ctrl-C.")
@click.option("--update", is_flag=True, help="Write what came out into the test files, where it is expected otherwise.")
@click.option("--scripts", type=PATH, metavar="DIR", help="Where the rules of kapacitor-unit's files are.")
@click.option("--processes", type=click.IntRange(min=1), metavar="N", help="At most so many at once.  [one a core]")
@COVERAGE
@margins.MARGINS
@mutate.MUTATE
@mutate.THRESHOLD
@NO_COLOUR
def command(
    paths: Sequence[Path],
    pattern: str,
    fail_fast: bool,
    form: str,
    changed: str | None,
    watch: bool,
    update: bool,
    scripts: Path | None,
    processes: int | None,
    coverage: bool,
    cov_reports: Sequence[Report],
    threshold: float | None,
    least_margin: str | None,
    mutated: str | None,
    mutation_threshold: float,
    no_color: bool,
) -> int:
    """Run the tests in files and folders, by default in this folder and below.

    Tests stand in files named *_test.yaml, or in a rule behind `// test:`; kapacitor-unit's files run as well. The
    exit code is 0; 1 if a test file is broken or there is nothing to test; 2 if a test failed, its rule does not load,
    or less of a rule is covered than is asked for. `tickdiscord test new --help` says how to make tests out of a
    recording.
    """
    terminal = Terminal(0, False if no_color else None)
    if update:
        snapshot.require()
    if scripts is not None and not scripts.is_dir():
        raise error("TD400", f"--scripts: there is no folder `{scripts}`")
    given = list(paths)
    if changed is not None and Path(changed).exists() and not is_revision(changed):
        changed, given = "HEAD", [Path(changed), *given]
    covering = Covering(coverage, cov_reports, threshold)
    least = margins.wanted(least_margin, given)
    mutating = None
    if mutated is not None:
        others = {"--watch": watch, "--update": update, "--fail-fast": fail_fast}
        mutate.refuse({**others, "--coverage": covering.wanted, "--margins": least is not None})
        mutating = mutate.mutating(mutated, given, mutation_threshold)
    given = given or [Path()]
    options = Options(
        scripts, pattern, fail_fast, update, covering.wanted, least is not None, processes or os.cpu_count() or 1
    )
    said = Said(form, terminal.coloured(sys.stdout), covering, least)
    if watch:
        return _watch(given, options, said)
    files = test_files(given)
    if changed is not None:
        since = changed_since(changed)
        files = [path for path in files if since & depends_on(path, scripts)]
        if not files:
            sys.stderr.write(f"nothing that a test depends on has changed since {changed}\n")
            return exits.OK
    if mutating is not None:
        return mutate.run(files, options, mutating, said.form, said.coloured)
    # Whoever chooses tests does not ask what others cover.
    everything = given if changed is None and not pattern else ()
    return _run(files, options, said, everything)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of tests, and how."""

    form: str
    coloured: bool
    covering: Covering
    least: float | None
    """A test that passed by less is listed."""


def _watch(paths: Sequence[Path], options: Options, said: Said) -> int:
    """Run all, then again and again what has changed."""
    watched = Watched(options.scripts)
    code, first = exits.OK, True
    with Interrupts() as interrupts:
        for affected in interrupts.between(_changes(watched, paths)):
            causes = sorted({os.path.relpath(cause) for each in affected.values() for cause in each})
            if not first:
                sys.stdout.write(f"\nchanged: {', '.join(causes)}\n")
            first = False
            try:
                code = _run(list(affected), options, said)
            except DiagnosticError as problem:
                sys.stdout.write("".join(f"{render(each)}\n" for each in problem.diagnostics))
                code = exits.WRONG
            sys.stdout.flush()
    return code


def _changes(watched: Watched, paths: Sequence[Path]) -> Iterator[Mapping[Path, Sequence[Path]]]:
    while True:
        if affected := watched.affected(test_files(paths)):
            yield affected
        pause(LOOK_EVERY_S)


def _run(files: Sequence[Path], options: Options, said: Said, everything: Sequence[Path] = ()) -> int:
    """Run tests, and report. Of the rules in `everything` that no test is about the coverage tells as well."""
    begun = elapsed()
    report = report_named(said.form, sys.stdout, said.coloured)
    near = None if said.least is None else margins.Margins(said.least)
    totals, seen = Totals(), Coverage()

    progress = Progress()
    for result in run_files(files, options, lambda done, of: progress(done, of, "files")):
        totals.add(result)
        seen.add(result.coverage)
        report.file(result)
        if near is not None:
            near.file(result)
    report.end(totals, elapsed() - begun)
    if near is not None:
        near.end(said.form)
    sys.stdout.flush()
    if not (totals.passed or totals.failed or totals.todo or totals.broken):
        pattern = options.pattern
        message = f"no test has `{pattern}` in its file or name" if pattern else "there is no test in these files"
        raise error(NOT_CHOSEN, message)
    uncovered = exits.OK
    if said.covering.wanted:
        machine = said.form != "pretty"
        uncovered = said.covering.end(everything, seen, machine=machine, coloured=said.coloured)
    if totals.broken:
        return exits.WRONG
    return exits.FOUND if totals.failed else uncovered
