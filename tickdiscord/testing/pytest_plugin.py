"""A plugin for pytest: `*_test.yaml` files are collected, each test an item, with the same words when one fails."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tickdiscord.testing.rules.results import Result
    from tickdiscord.testing.rules.runner import TestRunner
    from tickdiscord.testing.rules.suite import RuleTest


OURS = re.compile(r"^[ \t{-]*(?:rules?|include|task_name|task_script):", re.M)
"""What stands in every test file of rules, and hardly in those of other programs."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the files that `tickdiscord test` would find by their name, unless they are another program's."""
    if file_path.suffix not in (".yaml", ".yml") or not file_path.stem.endswith("_test"):
        return None
    text = file_path.read_text(encoding="utf-8", errors="replace")
    return _made(RuleFile, parent, path=file_path) if OURS.search(text) else None


class RuleFile(pytest.File):
    """A test file of rules."""

    def collect(self) -> Iterator[pytest.Item]:
        from tickdiscord.diagnostics import DiagnosticError, render
        from tickdiscord.testing.rules.files import read_file
        from tickdiscord.testing.rules.loading import Loader
        from tickdiscord.testing.rules.runner import TestRunner

        try:
            suite = read_file(self.path)
        except DiagnosticError as problem:
            raise self.CollectError("\n".join(render(each) for each in problem.diagnostics)) from None
        runner = TestRunner(Loader())
        for test in suite.tests:
            yield _made(RuleItem, self, name=test.name, test=test, runner=runner)


def _made(kind: Any, parent: pytest.Collector, **given: object) -> Any:
    """A node of pytest's tree, which has constructors of its own."""
    return kind.from_parent(parent, **given)


class Failed(Exception):
    """A test of a rule that failed."""


class RuleItem(pytest.Item):
    """One test of a rule."""

    def __init__(self, *, test: "RuleTest", runner: "TestRunner", **given: Any) -> None:
        super().__init__(**given)  # pyright: ignore[reportUnknownMemberType]
        self._test = test
        self._runner = runner
        self._line = test.source.place(test.span.start)[0]

    def runtest(self) -> None:
        from tickdiscord.testing.rules.report_lines import plain_text

        result: Result = self._runner.run(self._test)
        if result.outcome == "todo":
            pytest.skip(result.todo or "todo")
        if result.outcome == "failed":
            raise Failed("\n\n".join(map(plain_text, result.failures)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """What went wrong in the words of `tickdiscord test`; anything else is pytest's."""
        if isinstance(excinfo.value, Failed):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self._line - 1, self.name
