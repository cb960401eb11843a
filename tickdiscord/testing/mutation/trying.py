"""Runs a mutant against tests until one of them notices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tickdiscord.diagnostics import Diagnostic, DiagnosticError
from tickdiscord.nodes.alert import Alert
from tickdiscord.points.chunk import Chunk
from tickdiscord.testing.mutation.mutants import Mutant
from tickdiscord.testing.rules.comparing import mismatches
from tickdiscord.testing.rules.feed import Fed, Feed, Making
from tickdiscord.testing.rules.loading import Loaded
from tickdiscord.testing.rules.moments import Moment
from tickdiscord.testing.rules.run import Probes, observe
from tickdiscord.testing.rules.runner import unexpected_faults
from tickdiscord.testing.rules.suite import Circumstances, RuleTest, Setup

MOST_KEPT = 200_000
"""So many points of a test are kept in memory; of one with more they are read for every mutant anew."""


class NotAMutantError(Exception):
    """Raised for a change with which the rule does not load."""


@dataclass(frozen=True, slots=True)
class KeptSource:
    """Points that have been read once, and what was wrong with some of them."""

    kept: Sequence[Chunk]
    told: Sequence[Diagnostic]
    start: int

    def begin(self) -> int | None:
        return self.start

    def points(self, making: Making) -> Iterator[Fed]:
        for chunk in self.chunks(making):
            for index, (series, time) in enumerate(zip(chunk.series, chunk.times(), strict=True)):
                yield Fed(time, series, chunk.rows.fields(index))

    def chunks(self, making: Making) -> Iterator[Chunk]:
        for each in self.told:
            making.tell(each)
        yield from self.kept


@dataclass(frozen=True, slots=True)
class Case:
    """A test whose points have been read, and what it is about."""

    test: RuleTest
    loaded: Loaded

    @property
    def says_details(self) -> bool:
        """Whether an alert has details of its own."""
        nodes = (node for pipeline in self.loaded.pipelines for node in pipeline.nodes)
        return any(isinstance(node, Alert) and "details" in node.said for node in nodes)


@dataclass(frozen=True, slots=True)
class Kill:
    """The test that noticed a mutant, and what it says of it."""

    test: str
    title: str


def kept(feed: Feed) -> Feed:
    """A feed whose points are read once, as many of them as may be.

    Raises:
        DiagnosticError: they cannot be read.
    """
    start = feed.base()
    told: list[Diagnostic] = []
    chunks: list[Chunk] = []
    count = 0
    for chunk in feed.chunks(start, told.append):
        chunks.append(chunk)
        count += len(chunk)
        if count > MOST_KEPT:
            return feed
    if not chunks:
        return feed
    return replace(feed, sources=(KeptSource(chunks, told, start),), start=Moment(start, absolute=True))


@dataclass(slots=True)
class Trial:
    """The tests of a rule. The one that killed the last mutant is asked first the next time."""

    cases: list[Case]
    runs: int = 0
    """How often a test was run."""
    _made: dict[Setup, Loaded] = field(default_factory=dict[Setup, Loaded])

    def killer(self, mutant: Mutant) -> Kill | None:
        """The test that notices a mutant; None if none does.

        Raises:
            NotAMutantError: the rule does not load with the change.
        """
        self._made.clear()
        for index, case in enumerate(self.cases):
            said = self._complaint(case.test, self.loaded(mutant, case))
            if said:
                self.cases.insert(0, self.cases.pop(index))
                return Kill(case.test.name, said)
        return None

    def loaded(self, mutant: Mutant, case: Case) -> Loaded:
        """What a test is about, with the change.

        Raises:
            NotAMutantError: it does not load.
        """
        setup = case.test.setup
        found = self._made.get(setup)
        if found is None:
            found = self._made[setup] = within(mutant, case.loaded)
        return found

    def _complaint(self, test: RuleTest, loaded: Loaded) -> str:
        self.runs += 1
        try:
            return complaint(test, loaded)
        except DiagnosticError as problem:
            _see_that_it_loads(loaded)
            return f"the test cannot be run: {problem.diagnostics[0].message}"


def within(mutant: Mutant, loaded: Loaded) -> Loaded:
    """What is under test, with a change.

    Raises:
        NotAMutantError: it does not load.
    """
    try:
        return mutant.within(loaded)
    except DiagnosticError:
        raise NotAMutantError from None


def complaint(test: RuleTest, loaded: Loaded) -> str:
    """What does not hold of a test, the first of it; empty if all does.

    Raises:
        DiagnosticError: it cannot be run.
    """
    observed = observe(loaded, test.feed, test.circumstances, Probes.wanted(test.expect))
    found = mismatches(test.expect, observed)
    if found:
        return found[0].title
    return next((each.title for each in unexpected_faults(test, loaded, observed)), "") if test.faults else ""


def _see_that_it_loads(loaded: Loaded) -> None:
    """Lambdas, templates and handlers are compiled when a run begins: what is wrong with them is no test's merit."""
    try:
        observe(loaded, Feed(), Circumstances())
    except DiagnosticError:
        raise NotAMutantError from None
