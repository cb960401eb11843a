"""Why an event came or did not: the point, the lambdas with the value of every part, the rule that decided."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tickdiscord.alert.event import Published
from tickdiscord.alert.level import Level
from tickdiscord.alert.match import Match
from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.lambdas import Environment, explain, operands
from tickdiscord.lambdas.walk import postorder
from tickdiscord.nodes.alert import LABELS, RESET_LABELS
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.where import Where
from tickdiscord.points.line_protocol import field_set, head
from tickdiscord.points.model import Value
from tickdiscord.syntax import tree
from tickdiscord.testing.rules.loading import Loaded
from tickdiscord.testing.rules.moments import offset_text
from tickdiscord.testing.rules.replay import Asked, Decision, Focus, Replay, Why
from tickdiscord.testing.rules.run import Given, Observed, Probes, observe
from tickdiscord.testing.rules.showing import event_line
from tickdiscord.testing.rules.suite import RuleTest

MOST_POINTS = 200_000
"""A run of more points is not repeated to explain it: every one of them would be kept."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`point` is a line; `lambdas` are those that were asked, `remarks` say what decided, in the order of the rules."""

    point: str = ""
    lambdas: Sequence[Asked] = ()
    remarks: Sequence[str] = ()

    def lines(self) -> Iterator[str]:
        """All of it, for people."""
        if self.point:
            yield f"point  {self.point}"
        for asked in self.lambdas:
            first, *parts = asked.explained.lines()
            yield f"{asked.label}  {first}"
            yield from (f"{' ' * len(asked.label)}  {line}" for line in parts)
        yield from self.remarks


def explained(test: RuleTest, loaded: Loaded, focus: Focus, observed: Observed) -> Explanation:
    """What happened at a time in a group, found by running the test once more with everything looked at."""
    if observed.points > MOST_POINTS:
        return Explanation()
    try:
        again = observe(loaded, test.feed, test.circumstances, Probes(focus=focus))
    except DiagnosticError:
        return Explanation()
    decided = [replay for replay in again.probes.replays if replay.decided is not None]
    if not decided:
        return _lost(again, focus)
    found = _most_telling(decided, focus)
    assert found.decided is not None
    return _decision(found, found.decided, again, loaded)


def _most_telling(replays: Sequence[Replay], focus: Focus) -> Replay:
    """Of several alerts that saw the point, the one that is meant, or else one whose level changed there."""
    meant = [each for each in replays if each.maker == focus.maker]
    changed = [each for each in replays if each.decided is not None and each.decided.before != each.decided.level]
    return [*meant, *changed, *replays][0]


def _decision(replay: Replay, decision: Decision, observed: Observed, loaded: Loaded) -> Explanation:
    start = observed.start
    point = decision.point
    line = f"{head(point.name, point.tags)} {field_set(point.fields)}"
    what = f"{line} at {offset_text(point.time, start)}"
    if decision.rows is not None:
        what += f", which decides for a batch of {decision.rows} points"
    remarks = [_level(replay, decision), *_why(replay, decision, observed)]
    came = _event_of(replay, decision, observed)
    if decision.why is Why.EVENT and came is not None:
        remarks += _heard(came, loaded, observed)
    return Explanation(what, replay.asked, remarks)


def _level(replay: Replay, decision: Decision) -> str:
    before, level = decision.before, decision.level
    change = f"level  {before} -> {level}" if before != level else f"level  {level}, as before"
    last = replay.asked[-1] if replay.asked else None
    if last is not None and last.label in RESET_LABELS.values() and last.explained.result is False:
        return f"{change}: `{last.label}` is not true, so that {level} stays"
    if level == Level.OK and before != level:
        return f"{change}: no level is true"
    if level != Level.OK:
        return f"{change}: `{LABELS[level]}` is true" if last and last.label == LABELS[level] else change
    return change


def _event_of(replay: Replay, decision: Decision, observed: Observed) -> Published | None:
    found = (
        each
        for maker, each in zip(observed.makers, observed.events, strict=True)
        if maker == replay.maker and each.event.state.time == decision.time and each.event.group == decision.group
    )
    return next(found, None)


def _why(replay: Replay, decision: Decision, observed: Observed) -> Iterator[str]:
    """Which rule of the alert decided whether there is an event."""
    node, start = replay.node, observed.start
    name = f"event  `{': '.join(replay.maker) if len(observed.tasks) > 1 else node.name}`"
    if decision.why is Why.EVENT:
        came = _event_of(replay, decision, observed)
        if came is not None:
            yield f"{name} makes an event: {event_line(came)}"
        elif node.category:
            yield f"none: it was inhibited, by an alert that inhibits the category `{node.category}` and was not OK"
        else:
            yield f"{name} makes an event"
        return
    reason = decision.why.value
    if decision.why is Why.UNCHANGED:
        if decision.since is not None:
            reason += f" since the event at {offset_text(decision.since, start)}"
        if node.state_changes_only:
            reason += f", which is less than {offset_text(node.state_changes_only, 0)} ago"
    if decision.why is Why.FLAPPING and node.flapping is not None:
        low, high = node.flapping
        reason += f" (silent from {high:.0%} of changes in the last {max(2, node.history)} levels, until {low:.0%})"
    yield f"none: {reason}"


