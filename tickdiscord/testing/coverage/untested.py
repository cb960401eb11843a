"""Rules that no test is about: what there would be to cover in them."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tickdiscord.config.files import RULES, listed, read_text
from tickdiscord.config.rules import read_rules
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.settings import Settings
from tickdiscord.testing.coverage.model import Coverage, FileCoverage
from tickdiscord.testing.coverage.recorder import Recorder

NO_TEST = "no test"
NOT_LOADED = "does not load"


def untested(paths: Sequence[Path], coverage: Coverage) -> Iterator[FileCoverage]:
    """The rules in folders among some paths that are not in a coverage; vars without a value have one of their type."""
    for folder in (path for path in paths if path.is_dir()):
        for path in listed([folder], RULES):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if not hidden and path.resolve() not in coverage.files:
                yield _goals(path)


def _goals(path: Path) -> FileCoverage:
    recorder = Recorder()
    try:
        pipelines = read_rules([path], unfilled=True)
    except DiagnosticError:
        return FileCoverage(path, _text(path), note=NOT_LOADED)
    for pipeline in pipelines:
        recorder.declare(pipeline)
    # What the rule wants of a configuration may be missing; the goals are known by then.
    with contextlib.suppress(DiagnosticError):
        settings = Settings(Workspaces(open=True), instrument=recorder)
        Engine(pipelines, settings, lambda _: None, lambda _: None, lambda _, __: None)
    (found,) = recorder.files
    return replace(found, note=NO_TEST)


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except DiagnosticError:
        return ""
