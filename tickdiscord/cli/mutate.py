"""`tickdiscord test --mutate`: which small changes of the rules the tests notice."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click

from tickdiscord.cli import exits
from tickdiscord.cli.progress import Progress
from tickdiscord.clock import elapsed
from tickdiscord.diagnostics import did_you_mean, error
from tickdiscord.testing.rules.runner import Options

NOT_TOGETHER = "TD790"
NOT_TESTED = "TD791"

ALL = ""
"""What `--mutate` says without a value."""
FORMATS = ("pretty", "json")
SEED = 0
"""The streams that rules and mutants are compared on are the same in every run."""

MUTATE = click.option(
    "--mutate",
    "mutated",
    is_flag=False,
    flag_value=ALL,
    metavar="[RULE]",
    help="Change the rules, or only RULE, a little in many ways, and tell which changes no test notices.",
)
THRESHOLD = click.option(
    "--mutation-threshold",
    type=click.FloatRange(0, 100),
    default=100.0,
    show_default=True,
    metavar="PERCENT",
    help="With --mutate: the exit code is 2 if fewer of the changes are noticed.",
)


@dataclass(frozen=True, slots=True)
class Mutating:
    """What is to be mutated: all rules, or one; and how many percent of the mutants are to be killed."""

    only: Path | None
    threshold: float


def refuse(others: Mapping[str, bool]) -> None:
    """See that no other option is given that `--mutate` does not go with.

    Raises:
        DiagnosticError: one is.
    """
    for name, given in others.items():
        if given:
            raise error(NOT_TOGETHER, f"`{name}` does not go with `--mutate`", hint="give one of them")


def mutating(value: str, paths: list[Path], threshold: float) -> Mutating:
    """What `--mutate` means. Its value may be the first of the paths: `--mutate rules/`, where tests are."""
    path = Path(value)
    if value and (path.is_dir() or path.stem.endswith("_test")):
        paths.insert(0, path)
        return Mutating(None, threshold)
    if value and not path.is_file():
        raise error("TD400", f"--mutate: there is no `{value}`")
    return Mutating(path if value else None, threshold)


def run(files: Sequence[Path], options: Options, wanted: Mutating, form: str, coloured: bool) -> int:
    """Mutate, write the report, and give the exit code.

    Raises:
        DiagnosticError: there is no such report, or no test is about the rule that is wanted.
    """
    # Other uses of `test` do without these.
    from tickdiscord.testing.mutation.report import Pretty
    from tickdiscord.testing.mutation.report_json import Json
    from tickdiscord.testing.mutation.results import Totals
    from tickdiscord.testing.mutation.run import Work

    if form not in FORMATS:
        raise error(NOT_TOGETHER, f"`--mutate` has no report `{form}`", hint=f"it has: {', '.join(FORMATS)}")
    begun, progress = elapsed(), Progress()
    report = Json(sys.stdout) if form == "json" else Pretty(sys.stdout, coloured)
    work = Work(files, options.chooses, wanted.only, options.scripts)
    totals = Totals()
    for each in work.reports(lambda: Random(SEED), lambda path, done, of: progress(done, of, f"mutants of {path}")):
        totals.add(each)
        report.file(each)
        sys.stdout.flush()
    if not totals.files:
        raise _not_tested(wanted, options, list(work.subjects))
    report.end(totals, wanted.threshold, elapsed() - begun)
    sys.stdout.flush()
    if totals.broken:
        return exits.WRONG
    return exits.FOUND if totals.failing or totals.score < wanted.threshold else exits.OK


def _not_tested(wanted: Mutating, options: Options, tested: Sequence[Path]) -> Exception:
    if wanted.only is not None:
        hint = did_you_mean(wanted.only.name, [path.name for path in tested])
        return error(NOT_TESTED, f"no test is about `{wanted.only}`", hint=hint)
    pattern = options.pattern
    message = f"no test has `{pattern}` in its file or name" if pattern else "there is no test in these files"
    return error(NOT_TESTED, message)
