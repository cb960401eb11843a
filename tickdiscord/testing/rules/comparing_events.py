"""Holds expected events and levels against those that came."""

from collections.abc import Iterator, Sequence

from tickdiscord.alert.event import Published
from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import did_you_mean
from tickdiscord.nodes.alert import LABELS
from tickdiscord.testing.rules.aligning import Pair, aligned
from tickdiscord.testing.rules.expectations import (
    Counts,
    Expectation,
    LevelAt,
    Scope,
    Silent,
    Timeline,
    Within,
)
from tickdiscord.testing.rules.mismatch import Mismatch, Row, compare
from tickdiscord.testing.rules.moments import Window, offset_text, shown_window
from tickdiscord.testing.rules.patterns import EventPattern, same_group
from tickdiscord.testing.rules.replay import Focus
from tickdiscord.testing.rules.run import Observed
from tickdiscord.testing.rules.showing import (
    event_line,
    pattern_line,
)

MOST_NAMED = 10
"""Of groups that could have been meant so many are named."""


def in_scope(scope: Scope, observed: Observed) -> list[Published]:
    """The events that are meant."""
    if scope.topic is not None:
        chosen = [each for each in observed.received if each.topic == scope.topic]
    else:
        chosen = observed.events
    group = scope.group
    return chosen if group is None else [each for each in chosen if same_group(group, each.event.group)]


@compare.register
def _(expectation: Timeline, observed: Observed) -> Iterator[Mismatch]:
    start, scope = observed.start, expectation.scope
    got = in_scope(scope, observed)
    wanted = expectation.events
    if expectation.unknown:
        rows = [_extra(each, start) for each in got]
        title = "the test does not say what it expects"
        yield Mismatch(expectation, title, rows, hint="`--update` writes down what came out")
        return
    if len(wanted) == len(got) and all(pattern.fits(each, start) for pattern, each in zip(wanted, got, strict=True)):
        yield from _vacuous(expectation, scope, observed)
        return
    pairs = aligned(wanted, got, lambda pattern, each: distance(pattern.differences(each, start)))
    rows = [_row(pair, start, topic=scope.topic is not None) for pair in pairs]
    first = next(pair for pair, row in zip(pairs, rows, strict=True) if row.mark)
    title = f"the timeline of {scope} differs" if str(scope) != "all events" else "the timeline differs"
    hint = _unmade(observed, *(pattern.level for pattern in wanted))
    yield Mismatch(expectation, title, rows, _focus(first, observed, scope), hint)


def _unmade(observed: Observed, *levels: Level | None) -> str:
    """A hint if a level is expected that no alert of the rules has."""
    nodes = [node for task in observed.tasks for node in task.alerts]
    made = {Level.OK, *(level for node in nodes for level in node.conditions())}
    missing = next((level for level in levels if level is not None and level not in made), None)
    return f"no alert here has a `{LABELS[missing]}`: nothing is ever {missing}" if nodes and missing else ""


def _longer(when: Window, start: int) -> str:
    return f"`until: {offset_text(when.last.at(start), start)}` lets the clock of the test run on"


def distance(differences: Sequence[str]) -> int:
    """How far an event is from the expected one: another group is another event, other texts make little difference."""
    return sum({"group": 8, "time": 5, "level": 3}.get(each, 1) for each in differences)


def _row(pair: Pair[EventPattern, Published], start: int, topic: bool = False) -> Row:
    pattern, got = pair.expected, pair.got
    if pattern is None:
        assert got is not None
        return _extra(got, start)
    time = shown_window(pattern.when, start) if pattern.when else ""
    if got is None:
        return Row(time, pattern_line(pattern), "", "missing")
    time = time if pattern.when and not pattern.when.point else offset_text(got.event.state.time, start)
    differences = pattern.differences(got, start)
    line = event_line(got, pattern)
    if "time" in differences and pattern.when is not None:
        return Row(
            time,
            f"{shown_window(pattern.when, start)} {pattern_line(pattern)}",
            f"{offset_text(got.event.state.time, start)} {line}",
            "different",
            ", ".join(differences),
        )
    return Row(time, pattern_line(pattern), line, "different" if differences else "", ", ".join(differences))


def _extra(got: Published, start: int) -> Row:
    return Row(offset_text(got.event.state.time, start), "", event_line(got), "extra")


def _focus(pair: Pair[EventPattern, Published], observed: Observed, scope: Scope) -> Focus:
    pattern, got = pair.expected, pair.got
    time = pattern.when.first.at(observed.start) if pattern is not None and pattern.when is not None else None
    group = pattern.group if pattern is not None and pattern.group is not None else scope.group
    if time is None and got is not None:
        time = got.event.state.time
    if group is None and got is not None:
        group = got.event.group
    return Focus(time, group, None if got is None else observed.maker(got))


