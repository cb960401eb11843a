"""What looks into a run while it happens: lambdas, templates and alerts tell it, by code that is made for it.

Without an instrument nothing of this is compiled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tickdiscord.alert.level import Level
from tickdiscord.alert.state import AlertState
from tickdiscord.diagnostics import Source, Span
from tickdiscord.lambdas import Plan, Probe, Watch
from tickdiscord.templates import Branch, Kind, Seen, Template, compile_template


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose lambda or template it is: a node by its name, or a handler of a file by its id.

    `label` says which of them, as messages do: `.crit()`. `source` is the file, and `span` a place in it that stands
    for what has none of its own.
    """

    name: str
    label: str
    source: Source
    span: Span


class AlertWatch(Protocol):
    """Is told what becomes of the groups of an alert."""

    def moved(self, state: AlertState) -> None:
        """A level has been put into the history of a group."""
        ...

    def reset(self, level: Level, *, lets_go: bool, still: bool) -> None:
        """The reset of a level has been asked; `still` says whether the level's own lambda is true."""
        ...


class Instrument(Protocol):
    """What looks into a run."""

    def of_lambda(self, owner: Owner, plan: Plan) -> Probe | None:
        """What it wants to see of a lambda."""
        ...

    def of_template(self, owner: Owner, branches: Sequence[Branch]) -> Seen:
        """What is to be told of the branches of a template."""
        ...

    def of_alert(self, owner: Owner) -> AlertWatch:
        """What is to be told of an alert."""
        ...


@dataclass(frozen=True, slots=True)
class Watched:
    """An instrument, and whose lambda or template it is to see."""

    instrument: Instrument
    owner: Owner

    def probe(self, plan: Plan) -> Probe | None:
        """What is to be seen of a lambda."""
        return self.instrument.of_lambda(self.owner, plan)


def watch(watched: Watched | None) -> Watch | None:
    """How a lambda is to be compiled."""
    return watched and watched.probe


def template(text: str, kind: Kind, span: Span | None, source: Source | None, watched: Watched | None) -> Template:
    """The template of a rule or handler, to be seen if it has branches.

    Raises:
        DiagnosticError: if it is no template.
    """
    compiled = compile_template(text, kind, span, source)
    if watched is None or not compiled.branches:
        return compiled
    seen = watched.instrument.of_template(watched.owner, compiled.branches)
    return compile_template(text, kind, span, source, seen=seen)
