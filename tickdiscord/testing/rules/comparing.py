"""Holds what a test expects against what came out of it."""

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import cast

from tickdiscord.alert.event import Published
from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import did_you_mean
from tickdiscord.handlers.workspaces import COLOURS
from tickdiscord.nodes.alert import LABELS
from tickdiscord.testing.rules.aligning import Pair, aligned
from tickdiscord.testing.rules.document import Plain
from tickdiscord.testing.rules.expectations import (
    Counts,
    Expectation,
    HttpOutput,
    LevelAt,
    NodeOutput,
    RequestPattern,
    Requests,
    Scope,
    Silent,
    Timeline,
    Troubles,
    Within,
)
from tickdiscord.testing.rules.moments import Window, offset_text, shown_window
from tickdiscord.testing.rules.patterns import EventPattern, PointPattern, same_group
from tickdiscord.testing.rules.replay import Focus
from tickdiscord.testing.rules.run import Given, Observed, Sent
from tickdiscord.testing.rules.showing import (
    event_line,
    given_line,
    pattern_line,
    request_line,
    request_pattern_line,
)

MOST_NAMED = 10
"""Of groups that could have been meant so many are named."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison: what was expected and what came, at a time of the common axis.

    `mark` is empty where both agree, `missing`, `extra`, or `different`, and then `why` says in what.
    """

    time: str
    expected: str
    got: str
    mark: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that does not hold."""

    expectation: Expectation
    title: str
    rows: Sequence[Row] = ()
    focus: Focus | None = None
    hint: str = ""


def mismatches(expected: Sequence[Expectation], observed: Observed) -> list[Mismatch]:
    """Every expectation that does not hold."""
    return [found for each in expected for found in compare(each, observed)]


@singledispatch
def compare(expectation: Expectation, observed: Observed) -> Iterator[Mismatch]:
    """The mismatches of one expectation: at most one."""
    raise NotImplementedError(type(expectation).__name__)


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
    pairs = aligned(wanted, got, lambda pattern, each: _distance(pattern.differences(each, start)))
    rows = [_row(pair, start, topic=scope.topic is not None) for pair in pairs]
    first = next(pair for pair, row in zip(pairs, rows, strict=True) if row.mark)
    title = f"the timeline of {scope} differs" if str(scope) != "all events" else "the timeline differs"
    hint = _unmade(observed, *(pattern.level for pattern in wanted))
    yield Mismatch(expectation, title, rows, _focus(first, start, scope), hint)


def _unmade(observed: Observed, *levels: Level | None) -> str:
    """A hint if a level is expected that no alert of the rules has."""
    nodes = [node for task in observed.tasks for node in task.alerts]
    made = {Level.OK, *(level for node in nodes for level in node.conditions())}
    missing = next((level for level in levels if level is not None and level not in made), None)
    return f"no alert here has a `{LABELS[missing]}`: nothing is ever {missing}" if nodes and missing else ""


def _longer(when: Window, start: int) -> str:
    return f"`until: {offset_text(when.last.at(start), start)}` lets the clock of the test run on"


def _distance(differences: Sequence[str]) -> int:
    """How far an event is from the expected one: another group is another event, another time nearly so."""
    return sum({"group": 3, "time": 2}.get(each, 1) for each in differences)


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


def _focus(pair: Pair[EventPattern, Published], start: int, scope: Scope) -> Focus:
    pattern, got = pair.expected, pair.got
    time = pattern.when.first.at(start) if pattern is not None and pattern.when is not None else None
    group = pattern.group if pattern is not None and pattern.group is not None else scope.group
    if time is None and got is not None:
        time = got.event.state.time
    if group is None and got is not None:
        group = got.event.group
    return Focus(time, group)


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
    focus = Focus(first.event.state.time, first.event.group)
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


@compare.register
def _(expectation: Requests, observed: Observed) -> Iterator[Mismatch]:
    got = [each for each in observed.requests if each.kind == expectation.kind]
    start = observed.start
    if expectation.amount is not None:
        if not expectation.amount.holds(len(got)):
            rows = [Row(_sent_time(each, start), "", request_line(each)) for each in got]
            title = f"{expectation.kind}: expected {_requests(str(expectation.amount))}, got {len(got)}"
            yield Mismatch(expectation, title, rows, _request_focus(None, got[0] if got else None, start))
        return
    wanted = [dataclasses.replace(each, times=1) for each in expectation.requests for _ in range(each.times)]

    def differ(pattern: RequestPattern, each: Sent) -> int:
        return len(request_differences(pattern, each, start))

    if len(wanted) == len(got) and not any(differ(pattern, each) for pattern, each in zip(wanted, got, strict=True)):
        return
    pairs = aligned(wanted, got, differ)
    rows = [_request_row(pair, start) for pair in pairs]
    first = next(pair for pair, row in zip(pairs, rows, strict=True) if row.mark)
    title = f"the requests to {expectation.kind} differ"
    yield Mismatch(expectation, title, rows, _request_focus(first.expected, first.got, start))


def _requests(number: str) -> str:
    return f"{number} request{'' if number == '1' else 's'}"


def _sent_time(sent: Sent, start: int) -> str:
    return "" if sent.published is None else offset_text(sent.published.event.state.time, start)


def _request_focus(pattern: RequestPattern | None, got: Sent | None, start: int) -> Focus | None:
    if got is not None and got.published is not None:
        event = got.published.event
        return Focus(event.state.time, event.group)
    if pattern is not None and pattern.when is not None:
        return Focus(pattern.when.first.at(start), None)
    return None


def _request_row(pair: Pair[RequestPattern, Sent], start: int) -> Row:
    pattern, got = pair.expected, pair.got
    if pattern is None:
        assert got is not None
        return Row(_sent_time(got, start), "", request_line(got), "extra")
    time = shown_window(pattern.when, start) if pattern.when else ""
    if got is None:
        return Row(time, request_pattern_line(pattern), "", "missing")
    differences = request_differences(pattern, got, start)
    mark = "different" if differences else ""
    line = request_line(got, pattern)
    return Row(_sent_time(got, start), request_pattern_line(pattern), line, mark, ", ".join(differences))


def request_differences(pattern: RequestPattern, sent: Sent, start: int) -> list[str]:
    """In what a request is not as expected."""
    request, found = sent.entry.request, list[str]()
    body = readable(request.body)
    if pattern.when is not None and (
        sent.published is None or not pattern.when.holds(sent.published.event.state.time, start)
    ):
        found.append("time")
    if pattern.target is not None and not pattern.target.fits(request.target):
        found.append("workspace" if pattern.kind == "discord" else "target")
    embed = _embed(body)
    for name, wanted in pattern.texts.items():
        given = body.get(name) if name in ("username", "avatar_url") else embed.get(name)
        if not wanted.fits("" if given is None else str(given)):
            found.append(name)
    if pattern.colour is not None:
        colour = COLOURS[pattern.colour] if isinstance(pattern.colour, Level) else pattern.colour
        if embed.get("color") != colour:
            found.append("colour")
    if pattern.body is not None and pattern.body != body:
        found.append("body")
    if pattern.has is not None and not contains(body, pattern.has):
        found.append("has")
    return found


def _embed(body: Mapping[str, Plain]) -> Mapping[str, Plain]:
    embeds = body.get("embeds")
    first = embeds[0] if isinstance(embeds, list) and embeds else None
    return first if isinstance(first, dict) else {}


def readable(body: Mapping[str, object]) -> dict[str, Plain]:
    """A body as plain data, in which a text that holds JSON is what it holds."""
    return {name: _readable(value) for name, value in body.items()}


def _readable(value: object) -> Plain:
    if isinstance(value, bool | int | float | None):
        return value
    if isinstance(value, Mapping):
        return {str(key): _readable(each) for key, each in cast("Mapping[object, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_readable(each) for each in cast("Sequence[object]", value)]
    text = str(value)
    if text[:1] in "{[" and text[-1:] in "}]":
        try:
            return cast("Plain", json.loads(text))
        except ValueError:
            return text
    return text


def contains(given: Plain, wanted: Plain) -> bool:
    """Whether a value is as wanted; mappings may have more keys, lists more items at the end."""
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(
            key in given and contains(given[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(given, list)
            and len(given) >= len(wanted)
            and all(contains(one, other) for one, other in zip(given, wanted, strict=False))
        )
    if isinstance(wanted, bool) or isinstance(given, bool):
        return type(given) is type(wanted) and given == wanted
    return given == wanted


@compare.register
def _(expectation: NodeOutput, observed: Observed) -> Iterator[Mismatch]:
    start = observed.start
    got = observed.probes.given(expectation.node)
    if got is None:
        known = ", ".join(f"`{node.name}`" for task in observed.tasks for node in task.steps)
        yield Mismatch(expectation, f"there is no node `{expectation.node}`", hint=f"nodes are: {known}")
        return
    if expectation.amount is not None:
        if not expectation.amount.holds(len(got)):
            title = f"`{expectation.node}` hands on {len(got)} points or batches, expected {expectation.amount}"
            rows = [Row(offset_text(each.time, start), "", given_line(each)) for each in got]
            yield Mismatch(expectation, title, rows)
        return
    wanted = expectation.points

    def differs(pattern: PointPattern, each: Given) -> int:
        return 0 if pattern.fits(each.time, each.tags, each.fields, start) else 1

    if len(wanted) == len(got) and not any(differs(*both) for both in zip(wanted, got, strict=True)):
        return
    rows = [_point_row(pair, start, differs) for pair in aligned(wanted, got, differs)]
    yield Mismatch(expectation, f"what `{expectation.node}` hands on differs", rows)


def _point_row(pair: Pair[PointPattern, Given], start: int, differs: Callable[[PointPattern, Given], int]) -> Row:
    pattern, got = pair.expected, pair.got
    expected = "" if pattern is None else pattern.text
    if got is None:
        return Row("", expected, "", "missing")
    time, line = offset_text(got.time, start), given_line(got)
    if pattern is None:
        return Row(time, "", line, "extra")
    return Row(time, expected, line, "different" if differs(pattern, got) else "")


@compare.register
def _(expectation: HttpOutput, observed: Observed) -> Iterator[Mismatch]:
    start = observed.start
    if expectation.name not in observed.outputs:
        known = ", ".join(f"`{name}`" for name in observed.outputs) or "none"
        yield Mismatch(expectation, f"no `|httpOut()` is called `{expectation.name}`", hint=f"there are: {known}")
        return
    got = [
        Given(row.name, int(last[0] or 0), "", row.tags, dict(zip(row.columns[1:], last[1:], strict=True)))
        for row in observed.outputs[expectation.name]
        for last in row.values
    ]
    left = list(got)
    missing: list[PointPattern] = []
    matched: list[Row] = []
    for pattern in expectation.rows:
        found = next((each for each in left if pattern.fits(each.time, each.tags, each.fields, start)), None)
        if found is None:
            missing.append(pattern)
        else:
            left.remove(found)
            matched.append(Row(offset_text(found.time, start), pattern.text, given_line(found)))
    if not missing and not left:
        return
    rows = [*matched, *(Row("", each.text, "", "missing") for each in missing)]
    rows += [Row(offset_text(each.time, start), "", given_line(each), "extra") for each in left]
    yield Mismatch(expectation, f"what `{expectation.name}` holds at the end differs", rows)


@compare.register
def _(expectation: Troubles, observed: Observed) -> Iterator[Mismatch]:
    got = sorted({each.code for each in observed.troubles})
    if sorted(set(expectation.codes)) != got:
        rows = [Row("", "", f"{each.code} {each.message}") for each in observed.troubles]
        wanted = ", ".join(expectation.codes) or "none"
        yield Mismatch(expectation, f"the troubles differ: expected {wanted}, got {', '.join(got) or 'none'}", rows)
