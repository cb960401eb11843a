"""Runs test files, one after another or several at once, and says what became of each."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tickdiscord.clock import elapsed
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.testing.rules import snapshot
from tickdiscord.testing.rules.comparing import mismatches
from tickdiscord.testing.rules.expectations import Troubles
from tickdiscord.testing.rules.explaining import explained
from tickdiscord.testing.rules.faults import MOST_POINTS, Variant, change, feed_of, outcome, variants
from tickdiscord.testing.rules.files import read_file
from tickdiscord.testing.rules.loading import Loaded, Loader
from tickdiscord.testing.rules.mismatch import Mismatch
from tickdiscord.testing.rules.moments import offset_text
from tickdiscord.testing.rules.results import Failure, FileResult, Near, Result
from tickdiscord.testing.rules.run import Observed, Probes, observe
from tickdiscord.testing.rules.suite import RuleTest, Suite

if TYPE_CHECKING:
    from tickdiscord.testing.coverage.recorder import Recorder

PAYS_AFTER_S = 1.0
"""When so much time has gone and several files are left, the others are run by several processes."""

MOST_FAILURES = 20
"""Of a test so many failures are kept."""


@dataclass(frozen=True, slots=True)
class Options:
    """How files are run."""

    scripts: Path | None = None
    pattern: str = ""
    """Only tests in whose file and name this stands, in capitals or not."""
    fail_fast: bool = False
    update: bool = False
    coverage: bool = False
    margins: bool = False
    """Whether it is said of tests that pass how near they came to another outcome."""
    processes: int = field(default_factory=lambda: os.cpu_count() or 1)

    def chooses(self, path: Path, name: str) -> bool:
        """Whether a test is to be run."""
        return self.pattern.lower() in f"{path}: {name}".lower()


def run_files(
    paths: Sequence[Path], options: Options, progress: Callable[[int, int], None] = lambda _, __: None
) -> Iterator[FileResult]:
    """What became of the tests of some files, in their order; `progress` hears how many of how many are done."""
    begun = elapsed()
    loader = Loader()
    for number, path in enumerate(paths):
        left = len(paths) - number
        if options.processes > 1 and left > 2 and elapsed() - begun > PAYS_AFTER_S and not options.fail_fast:
            for more, result in enumerate(_in_processes(paths[number:], options)):
                progress(number + more + 1, len(paths))
                yield result
            return
        result = run_file(path, options, loader)
        progress(number + 1, len(paths))
        yield result
        if options.fail_fast and (result.broken or any(each.outcome == "failed" for each in result.results)):
            return


def _in_processes(paths: Sequence[Path], options: Options) -> Iterator[FileResult]:
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(min(options.processes, len(paths)), mp_context=context) as pool:
        yield from pool.map(run_file, paths, [options] * len(paths))


def run_file(path: Path, options: Options, loader: Loader | None = None) -> FileResult:
    """What became of the tests of a file."""
    begun = elapsed()
    try:
        suite = read_file(path, options.scripts)
    except DiagnosticError as problem:
        return FileResult(path, broken=problem.diagnostics, seconds=elapsed() - begun)
    results: list[Result] = []
    recorder = _recorder() if options.coverage else None
    runner = TestRunner(loader or Loader(), recorder, options.margins)
    for test in suite.tests:
        if not options.chooses(path, test.name):
            continue
        results.append(runner.run(test))
        if options.fail_fast and results[-1].outcome == "failed":
            break
    coverage = recorder.files if recorder else ()
    if options.update:
        return replace(_updated(suite, results, begun), coverage=coverage)
    return FileResult(path, results, seconds=elapsed() - begun, coverage=coverage)


def _recorder() -> "Recorder":
    """Loaded when used: it knows more of rules than their tests need."""
    from tickdiscord.testing.coverage.recorder import Recorder

    return Recorder()


def _updated(suite: Suite, results: Sequence[Result], begun: float) -> FileResult:
    """Write what came out; a test with nothing else wrong has passed then."""
    if not suite.update:
        note = "`--update` cannot write here: only into *_test.yaml files in our own format"
        kept = [replace(each, notes=[*each.notes, note]) if each.updates else each for each in results]
        return FileResult(suite.path, kept, seconds=elapsed() - begun)
    wanted = {place: value for each in results for place, value in each.updates.items()}
    try:
        written = snapshot.write(suite.path, wanted) if wanted else 0
    except DiagnosticError as problem:
        return FileResult(suite.path, results, problem.diagnostics, elapsed() - begun)
    kept = [_settled(each) for each in results]
    return FileResult(suite.path, kept, seconds=elapsed() - begun, updated=written)


def _settled(result: Result) -> Result:
    if not result.updates:
        return result
    left = [each for each in result.failures if not each.updated]
    note = f"{len(result.failures) - len(left)} written"
    return replace(result, failures=left, outcome="failed" if left else "passed", notes=[*result.notes, note])


@dataclass(slots=True)
class TestRunner:
    """Runs tests; rules are loaded once for all that it runs."""

    loader: Loader
    recorder: "Recorder | None" = None
    """Sees what the tests cover; their runs under faults and for explanations do not count."""
    margins: bool = False
    _told: set[DiagnosticError] = field(default_factory=set[DiagnosticError])

    def run(self, test: RuleTest) -> Result:
        """What became of a test."""
        begun = elapsed()
        line = _line(test)
        result = self._todo(test, line) if test.todo is not None else self._run(test, line)
        return replace(result, seconds=elapsed() - begun)

    def _todo(self, test: RuleTest, line: int) -> Result:
        assert test.todo is not None
        return Result(test.name, line, "todo", todo=test.todo)

    def _run(self, test: RuleTest, line: int) -> Result:
        try:
            loaded = self.loader.load(test.setup)
        except DiagnosticError as problem:
            return Result(test.name, line, "failed", [self._not_loaded(problem, line)])
        try:
            probes = Probes.wanted(test.expect)
            probes.margins |= self.margins
            observed = observe(loaded, test.feed, test.circumstances, probes, self.recorder)
        except DiagnosticError as problem:
            failure = Failure("the test cannot be run", line, diagnostics=problem.diagnostics)
            return Result(test.name, line, "failed", [failure])
        found = mismatches(test.expect, observed)
        changes = dict(snapshot.updates(found, observed))
        failures = [self._failure(test, each, loaded, observed, changes) for each in found[:MOST_FAILURES]]
        notes: list[str] = []
        if not failures and test.faults:
            failures += unexpected_faults(test, loaded, observed, notes.append)
        expects_troubles = any(isinstance(each, Troubles) for each in test.expect)
        warnings = () if expects_troubles else tuple(observed.troubles)
        outcome = "failed" if failures else "passed"
        near = _near(observed) if self.margins and not failures else None
        return Result(test.name, line, outcome, failures, notes, warnings, updates=changes, near=near)

    def _not_loaded(self, problem: DiagnosticError, line: int) -> Failure:
        """The mistakes of a rule are shown with the first test that it fails."""
        if problem in self._told:
            return Failure("the rule does not load, as above", line)
        self._told.add(problem)
        return Failure("the rule does not load", line, diagnostics=problem.diagnostics)

    def _failure(
        self,
        test: RuleTest,
        found: Mismatch,
        loaded: Loaded,
        observed: Observed,
        changes: "dict[tuple[str | int, ...], snapshot.Written]",
    ) -> Failure:
        focus = found.focus
        lines = [] if focus is None else list(explained(test, loaded, focus, observed).lines())
        place = found.expectation.path
        return Failure(
            found.title,
            test.source.place(found.expectation.span.start)[0],
            found.rows,
            lines,
            found.hint,
            updated=bool(place) and any(each[: len(place)] == place for each in changes),
        )


def _near(observed: Observed) -> Near | None:
    """The least margin among the conditions that were asked; those with a threshold of 0, of which nothing is a part,
    are left out.
    """
    asked = (each for each in observed.probes.measured if each.asked and each.margin.finite)
    parts = (each for each in asked if not each.margin.absolute)
    found = min(parts, key=lambda each: each.margin.distance, default=None)
    if found is None:
        return None
    margin, signed = found.margin, float(f"{found.margin.signed:.12g}")
    time, group = offset_text(found.time, observed.start), " ".join(found.group.split("\n"))
    return Near(time, group, str(found.level), found.label, margin.text, margin.value, margin.threshold, signed)


def _line(test: RuleTest) -> int:
    return test.source.place(test.span.start)[0]


def unexpected_faults(
    test: RuleTest, loaded: Loaded, observed: Observed, note: Callable[[str], None] = lambda _: None
) -> Iterator[Failure]:
    """Run the test under its faults. Only the first variant of a fault that changes the outcome is told."""
    if observed.points > MOST_POINTS:
        note(f"not run under faults: more than {MOST_POINTS:,} points")
        return
    start = observed.start
    points = list(test.feed.points(start))
    for fault, may_change in test.faults.items():
        told = _fault_change(test, loaded, observed, variants(fault, points, start))
        if told is None:
            note(f"{fault}: no difference" if not may_change else f"{fault}: may change the outcome, and does not")
        elif may_change:
            note(f"{fault}: changes the outcome, as it may: {told}")
        else:
            hint = f"if that is as it should be, write `{fault}: may change` below `faults:`"
            yield Failure(f"{fault} changes the outcome: {told}", _line(test), hint=hint)


def _fault_change(test: RuleTest, loaded: Loaded, observed: Observed, shapes: Sequence[Variant]) -> str | None:
    for shape in shapes:
        try:
            after = observe(loaded, feed_of(shape, test.feed, observed.start), test.circumstances)
        except DiagnosticError as problem:
            return f"{shape.what}, {problem.diagnostics[0].message}"
        said = change(outcome(observed, shape), outcome(after, shape))
        if said:
            return f"{shape.what}, {said}"
    return None
