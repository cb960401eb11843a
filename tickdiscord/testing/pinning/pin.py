"""Makes the tests: finds the changes, collects and shrinks what led to each, writes a test, and sees that it passes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, counted
from tickdiscord.pipeline.declarations import declarations
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.testing.pinning.changes import Change, Found, changes, chosen
from tickdiscord.testing.pinning.collecting import Collected, Scope, collected, scope_of
from tickdiscord.testing.pinning.keeping import MOST_FED, Keeper
from tickdiscord.testing.pinning.writing import Writer
from tickdiscord.testing.pinning.yaml_text import Entries
from tickdiscord.testing.rules.feed import FileSource
from tickdiscord.testing.rules.loading import Loader
from tickdiscord.testing.rules.suite import Setup

BATCHES = "TD774"

MOST_TESTS = 100
"""So many tests are made if nobody says otherwise."""
MOST_HELD = 100_000
"""So many points are held at once, in all."""
LENGTHS = (64, 512, 4_096, 20_000)
"""So many points back is looked for what led to a change, and again further back if it is not found there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be pinned: at most `limit` changes of each kind in each group, and `most` in all; None is all.

    `path` is where the file with the tests will be; the names of files in it are meant from its folder.
    """

    setup: Setup
    recording: FileSource
    path: Path
    limit: int | None = 1
    most: int | None = MOST_TESTS


@dataclass(frozen=True, slots=True)
class Pinned:
    """A change with its test. Without `exact` its message is another than in the recording."""

    change: Change
    setup: Setup
    test: Entries
    exact: bool


@dataclass(slots=True)
class Pinning:
    """What came of it."""

    found: Found
    left_out: int
    """Changes that were not chosen."""
    pinned: list[Pinned] = field(default_factory=list[Pinned])
    failed: list[Change] = field(default_factory=list[Change])
    """Changes that no points before them bring about again."""
    text: str = ""
    """The file with the tests; empty if there are none."""


def pin(wanted: Wanted, tell: Callable[[Diagnostic], None]) -> Pinning:
    """Tests for the changes of level in a recording; `tell` hears of its lines that are no points.

    Raises:
        DiagnosticError: the rules do not load, or query batches; the recording cannot be read, or has no points.
    """
    pinner = Pinner(wanted)
    found = changes(pinner.loaded, wanted.recording, wanted.limit, tell)
    selected = chosen(found.changes, wanted.most)
    result = Pinning(found, found.number - len(selected))
    tests = dict(pinner.tests(found, selected))
    result.pinned += [pinned for change in selected if (pinned := tests[change])]
    result.failed += [change for change in selected if tests[change] is None]
    if result.pinned:
        what = f"{len(result.pinned):,} of {counted(found.number, 'change')} of level in {wanted.recording.path}"
        written = [(each.change, each.setup, each.test) for each in result.pinned]
        result.text = pinner.writer.file(written, f"Made by `tickdiscord test new`: {what}.")
    return result


@dataclass(frozen=True, slots=True)
class Way:
    """A way to bring a change about again: with some rules, and points that may have led to it."""

    setup: Setup
    keeper: Keeper


class Pinner:
    """Pins the changes of a recording."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._loader = Loader()
        self.loaded = self._loader.load(wanted.setup)
        self.writer = Writer(wanted.path, self._loader, [each.task for each in self.loaded.pipelines])
        self._tasks = {pipeline.task: pipeline for pipeline in self.loaded.pipelines}
        _refuse_batches(self.loaded.pipelines)

    def tests(self, found: Found, selected: Sequence[Change]) -> Iterator[tuple[Change, Pinned | None]]:
        """The test of each change, None if there is none: out of the points of its own group, or else out of all."""
        ways = {change: list(self._ways(found, change)) for change in selected}
        failed: list[Change] = []
        for change, pinned in self._looked_for({each: self._scope(each, each.tags) for each in selected}, ways):
            if pinned is None:
                failed.append(change)
            else:
                yield change, pinned
        yield from self._looked_for({each: self._scope(each, ()) for each in failed}, ways)

    def _looked_for(
        self, scopes: Mapping[Change, Scope], ways: Mapping[Change, Sequence[Way]]
    ) -> Iterator[tuple[Change, Pinned | None]]:
        """Go over the recording, and again for those changes for which one has to look further back."""
        left = list(scopes)
        for length in LENGTHS:
            further: list[Change] = []
            for some in _slices(left, MOST_HELD // length):
                for each in collected(self._wanted.recording, [(it, scopes[it]) for it in some], length):
                    last = each.whole or length == LENGTHS[-1]
                    pinned = self._pinned(each, ways[each.change], last=last)
                    if pinned is None and not last:
                        further.append(each.change)
                    else:
                        yield each.change, pinned
            left = further

    def _pinned(self, collected: Collected, ways: Sequence[Way], *, last: bool) -> Pinned | None:
        """The test, if these points bring the change about; if they are the last ones, with whatever message."""
        for exact in (True, False) if last else (True,):
            for way in ways:
                keeper = way.keeper if exact else replace(way.keeper, message=False, left=MOST_FED)
                kept = keeper.grown(collected.points)
                test = kept and self.writer.test(way.setup, keeper, keeper.fewest(kept))
                if test:
                    return Pinned(collected.change, way.setup, test, exact)
        return None

    def _ways(self, found: Found, change: Change) -> Iterator[Way]:
        """With the change's own rule alone, and, if there are others, with all of them together."""
        for setup in dict.fromkeys([self._alone(self._tasks[change.maker[0]]), self._wanted.setup]):
            yield Way(setup, Keeper(self._loader.load(setup), change, found.start, frozenset(found.troubles)))

    def _scope(self, change: Change, tags: tuple[tuple[str, str], ...]) -> Scope:
        return scope_of(self._tasks[change.maker[0]], tags)

    def _alone(self, pipeline: Pipeline) -> Setup:
        """What runs a rule without the others, if that can be said."""
        setup = self._wanted.setup
        if len(self._tasks) == 1 or setup.vars_files:
            return setup
        path = Path(pipeline.source.name)
        names = {var.name for var in declarations(pipeline.source.text, pipeline.source.name)}
        alone = replace(setup, rules=(path,), vars=tuple(each for each in setup.vars if each[0] in names))
        try:
            self._loader.load(alone)
        except DiagnosticError:
            return setup
        return alone


def _slices(changes: Sequence[Change], size: int) -> Iterator[Sequence[Change]]:
    remaining = iter(changes)
    while some := list(islice(remaining, size)):
        yield some


def _refuse_batches(pipelines: Sequence[Pipeline]) -> None:
    hint = "tests feed points into streams; what a batch rule makes of a recording shows `tickdiscord run --recording`"
    problems = [
        Diagnostic(BATCHES, "a rule that queries batches cannot be pinned", node.span, hint, source=pipeline.source)
        for pipeline in pipelines
        for node in pipeline.queries[:1]
    ]
    if problems:
        raise DiagnosticError(*problems)
