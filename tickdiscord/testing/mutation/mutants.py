"""From a rule or a handler file to its mutants: each an edit of its text, each another than the rule and the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tickdiscord.diagnostics import DiagnosticError, Source
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse
from tickdiscord.testing.mutation import in_handlers
from tickdiscord.testing.mutation.edits import Edits, difference, edited
from tickdiscord.testing.mutation.grain import Grain
from tickdiscord.testing.mutation.mutations import MUTATIONS
from tickdiscord.testing.mutation.places import places
from tickdiscord.testing.rules.loading import Loaded


@dataclass(frozen=True)
class Mutant:
    """A changed file; `kind` is the name of the mutation."""

    kind: str
    path: Path
    source: Source
    """The file as it is."""
    edits: Edits

    @cached_property
    def text(self) -> str:
        """The file as it would be."""
        return edited(self.source.text, self.edits)

    @property
    def changed(self) -> Source:
        """The same as a source."""
        return Source(self.source.name, self.text)

    @property
    def line(self) -> int:
        """Where the file is changed, counted from 1: the first line that is another."""
        pairs = zip(self.source.text.split("\n"), self.text.split("\n"), strict=False)
        return next((number for number, (one, other) in enumerate(pairs, 1) if one != other), 1)

    @property
    def diff(self) -> list[str]:
        """The change as a unified diff."""
        return list(difference(self.source, self.text))

    def within(self, loaded: Loaded) -> Loaded:
        """What is under test, with the change.

        Raises:
            DiagnosticError: it does not load.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class RuleMutant(Mutant):
    """A changed rule; `program` is its syntax tree."""

    program: tree.Program

    def within(self, loaded: Loaded) -> Loaded:
        return loaded.with_rule(self.path, self.changed, self.program)


@dataclass(frozen=True)
class HandlerMutant(Mutant):
    """A changed handler file."""

    def within(self, loaded: Loaded) -> Loaded:
        return loaded.with_handlers(self.path, self.changed)


def mutants_of_handlers(path: Path, source: Source) -> Iterator[HandlerMutant]:
    """The mutants of a handler file."""
    seen = {source.text}
    for kind, edits in in_handlers.changes(source):
        changed = edited(source.text, edits)
        if changed not in seen:
            seen.add(changed)
            yield HandlerMutant(kind, path, source, edits)


def mutants_of_rule(path: Path, source: Source, grain: Grain) -> Iterator[RuleMutant]:
    """The mutants of a rule that can be parsed, in the order of the table, then of the script.

    Raises:
        DiagnosticError: the rule has syntax errors.
    """
    program = parse(source.text, source.name)
    found = list(places(program, source, grain))
    seen = {program}
    for mutation in MUTATIONS:
        for place in found:
            for edits in mutation.edits(place):
                try:
                    changed = parse(edited(source.text, edits), source.name)
                except DiagnosticError:
                    continue
                if changed not in seen:
                    seen.add(changed)
                    yield RuleMutant(mutation.name, path, source, edits, changed)
