"""The rules under test, each loaded once for all tests that want it so."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from tickdiscord.config.files import listed_rules
from tickdiscord.config.given import Given, TaskFile, read_given, unused
from tickdiscord.config.handler_files import Found, handlers_in, read_handlers
from tickdiscord.config.kapacitor import Configuration, read_configuration
from tickdiscord.config.rules import read_tasks, remade
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity, Source, collecting
from tickdiscord.pipeline.declarations import declarations
from tickdiscord.pipeline.globals import add_global_handlers
from tickdiscord.pipeline.pipeline import Dbrp, Pipeline
from tickdiscord.syntax import tree
from tickdiscord.testing.rules.suite import Setup


class AnyWebhook(dict[str, str]):
    """The environment of a test: a secret that a configuration takes from it is never needed, and may be missing."""

    def get(self, key: str, default: str | None = None) -> str | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        if key.startswith("KAPACITOR_"):
            return default
        return "https://discord.com/api/webhooks/1/no-token-is-needed-in-tests"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is under test, ready to be run any number of times."""

    pipelines: tuple[Pipeline, ...]
    configuration: Configuration
    handlers: Found
    tasks: tuple[TaskFile, ...]
    """What each of the pipelines was made of."""
    database: tuple[str, str] | None = None
    """The database and retention policy of rules that name none."""

    def with_rule(self, path: Path, source: Source, program: tree.Program) -> "Loaded":
        """The same with another script in place of a rule, whatever the names by which both are known.

        Raises:
            DiagnosticError: the script is wrong; everything that is.
        """
        found = list(self.pipelines)
        for index, task in enumerate(self.tasks):
            if task.path.resolve() == path.resolve():
                made = remade(task, source, program, self.configuration.nodes)
                found[index] = _finished(made, self.configuration, self.database)
        return replace(self, pipelines=tuple(found))

    def with_handlers(self, path: Path, source: Source) -> "Loaded":
        """The same with another text in place of a handler file that it has.

        Raises:
            DiagnosticError: the text is wrong; everything that is.
        """
        given = handlers_in(source).subscriptions
        own = [Path(each.source.name).resolve() == path.resolve() for each in self.handlers.subscriptions]
        kept = [each for each, changed in zip(self.handlers.subscriptions, own, strict=True) if not changed]
        at = own.index(True)
        return replace(self, handlers=replace(self.handlers, subscriptions=[*kept[:at], *given, *kept[at:]]))


@dataclass(slots=True)
class Loader:
    """Loads what tests name. Equal setups are loaded once; one that fails fails once for all."""

    _known: dict[Setup, Loaded | DiagnosticError] = field(default_factory=dict[Setup, Loaded | DiagnosticError])

    def load(self, setup: Setup) -> Loaded:
        """What a test is about.

        Raises:
            DiagnosticError: with everything that is wrong with the rules, their configuration and handlers.
        """
        found = self._known.get(setup)
        if found is None:
            try:
                found = _load(setup)
            except DiagnosticError as problem:
                found = problem
            self._known[setup] = found
        if isinstance(found, DiagnosticError):
            raise found
        return found


def _load(setup: Setup) -> Loaded:
    problems: list[Diagnostic] = []
    configuration, handlers, made = Configuration(), Found(), list[tuple[TaskFile, Pipeline]]()
    with collecting(problems):
        configuration = read_configuration(setup.config, AnyWebhook())
    with collecting(problems):
        handlers = read_handlers(setup.handlers)
    with collecting(problems):
        given = read_given(setup.vars_files, [f"{name}={word}" for name, word in setup.vars])
        made = read_tasks(setup.rules, given, settings=configuration.nodes)
        problems += _unused(setup, given)
    if problems:
        raise DiagnosticError(*problems)
    if setup.config is None:
        configuration = replace(configuration, workspaces=replace(configuration.workspaces, open=True))
    pipelines = tuple(_finished(pipeline, configuration, setup.database) for _, pipeline in made)
    return Loaded(pipelines, configuration, handlers, tuple(task for task, _ in made), setup.database)


def _unused(setup: Setup, given: Given) -> list[Diagnostic]:
    """In a test a value for a var that no rule has is a mistake: it would change nothing."""
    if not given.files and not given.words:
        return []
    known = [
        var.name
        for path in listed_rules(setup.rules)
        for var in declarations(path.read_text(encoding="utf-8-sig"), str(path))
    ]
    return [replace(each, severity=Severity.ERROR) for each in unused(given, known)]


def _finished(pipeline: Pipeline, configuration: Configuration, database: tuple[str, str] | None) -> Pipeline:
    add_global_handlers(pipeline, configuration.workspaces)
    if database is None or pipeline.dbrps:
        return pipeline
    return replace(pipeline, dbrps=(Dbrp(*database),))
