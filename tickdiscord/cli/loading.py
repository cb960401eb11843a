"""Everything that a command line names, loaded: rules, configuration, handlers. All mistakes are found at once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tickdiscord.config.given import NOTHING_GIVEN, Given, unused
from tickdiscord.config.handler_files import Found, read_handlers
from tickdiscord.config.kapacitor import Configuration, read_configuration
from tickdiscord.config.rules import read_rules
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, collecting
from tickdiscord.pipeline.globals import add_global_handlers
from tickdiscord.pipeline.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is to be run."""

    pipelines: Sequence[Pipeline]
    configuration: Configuration
    handlers: Found
    given: Given = NOTHING_GIVEN

    @property
    def warnings(self) -> Sequence[Diagnostic]:
        """What is not wrong, and should be known."""
        scripts = (warning for pipeline in self.pipelines for warning in pipeline.warnings)
        variables = [name for pipeline in self.pipelines for name in pipeline.variables]
        return [
            *self.configuration.warnings,
            *self.handlers.warnings,
            *unused(self.given, variables),
            *scripts,
        ]


def loaded(
    rules: Sequence[Path],
    config: Path | None,
    handlers: Sequence[Path],
    given: Given = NOTHING_GIVEN,
    *,
    any_workspace: bool = False,
    unfilled: bool = False,
) -> Loaded:
    """Load what a command line names. With `any_workspace` and without a configuration, every workspace is known.

    Raises:
        DiagnosticError: with everything that is wrong.
    """
    problems: list[Diagnostic] = []
    configuration, found, pipelines = Configuration(), Found(), list[Pipeline]()
    with collecting(problems):
        configuration = read_configuration(config, os.environ)
    with collecting(problems):
        found = read_handlers(handlers)
    with collecting(problems):
        pipelines = read_rules(rules, given, unfilled=unfilled, settings=configuration.nodes) if rules else []
    if problems:
        raise DiagnosticError(*problems)
    if config is None and any_workspace and not configuration.workspaces.known:
        configuration = replace(configuration, workspaces=replace(configuration.workspaces, open=True))
    for pipeline in pipelines:
        add_global_handlers(pipeline, configuration.workspaces)
    return Loaded(pipelines, configuration, found, given)
