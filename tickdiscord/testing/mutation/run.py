"""Mutates what tests are about, and sees which of the mutants the tests notice."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from tickdiscord.config.files import RULES, listed, read_text
from tickdiscord.config.handler_files import ENDINGS
from tickdiscord.diagnostics import DiagnosticError, Source
from tickdiscord.testing.mutation.grain import Grain
from tickdiscord.testing.mutation.mutants import Mutant, mutants_of_handlers, mutants_of_rule
from tickdiscord.testing.mutation.results import Broken, Failing, FileReport, Verdict
from tickdiscord.testing.mutation.searching import Search
from tickdiscord.testing.mutation.streams import streams
from tickdiscord.testing.mutation.suggesting import read_test, suggestion
from tickdiscord.testing.mutation.trying import Case, NotAMutantError, Trial, complaint, kept
from tickdiscord.testing.rules.files import read_file
from tickdiscord.testing.rules.loading import Loader
from tickdiscord.testing.rules.suite import RuleTest

MOST_NOTED = 100_000
"""So many points of a test tell how fine its data are."""

Progress = Callable[[Path, int, int], None]
"""Hears of which file how many of how many mutants are done."""


@dataclass(slots=True)
class Subject:
    """A rule or handler file, and the tests that are about it, each with the file that it stands in."""

    path: Path
    is_rule: bool
    cases: list[Case] = field(default_factory=list[Case])
    files: list[Path] = field(default_factory=list[Path])
    failing: list[Failing] = field(default_factory=list[Failing])


def _nobody(path: Path, done: int, of: int) -> None:
    pass


@dataclass(slots=True)
class Work:
    """Test files, and what is mutated by their tests: everything that they are about, or `only` one file of that."""

    files: Sequence[Path]
    chooses: Callable[[Path, str], bool] = lambda path, name: True
    """Whether a test of a file is to be run."""
    only: Path | None = None
    scripts: Path | None = None
    subjects: dict[Path, Subject] = field(default_factory=dict[Path, Subject])
    """By their whole paths."""

    def reports(self, random: Callable[[], Random], progress: Progress = _nobody) -> Iterator[FileReport | Broken]:
        """What became of the mutants of all rules and handler files.

        `random` gives the chance by which streams are made, for each file anew.
        """
        loader = Loader()
        for file in self.files:
            try:
                suite = read_file(file, self.scripts)
            except DiagnosticError as problem:
                yield Broken(file, problem.diagnostics)
                continue
            for test in suite.tests:
                if test.todo is None and self.chooses(file, test.name):
                    self._add(test, file, loader)
        for path, subject in self.subjects.items():
            if self.only is None or self.only.resolve() == path:
                yield _report(subject, random, progress)

    def _add(self, test: RuleTest, file: Path, loader: Loader) -> None:
        """Put a test where it belongs: to its rules and its handler files."""
        case: Case | None = None
        try:
            loaded = loader.load(test.setup)
            about = [(task.path, True) for task in loaded.tasks]
            about += [(Path(each.source.name), False) for each in loaded.handlers.subscriptions]
            case = Case(replace(test, feed=kept(test.feed)), loaded)
            said = complaint(case.test, loaded)
        except DiagnosticError as problem:
            said = problem.diagnostics[0].message
            about = [(path, True) for path in listed(test.setup.rules, RULES)]
            about += [(path, False) for path in listed(test.setup.handlers, ENDINGS)]
        for path, is_rule in dict(about).items():
            subject = self.subjects.setdefault(path.resolve(), Subject(path, is_rule))
            if said or case is None:
                subject.failing.append(Failing(f"{file}: {test.name}", said))
            else:
                subject.cases.append(case)
                subject.files.append(file)


def _report(subject: Subject, random: Callable[[], Random], progress: Progress) -> FileReport:
    count = len(subject.cases) + len(subject.failing)
    if subject.failing:
        return FileReport(subject.path, count, failing=subject.failing)
    grain = _grain(subject.cases)
    mutants = list(_mutants(subject, grain))
    court = Court(subject, Trial(list(subject.cases)), Search(streams(subject.cases, grain, random())))
    verdicts: list[Verdict] = []
    for number, mutant in enumerate(mutants):
        progress(subject.path, number, len(mutants))
        with contextlib.suppress(NotAMutantError):
            verdicts.append(court.verdict(mutant))
    progress(subject.path, len(mutants), len(mutants))
    return FileReport(subject.path, count, verdicts, len(mutants) - len(verdicts), len(court.search.streams))


@dataclass(slots=True)
class Court:
    """Judges mutants. A test that is suggested for one may notice others too, for which none is looked for then."""

    subject: Subject
    trial: Trial
    search: Search
    suggested: Trial = field(default_factory=lambda: Trial([]))

    def verdict(self, mutant: Mutant) -> Verdict:
        """What becomes of a mutant.

        Raises:
            NotAMutantError: the rule does not load with the change.
        """
        kill = self.trial.killer(mutant)
        if kill is not None:
            return Verdict(mutant, "killed", kill)
        kill = self.suggested.killer(mutant)
        if kill is not None:
            return Verdict(mutant, "survived", kill)
        witness = self.search.witness(mutant)
        if witness is None:
            return Verdict(mutant, "equivalent")
        case = witness.stream.case
        found = suggestion(mutant, witness, self.subject.files[self.subject.cases.index(case)])
        test = read_test(found.test, found.beside)
        if test is not None:
            self.suggested.cases.append(Case(test, case.loaded))
        return Verdict(mutant, "survived", suggestion=found)


def _mutants(subject: Subject, grain: Grain) -> Iterator[Mutant]:
    source = Source(str(subject.path), read_text(subject.path))
    if subject.is_rule:
        yield from mutants_of_rule(subject.path, source, grain)
    else:
        yield from mutants_of_handlers(subject.path, source)


def _grain(cases: Sequence[Case]) -> Grain:
    grain = Grain()
    for case in cases:
        for number, fed in enumerate(case.test.feed.points(case.test.feed.base())):
            if number >= MOST_NOTED:
                break
            grain.note(fed.fields)
    return grain
