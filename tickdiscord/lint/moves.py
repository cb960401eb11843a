"""From which level of an alert to which other a point can take it, as far as intervals tell."""

from collections.abc import Sequence

from tickdiscord.alert.level import Level
from tickdiscord.lint.guards import guards
from tickdiscord.lint.regions import Box, Region, meet, never, within
from tickdiscord.lint.script import Script
from tickdiscord.nodes.alert import Alert

Move = tuple[Level, Level]


def moves(alert: Alert, script: Script) -> list[Move]:
    """The changes of level that no interval rules out, from below; OK is a level too.

    Kapacitor (`determineLevel`): a level is entered where its lambda is true and no higher one is; from a higher level
    only where, besides, the reset of that is true. A level that cannot be reached from OK is never left. Lambdas that
    fail are not thought of.
    """
    conditions = {level: script.region(found) for level, found in alert.conditions().items()}
    resets = {level: script.region(found) for level, found in alert.resets().items()}
    passed = [script.region(guard.condition) for guard in guards(alert)]
    levels = [Level.OK, *sorted(conditions)]
    found: list[Move] = []
    for before in levels:
        for level in levels:
            higher = [region for each, region in conditions.items() if each > level]
            needed = [conditions[level]] if level else []
            if level < before and before in resets:
                needed.append(resets[before])
            if before != level and _possible(needed, higher, passed):
                found.append((before, level))
    reached = {Level.OK}
    for _ in levels:
        reached |= {level for before, level in found if before in reached}
    return [(before, level) for before, level in found if before in reached]


def _possible(
    needed: Sequence[Region | None], higher: Sequence[Region | None], passed: Sequence[Region | None]
) -> bool:
    """Whether all of some conditions can be true of a point that has passed the filters, and no higher one be so."""
    together: Region | None = [Box()]
    for each in needed:
        together = None if each is None else meet(together, each)
        if together is None:
            return True
    if never(together):
        return False
    return not within(filtered(together, passed), [box for each in higher if each is not None for box in each])


def filtered(found: Region, passed: Sequence[Region | None]) -> Region:
    """Where a condition is true of points that have passed the filters before it, as far as that is known."""
    for each in passed:
        together = None if each is None else meet(found, each)
        if together is not None and not never(together):
            found = together
    return found
