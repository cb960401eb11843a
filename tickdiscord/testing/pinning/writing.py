"""Writes a pinned change as a test, and sees that it passes; several of them as a file."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tickdiscord.diagnostics import DiagnosticError, Source
from tickdiscord.gotext import rfc3339
from tickdiscord.testing.pinning.changes import Change
from tickdiscord.testing.pinning.forms import forms, start, until
from tickdiscord.testing.pinning.keeping import Keeper, Kept, run
from tickdiscord.testing.pinning.yaml_text import Entries, Raw, commented, document
from tickdiscord.testing.rules.document import composed
from tickdiscord.testing.rules.loading import Loader
from tickdiscord.testing.rules.reading import suite_of
from tickdiscord.testing.rules.runner import TestRunner
from tickdiscord.testing.rules.suite import Setup


class Writer:
    """Writes tests for a file at `path`, from whose folder names are meant."""

    def __init__(self, path: Path, loader: Loader, tasks: Sequence[str]) -> None:
        self._path = path
        self._tasks = tasks
        self._runner = TestRunner(loader)

    def test(self, setup: Setup, keeper: Keeper, kept: Kept) -> Entries | None:
        """A test that passes, in the most readable form there is for it; None if no form holds it."""
        earlier = kept.shifted(kept.start)
        virtual = keeper.shows(earlier, kept.start)
        for form in forms():
            if (form.virtual and not virtual) or not (form.virtual or form.said or kept.start == kept.points[0].time):
                continue
            meant = earlier if form.virtual else kept
            points = form.points(meant)
            if points is None:
                continue
            expect = {"expect": form.expected(run(keeper.loaded, meant))}
            for database in ({}, _database(meant)):
                test = {**start(meant, said=form.said), **database, **points, **until(meant), **expect}
                if self._passes({**self._shared(setup), **test}):
                    return test
        return None

    def file(self, tests: Sequence[tuple[Change, Setup, Entries]], comment: str) -> str:
        """A whole file; what all tests have in common stands above them."""
        setups = list(dict.fromkeys(setup for _, setup, _ in tests))
        shared = self._shared(setups[0]) if len(setups) == 1 else {}
        pieces = [document(shared, comment) if shared else commented(comment)]
        names = self._names([change for change, _, _ in tests])
        for name, (_, setup, test) in zip(names, tests, strict=True):
            own = {"name": name, **({} if shared else self._shared(setup)), **test}
            pieces.append(document({"tests": [own]}).removeprefix("tests:\n"))
        return f"{pieces[0]}tests:\n{chr(10).join(pieces[1:])}"

    def _passes(self, test: Entries) -> bool:
        source = Source(str(self._path), document(test))
        try:
            root = composed(source)
            assert root is not None
            (found,) = suite_of(root, self._path).tests
        except DiagnosticError:
            return False
        return self._runner.run(found).outcome == "passed"

    def _shared(self, setup: Setup) -> Entries:
        """What a test says of its rules."""
        rules = [self._named(path) for path in setup.rules]
        found: Entries = {"rule": rules[0]} if len(rules) == 1 else {"rules": rules}
        if setup.vars:
            found["vars"] = {name: Raw(word) for name, word in setup.vars}
        if setup.vars_files:
            found["vars_file"] = [self._named(path) for path in setup.vars_files]
        if setup.config is not None:
            found["config"] = self._named(setup.config)
        if setup.handlers:
            found["handlers"] = [self._named(path) for path in setup.handlers]
        return found

    def _named(self, path: Path) -> str:
        return Path(os.path.relpath(path, self._path.parent)).as_posix()

    def _names(self, changes: Sequence[Change]) -> Iterator[str]:
        """`host=a goes from OK to CRITICAL at 03:12:40Z`, with the day if there are several, each once."""
        times = [rfc3339(change.time) for change in changes]
        one_day = len({time.partition("T")[0] for time in times}) == 1
        nodes = {change.maker for change in changes}
        seen: dict[str, int] = {}
        for change, time in zip(changes, times, strict=True):
            task, node = change.maker
            who = " ".join(change.group.split("\n")) or "everything"
            name = f"{who} goes from {change.previous} to {change.level} at {time[11:] if one_day else time}"
            if len({task for task, _ in nodes}) > 1:
                name = f"{task}: {name}"
            if sum(each[0] == task for each in nodes) > 1:
                name = f"{name}, says {node}"
            seen[name] = seen.get(name, 0) + 1
            yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _database(kept: Kept) -> Entries:
    """`dbrp`, as far as all points are from one."""
    found = {(fed.series.database, fed.series.retention_policy) for fed in kept.points}
    return {"dbrp": ".".join(*found)} if len(found) == 1 else {}
