"""The rules under test, each loaded once for all tests that want it so."""

from dataclasses import dataclass, field, replace

from tickdiscord.config.files import listed_rules
from tickdiscord.config.given import Given, read_given, unused
from tickdiscord.config.handler_files import Found, read_handlers
from tickdiscord.config.kapacitor import Configuration, read_configuration
from tickdiscord.config.rules import read_rules
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity, collecting
from tickdiscord.pipeline.declarations import declarations
from tickdiscord.pipeline.globals import add_global_handlers
from tickdiscord.pipeline.pipeline import Dbrp, Pipeline
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
    configuration, handlers, pipelines = Configuration(), Found(), list[Pipeline]()
    with collecting(problems):
        configuration = read_configuration(setup.config, AnyWebhook())
    with collecting(problems):
        handlers = read_handlers(setup.handlers)
    with collecting(problems):
        given = read_given(setup.vars_files, [f"{name}={word}" for name, word in setup.vars])
        pipelines = read_rules(setup.rules, given, settings=configuration.nodes)
        problems += _unused(setup, given)
    if problems:
        raise DiagnosticError(*problems)
    if setup.config is None:
        configuration = replace(configuration, workspaces=replace(configuration.workspaces, open=True))
    for pipeline in pipelines:
        add_global_handlers(pipeline, configuration.workspaces)
    found = tuple(_placed(pipeline, setup.database) for pipeline in pipelines)
    return Loaded(found, configuration, handlers)


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


def _placed(pipeline: Pipeline, database: tuple[str, str] | None) -> Pipeline:
    if database is None or pipeline.dbrps:
        return pipeline
    return replace(pipeline, dbrps=(Dbrp(*database),))
