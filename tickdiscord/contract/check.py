"""Holds rules against data: a contract, or the points themselves."""

from collections.abc import Iterable, Iterator, Sequence

from tickdiscord.contract.describe import Describer
from tickdiscord.contract.model import Contract
from tickdiscord.contract.names import many_groups, unknown_names, unknown_sources
from tickdiscord.contract.ranges import out_of_range
from tickdiscord.contract.reach import lost, shared_ids, unreached
from tickdiscord.contract.trial import Trial
from tickdiscord.contract.types import wrong_types
from tickdiscord.diagnostics import Diagnostic, Span
from tickdiscord.handlers.discord import CUT, TITLE
from tickdiscord.lint.script import Script
from tickdiscord.points.chunk import Chunk
from tickdiscord.runtime.settings import Settings

OF_TEXTS = (CUT, TITLE, "TD141")
"""The codes of what goes wrong with the texts of events: they were rendered for the events of the data."""


def against_contract(scripts: Sequence[Script], contract: Contract) -> list[Diagnostic]:
    """What does not go with a contract."""
    return [each.within(script.source) for script in scripts for each in _of_contract(script, contract)]


def against_points(
    scripts: Sequence[Script], settings: Settings, chunks: Iterable[Chunk]
) -> tuple[list[Diagnostic], Contract]:
    """What does not go with points: the rules are run on them, offline; and the contract of the points.

    With `settings` go the workspaces, the handlers of files and the clock. Nothing is sent.
    """
    describer, trial = Describer(), Trial(scripts, settings)
    for chunk in chunks:
        describer.feed(chunk)
        trial.feed(chunk)
    trial.end()
    contract = describer.contract()
    found = [each for script in scripts for each in _of_points(script, trial, contract)] if contract.points else []
    return [*found, *(each for each in trial.troubles if each.code in OF_TEXTS)], contract


def _names(script: Script, contract: Contract) -> Iterator[Diagnostic]:
    yield from unknown_sources(script, contract)
    yield from unknown_names(script, contract)
    yield from wrong_types(script, contract)
    yield from many_groups(script, contract)


def _of_contract(script: Script, contract: Contract) -> Iterator[Diagnostic]:
    found = list(_names(script, contract))
    yield from found
    yield from out_of_range(script, contract, _places(found))


def _of_points(script: Script, trial: Trial, contract: Contract) -> Iterator[Diagnostic]:
    found = list(_names(script, contract))
    told = _places(found)
    found += lost(script, trial, contract)
    found += unreached(script, trial, told)
    found += shared_ids(script, trial)
    yield from (each.within(script.source) for each in found)


def _places(found: Iterable[Diagnostic]) -> frozenset[Span]:
    return frozenset(each.span for each in found if each.span is not None)
