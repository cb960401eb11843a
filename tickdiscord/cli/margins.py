"""`--margins` of `tickdiscord test`: the tests that passed by little."""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from tickdiscord.diagnostics import error
from tickdiscord.testing.margins import part, part_text
from tickdiscord.testing.rules.report import harmless
from tickdiscord.testing.rules.results import FileResult, Near

NO_PART = "TD778"
USUAL = "10%"

MARGINS = click.option(
    "--margins",
    "least_margin",
    is_flag=False,
    flag_value=USUAL,
    metavar="[PART]",
    help=f"List the tests that passed though a level came nearer to another decision, by default than {USUAL}.",
)


@dataclass(slots=True)
class Margins:
    """Collects what came near, of the tests of some files, and lists it."""

    least: float
    _near: list[tuple[str, str, Near]] = field(default_factory=list[tuple[str, str, Near]])

    def file(self, result: FileResult) -> None:
        """Take the results of a file."""
        for each in result.results:
            if each.near is not None and abs(each.near.margin) < self.least:
                self._near.append((str(result.path), each.name, each.near))

    def end(self, form: str) -> None:
        """List them: with the report if that is for people; else on stderr, if it does not say it itself."""
        if form != "json":
            out = sys.stdout if form == "pretty" else sys.stderr
            out.write("".join(f"{harmless(line)}\n" for line in self._lines()))

    def _lines(self) -> Iterator[str]:
        if not self._near:
            yield f"no test passed by less than {part_text(self.least)}"
            return
        yield f"passed by less than {part_text(self.least)}:"
        for path, name, near in sorted(self._near, key=lambda each: abs(each[2].margin)):
            yield f"  {part_text(abs(near.margin))}  {path}: {name}"
            who = f"{near.time} {near.group}".strip()
            holds = "holds" if math.copysign(1, near.margin) > 0 else "does not hold"
            yield f"      {who} {near.level}: {near.comparison} {holds} with {near.value}"


def wanted(said: str | None, paths: list[Path]) -> float | None:
    """What `--margins` wants. Its value may be the first of the paths: `--margins rules/`.

    Raises:
        DiagnosticError: it is neither that nor a part.
    """
    if said is None:
        return None
    try:
        return part(said)
    except ValueError as problem:
        if not Path(said).exists():
            raise error(NO_PART, f"--margins: {problem}", hint="write --margins=5%, or --margins=0.05") from None
    paths.insert(0, Path(said))
    return part(USUAL)