def _heard(published: Published, loaded: Loaded, observed: Observed) -> Iterator[str]:
    """Which handlers of the event's topic hear it, where some do not."""
    environment = Environment(ManualClock(observed.end))
    for each in loaded.handlers.subscriptions:
        on_topic = [it for it in observed.received if it.topic == each.topic and it.event is published.event]
        if each.condition is None or not on_topic:
            continue
        span = each.condition.expression.span
        matches = Match(each.condition, environment, lambda _: None)(on_topic[0])
        text = each.condition.source.text[span.start : span.end]
        verb = "hears" if matches else "does not hear"
        yield f"match  the handler `{each.id}` of topic `{each.topic}` {verb} it: {text}"


def _lost(observed: Observed, focus: Focus) -> Explanation:
    """No alert has seen a point at this time in this group: where the points have gone."""
    start = observed.start
    when = "" if focus.time is None else f" at {offset_text(focus.time, start)}"
    who = f" of {focus.group}" if focus.group else ""
    tags = _tags(focus.group or "")
    for replay in observed.probes.replays:
        path = _path(replay.node)
        seen = [_at(observed, node, focus.time, tags) for node in path[:-1]]
        if not seen or not seen[0]:
            continue
        last = max(index for index, found in enumerate(seen) if found)
        blamed = path[last + 1]
        point = seen[last][-1]
        return _stopped(observed, replay, blamed, point, f"no point{who} reaches `{replay.node.name}`{when}")
    remarks = [f"no point{who} comes{when}"]
    times = sorted({each.time for each in _all_given(observed, tags)})
    if times:
        near = sorted(times, key=lambda time: abs(time - (focus.time or start)))[:3]
        remarks.append(f"there are points{who} at {', '.join(offset_text(time, start) for time in sorted(near))}")
    elif tags and not _all_given(observed, {}):
        remarks.append("no point has reached the rule at all: does its `dbrp` fit the points?")
    return Explanation(remarks=remarks)


def _stopped(observed: Observed, replay: Replay, blamed: Node, given: Given, first: str) -> Explanation:
    """The node that a point has come to, and that hands nothing on."""
    when = offset_text(given.time, observed.start)
    line = f"{head(given.name, given.tags)} {field_set(_present(given.fields))} at {when}"
    if isinstance(blamed, From) and blamed.measurement not in ("", given.name):
        return Explanation(
            line, (), [first, f"`{blamed.name}` takes points of `{blamed.measurement}`, this one is of `{given.name}`"]
        )
    conditions = _conditions(blamed)
    asked: list[Asked] = []
    for label, condition in conditions:
        row = operands(_present(given.fields), given.tags, given.time, _references(condition))
        try:
            found = explain(condition.expression, row, Environment(ManualClock(given.time), datetime.UTC))
        except DiagnosticError:
            continue
        asked.append(Asked(label, found))
        if found.result is not True:
            break
    why = f"`{blamed.name}` does not let it through" if asked else f"`{blamed.name}` has it, and hands nothing on then"
    return Explanation(line, asked, [first, why])


def _conditions(node: Node) -> Sequence[tuple[str, tree.Lambda]]:
    if isinstance(node, From):
        return [(".where()", each) for (each,) in node.where]
    return [("|where()", node.condition)] if isinstance(node, Where) else []


def _references(wanted: tree.Lambda) -> Sequence[str]:
    return list(
        dict.fromkeys(node.name for node, _ in postorder(wanted.expression) if isinstance(node, tree.Reference))
    )


def _present(fields: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in fields.items() if value is not None}


def _path(node: Node) -> list[Node]:
    """The nodes from the stream to one, along first parents."""
    found = [node]
    while found[0].parents:
        found.insert(0, found[0].parents[0])
    return found


def _tags(group: str) -> Mapping[str, str]:
    pairs = (pair.partition("=") for pair in group.rpartition("\n")[2].split(",") if "=" in pair)
    return {name: value for name, _, value in pairs}


def _at(observed: Observed, node: Node, time: int | None, tags: Mapping[str, str]) -> list[Given]:
    """What a node has handed on at a time, with some tags."""
    return [
        given
        for (_, tapped), tap in observed.probes.taps.items()
        if tapped is node
        for given in tap.given
        if time in (None, given.time) and all(given.tags.get(name, "") == value for name, value in tags.items())
    ]


def _all_given(observed: Observed, tags: Mapping[str, str]) -> list[Given]:
    """The points that have come into the rules, with some tags."""
    roots = [task.pipeline.nodes[0] for task in observed.tasks]
    return [given for root in roots for given in _at(observed, root, None, tags)]