def _vacuous(expectation: Expectation, scope: Scope, observed: Observed) -> Iterator[Mismatch]:
    """What holds only because its group or topic does not exist says nothing."""
    if in_scope(scope, observed):
        return
    if scope.topic is not None and scope.topic not in observed.topics:
        known = ", ".join(f"`{name}`" for name in observed.topics)
        yield Mismatch(expectation, f"nothing publishes to the topic `{scope.topic}`", hint=f"topics are: {known}")
    groups = list(observed.probes.seen.ids)
    if scope.group is not None and not any(same_group(scope.group, group) for group in groups):
        known = ", ".join(f"`{group or 'no group'}`" for group in groups[:MOST_NAMED])
        hint = f"groups are: {known}" if groups else "no point reaches an alert at all"
        title = f"this can never fail: no point of the group `{scope.group}` reaches an alert"
        yield Mismatch(expectation, title, hint=did_you_mean(scope.group, groups) or hint)


@compare.register
def _(expectation: Within, observed: Observed) -> Iterator[Mismatch]:
    pattern, start = expectation.event, observed.start
    if any(pattern.fits(each, start) for each in observed.events):
        return
    window = shown_window(pattern.when, start) if pattern.when else ""
    near = [
        each for each in observed.events if pattern.when is None or pattern.when.holds(each.event.state.time, start)
    ]
    rows = [Row(window, pattern_line(pattern), "", "missing"), *(_extra(each, start) for each in near)]
    time = pattern.when.first.at(start) if pattern.when else None
    late = pattern.when is not None and pattern.when.first.at(start) > observed.end
    hint = _longer(pattern.when, start) if late and pattern.when else _unmade(observed, pattern.level)
    yield Mismatch(expectation, f"no such event within {window}", rows, Focus(time, pattern.group), hint)


@compare.register
def _(expectation: Silent, observed: Observed) -> Iterator[Mismatch]:
    start, when = observed.start, expectation.when
    got = [
        each
        for each in in_scope(expectation.scope, observed)
        if when is None or when.holds(each.event.state.time, start)
    ]
    if not got:
        if when is not None and when.first.at(start) > observed.end:
            end = offset_text(observed.end, start)
            title = f"this can never fail: the test ends at {end}, before {shown_window(when, start)}"
            yield Mismatch(expectation, title, hint=_longer(when, start))
            return
        yield from _vacuous(expectation, expectation.scope, observed)
        return
    first = got[0]
    window = f" in {shown_window(when, start)}" if when else ""
    who = "" if str(expectation.scope) == "all events" else f" of {expectation.scope}"
    title = f"no event{who} was to come{window}, and there {'is one' if len(got) == 1 else f'are {len(got)}'}"
    focus = Focus(first.event.state.time, first.event.group, observed.maker(first))
    yield Mismatch(expectation, title, [_extra(each, start) for each in got], focus)


@compare.register
def _(expectation: Counts, observed: Observed) -> Iterator[Mismatch]:
    got = in_scope(expectation.scope, observed)
    wrong: list[tuple[str, str, int]] = []
    for level, amount in expectation.counts.items():
        number = len(got) if level is None else sum(each.event.state.level == level for each in got)
        if not amount.holds(number):
            wrong.append(("events" if level is None else str(level), str(amount), number))
    if not wrong:
        return
    said = "; ".join(f"{name}: expected {amount}, got {number}" for name, amount, number in wrong)
    scope = "" if str(expectation.scope) == "all events" else f" of {expectation.scope}"
    rows = [Row(offset_text(each.event.state.time, observed.start), "", event_line(each)) for each in got]
    yield Mismatch(expectation, f"the counts{scope} differ: {said}", rows)


@compare.register
def _(expectation: LevelAt, observed: Observed) -> Iterator[Mismatch]:
    start = observed.start
    time = observed.end if expectation.when is None else expectation.when.at(start)
    when = "the end" if expectation.when is None else offset_text(time, start)
    latest: dict[tuple[int, str], tuple[int, Level]] = {}
    for number, replay in enumerate(observed.probes.replays):
        for decision in replay.decisions:
            if decision.time <= time and (expectation.group is None or same_group(expectation.group, decision.group)):
                latest[number, decision.group] = (decision.time, decision.level)
    if not latest:
        who = f"group `{expectation.group}`" if expectation.group is not None else "group"
        focus = Focus(time, expectation.group)
        yield Mismatch(expectation, f"no {who} has a level at {when}: no point has reached an alert", focus=focus)
        return
    wrong = {key: found for key, found in latest.items() if found[1] != expectation.level}
    if not wrong:
        return
    rows = [
        Row(when, str(expectation.level), f"{group} {level}".strip(), "different")
        for (_, group), (_, level) in wrong.items()
    ]
    (_, group), (decided, _) = next(iter(wrong.items()))
    yield Mismatch(expectation, f"the level at {when} differs", rows, Focus(decided, group))
