"""What is to be covered in a file, and what of it was: plain data, that comes from any process and adds up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from tickdiscord.diagnostics import Source, Span


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that a good test makes happen. `never` completes a sentence about the subject if nothing did."""

    id: str
    """The same in every run of the file."""
    span: Span
    subject: str
    never: str


@dataclass(slots=True)
class FileCoverage:
    """The goals of a rule or handler file, and the ids of those that were reached.

    `note` is why there are none reached: no test is about the file, or it does not load.
    """

    path: Path
    """As the user names it."""
    text: str
    goals: dict[str, Goal] = field(default_factory=dict[str, Goal])
    reached: set[str] = field(default_factory=set[str])
    note: str = ""

    @property
    def source(self) -> Source:
        return Source(str(self.path), self.text)

    @property
    def total(self) -> int:
        return len(self.goals)

    @property
    def missing(self) -> Sequence[Goal]:
        """The goals that were not reached, in the order of the file."""
        return _ordered(goal for id, goal in self.goals.items() if id not in self.reached)

    @property
    def covered(self) -> int:
        return len(self.goals.keys() & self.reached)

    @property
    def percent(self) -> float:
        """The share of the goals that were reached; a file that does not load has none."""
        return percent(self.covered, self.total) if self.total else 0.0 if self.note else 100.0

    def by_line(self) -> Mapping[int, Sequence[Goal]]:
        """The goals by the line that they begin on, counted from 1, in order."""
        return self._lines(_ordered(self.goals.values()))

    def missing_by_line(self) -> Mapping[int, Sequence[Goal]]:
        """The same of those that were not reached."""
        return self._lines(self.missing)

    def _lines(self, goals: Iterable[Goal]) -> Mapping[int, Sequence[Goal]]:
        source = self.source
        return {line: list(same) for line, same in groupby(goals, lambda goal: source.place(goal.span.start)[0])}

    def add(self, other: "FileCoverage") -> None:
        """What was seen of the same file elsewhere."""
        self.goals.update(other.goals)
        self.reached |= other.reached


def _ordered(goals: Iterable[Goal]) -> list[Goal]:
    return sorted(goals, key=lambda goal: (goal.span.start, -goal.span.end))


def percent(covered: int, total: int) -> float:
    return 100.0 * covered / total if total else 100.0


def percent_text(value: float) -> str:
    """A percentage without decimals; 0 and 100 are said only of what is exactly that."""
    return f"{min(99, max(1, round(value))) if 0 < value < 100 else round(value)}%"


@dataclass(slots=True)
class Coverage:
    """All files, by their resolved paths."""

    files: dict[Path, FileCoverage] = field(default_factory=dict[Path, FileCoverage])

    def add(self, more: Iterable[FileCoverage]) -> None:
        """Count in what was seen in some tests."""
        for each in more:
            known = self.files.setdefault(each.path.resolve(), each)
            if known is not each:
                known.add(each)

    def __iter__(self) -> Iterator[FileCoverage]:
        """The files by name."""
        return iter(sorted(self.files.values(), key=lambda each: str(each.path)))

    @property
    def total(self) -> int:
        return sum(each.total for each in self.files.values())

    @property
    def covered(self) -> int:
        return sum(each.covered for each in self.files.values())

    @property
    def percent(self) -> float:
        return percent(self.covered, self.total)

    def below(self, threshold: float) -> Sequence[FileCoverage]:
        """The files of which a smaller share was reached, in percent."""
        return [each for each in self if each.percent < threshold]


def sentences(goals: Iterable[Goal]) -> Iterator[str]:
    """What was not reached, in words: a sentence for each subject, in their order."""
    by_subject: dict[str, list[str]] = {}
    for goal in goals:
        by_subject.setdefault(goal.subject, []).append(goal.never)
    return (f"{subject} {', '.join(dict.fromkeys(nevers))}" for subject, nevers in by_subject.items())


def ranges(lines: Iterable[int]) -> str:
    """Line numbers as people write them: `6, 9-11`."""
    found: list[list[int]] = []
    for line in sorted(set(lines)):
        if found and line == found[-1][1] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in found)
