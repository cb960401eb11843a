"""What became of tests: plain values, so that they can come from another process and go into any report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tickdiscord.diagnostics import Diagnostic, counted
from tickdiscord.testing.coverage.model import FileCoverage
from tickdiscord.testing.rules.expectations import Path as DocumentPath
from tickdiscord.testing.rules.mismatch import Row
from tickdiscord.testing.rules.snapshot import Written

Outcome = Literal["passed", "failed", "todo"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that does not hold, or a rule that does not load.

    `line` is where it is written in the test file. `explanation` says why the first difference came about.
    """

    title: str
    line: int = 0
    rows: Sequence[Row] = ()
    explanation: Sequence[str] = ()
    hint: str = ""
    diagnostics: Sequence[Diagnostic] = ()
    updated: bool = False
    """Whether `--update` would write what it wants."""


@dataclass(frozen=True, slots=True)
class Near:
    """Where, in a test that passed, a level came nearest to being decided otherwise; all of it as people read it."""

    time: str
    group: str
    level: str
    condition: str
    """The label of the lambda that was asked: `.crit()`."""
    comparison: str
    value: str
    threshold: str
    margin: float
    """A part of the threshold; negative if the condition did not hold."""


@dataclass(frozen=True, slots=True)
class Result:
    """A test, and what became of it; `seconds` is how long it took. `notes` are worth saying though it passed."""

    name: str
    line: int
    outcome: Outcome
    failures: Sequence[Failure] = ()
    notes: Sequence[str] = ()
    warnings: Sequence[Diagnostic] = ()
    todo: str = ""
    seconds: float = 0.0
    updates: Mapping[DocumentPath, Written] = field(default_factory=dict[DocumentPath, Written])
    """What `--update` would write, by the place in the file."""
    near: Near | None = None
    """If that was asked for."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """A test file: its tests, or why it could not be read."""

    path: Path
    results: Sequence[Result] = ()
    broken: Sequence[Diagnostic] = ()
    seconds: float = 0.0
    updated: int = 0
    """Expectations that `--update` has written."""
    coverage: Sequence[FileCoverage] = ()
    """What the tests have seen of rules and handler files, if that was asked for."""


@dataclass(slots=True)
class Totals:
    """How many of each."""

    passed: int = 0
    failed: int = 0
    todo: int = 0
    broken: int = 0
    """Files."""
    updated: int = 0
    files: int = 0

    def add(self, file: FileResult) -> None:
        """Count a file in."""
        self.files += 1
        self.broken += bool(file.broken)
        self.updated += file.updated
        for result in file.results:
            match result.outcome:
                case "passed":
                    self.passed += 1
                case "failed":
                    self.failed += 1
                case "todo":
                    self.todo += 1

    @classmethod
    def of(cls, files: Iterable[FileResult]) -> "Totals":
        """All of some files."""
        found = cls()
        for each in files:
            found.add(each)
        return found

    def __str__(self) -> str:
        parts = [(self.passed, "passed"), (self.failed, "failed"), (self.todo, "todo"), (self.updated, "updated")]
        said = [f"{number} {word}" for number, word in parts if number or word == "passed"]
        if self.broken:
            said.append(counted(self.broken, "broken file"))
        return ", ".join(said)
