"""Runs all rules over what a command line has loaded, and leaves out what the author does not want to hear."""

import functools
import importlib
import pkgutil
from collections.abc import Collection, Iterator, Sequence
from types import ModuleType
from typing import Protocol, cast

import tickdiscord.lint.rules
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.lint.ignores import Ignores
from tickdiscord.lint.matches import useless_matches
from tickdiscord.lint.script import Script
from tickdiscord.pipeline.pipeline import Pipeline


class Rule(Protocol):
    """A module of `rules/`."""

    CODE: str
    __doc__: str | None

    def check(self, script: Script) -> Iterator[Diagnostic]:
        """What the rule finds in a script; the spans point into it."""
        ...


@functools.cache
def rules() -> tuple[Rule, ...]:
    """All rules, by code."""
    names = [module.name for module in pkgutil.iter_modules(tickdiscord.lint.rules.__path__, "tickdiscord.lint.rules.")]
    modules: list[ModuleType] = [importlib.import_module(name) for name in names]
    return tuple(sorted(cast("list[Rule]", modules), key=lambda rule: rule.CODE))


def findings(
    pipelines: Sequence[Pipeline],
    workspaces: Workspaces,
    warnings: Sequence[Diagnostic] = (),
    off: Collection[str] = (),
    subscriptions: Sequence[Subscription] = (),
) -> list[Diagnostic]:
    """What the rules find, and those of the `warnings` that stand, sorted by their places.

    `subscriptions` are the handlers of files, which hear of the alerts' topics. A comment
    `// tickdiscord: ignore TD701` switches a code off for the line below it, `off` does so everywhere. Errors cannot
    be switched off.
    """
    found: list[Diagnostic] = [each for each in warnings if each.source is None]
    placed = [each for each in warnings if each.source is not None]
    placed += useless_matches(pipelines, subscriptions)
    for pipeline in pipelines:
        of_script = [each for each in placed if each.source == pipeline.source]
        placed = [each for each in placed if each.source != pipeline.source]
        ignores = Ignores(pipeline.source)
        stand = ignores.standing([*of_script, *_of_rules(Script(pipeline, workspaces, pipelines))])
        found += sorted([*stand, *ignores.useless(off)], key=lambda each: each.span.start if each.span else -1)
    return [each for each in (*placed, *found) if each.severity is Severity.ERROR or each.code not in off]


def _of_rules(script: Script) -> Iterator[Diagnostic]:
    for rule in rules():
        try:
            yield from (each.within(script.source) for each in rule.check(script))
        except DiagnosticError:
            # An expression too large to be looked at: whoever runs the script says so.
            continue
