"""What became of the mutants of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Literal

from tickdiscord.diagnostics import Diagnostic, counted
from tickdiscord.testing.mutation.mutants import Mutant
from tickdiscord.testing.mutation.suggesting import Suggestion
from tickdiscord.testing.mutation.trying import Kill

Outcome = Literal["killed", "survived", "equivalent"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A mutant, and what became of it."""

    mutant: Mutant
    outcome: Outcome
    kill: Kill | None = None
    """By which test; of a survivor, by which that was suggested for an earlier one."""
    suggestion: Suggestion | None = None
    """How a survivor differs from the rule, if no earlier suggestion shows it."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A test that fails though nothing has been changed."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """A rule or handler file, and its mutants. With `failing` tests nothing was changed."""

    path: Path
    tests: int
    verdicts: Sequence[Verdict] = ()
    not_loading: int = 0
    """Changes with which the rule does not load: they are no mutants."""
    streams: int = 0
    """How many streams were compared for those that are called equivalent."""
    failing: Sequence[Failing] = ()

    def of(self, outcome: Outcome) -> Sequence[Verdict]:
        """The mutants of which this became."""
        return [each for each in self.verdicts if each.outcome == outcome]


@dataclass(frozen=True, slots=True)
class Broken:
    """A test file that cannot be read."""

    path: Path
    diagnostics: Sequence[Diagnostic]


@dataclass(slots=True)
class Totals:
    """All of them together."""

    files: int = 0
    killed: int = 0
    survived: int = 0
    equivalent: int = 0
    not_loading: int = 0
    failing: int = 0
    """Rules and handler files whose tests fail as they are."""
    broken: int = 0
    """Test files."""

    def add(self, report: FileReport | Broken) -> None:
        """Count a file in."""
        self.files += 1
        if isinstance(report, Broken):
            self.broken += 1
            return
        self.killed += len(report.of("killed"))
        self.survived += len(report.of("survived"))
        self.equivalent += len(report.of("equivalent"))
        self.not_loading += report.not_loading
        self.failing += bool(report.failing)

    @property
    def score(self) -> float:
        """The killed in percent of all that differ from their rule; 100 where there are none."""
        return 100.0 * self.killed / (self.killed + self.survived) if self.killed + self.survived else 100.0

    def __str__(self) -> str:
        parts = [f"{self.killed} killed", f"{self.survived} survived", f"{self.equivalent} equivalent"]
        if self.failing:
            parts.append(f"{self.failing} not mutated")
        if self.broken:
            parts.append(counted(self.broken, "broken file"))
        score = f": {floor(self.score * 10) / 10:g}%" if self.killed + self.survived else ""
        return f"{', '.join(parts)}{score}"
