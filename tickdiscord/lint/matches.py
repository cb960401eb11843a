"""`match` of handler files: conditions that none of the events of their topic can fulfil."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tickdiscord.alert.level import Level
from tickdiscord.alert.match import Condition, with_constants
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, warning
from tickdiscord.handlers.aggregate import Aggregate
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.lint.regions import Box, Interval, Region, meet, never, region
from tickdiscord.nodes.alert import Alert
from tickdiscord.pipeline.pipeline import Pipeline

CODE = "TD727"

LEVEL = "level()"
EVERY = frozenset(Level)


def useless_matches(pipelines: Sequence[Pipeline], subscriptions: Sequence[Subscription]) -> Iterator[Diagnostic]:
    """A warning for each handler whose `match` is false for every event that its topic can get."""
    levels = levels_of_topics(pipelines, subscriptions)
    for each in subscriptions:
        condition = each.condition
        known = levels.get(each.topic)
        if condition is None or not known:
            continue
        found = _region(condition)
        if not found:
            continue
        place = condition.expression.span
        if never(found):
            message = f"no event fulfils this match: the handler `{each.id}` hears nothing"
            yield warning(CODE, message, place, "is `OR` meant in place of `AND`?", condition.source)
        elif all(never(meet(found, _at(level)) or found) for level in known):
            names = " and ".join(level.name for level in sorted(known))
            message = f"the events of the topic `{each.topic}` are {names}: the handler `{each.id}` hears nothing"
            yield warning(CODE, message, place, "name a level that an alert of this topic has", condition.source)


def levels_of_topics(
    pipelines: Sequence[Pipeline], subscriptions: Sequence[Subscription]
) -> Mapping[str, frozenset[Level]]:
    """The levels that the events of each topic may have, as far as it gets any."""
    found: defaultdict[str, frozenset[Level]] = defaultdict(frozenset)
    onward: list[tuple[str, str]] = []
    for alert in (node for pipeline in pipelines for node in pipeline.nodes if isinstance(node, Alert)):
        levels = _levels(alert)
        for topic in filter(None, (alert.topic,)):
            found[topic] |= levels
        for handler in alert.handlers:
            for topic in handler.topics():
                found[topic] |= EVERY if isinstance(handler, Aggregate) else levels
    for each in subscriptions:
        for topic in each.handler.topics():
            if isinstance(each.handler, Aggregate):
                found[topic] |= EVERY
            else:
                onward.append((each.topic, topic))
    # A level goes on by one topic a turn, and by no more turns than there are ways.
    for source, topic in onward * len(onward):
        found[topic] |= found[source]
    return found


def _levels(alert: Alert) -> frozenset[Level]:
    levels = frozenset(alert.conditions())
    return levels if alert.no_recoveries else levels | {Level.OK}


def _region(condition: Condition) -> Region | None:
    try:
        return region(with_constants(condition.expression))
    except DiagnosticError:
        # Too large to be looked at: whoever runs it says so.
        return None


def _at(level: Level) -> Region:
    return [Box({LEVEL: Interval((int(level), False), (int(level), True))})]
