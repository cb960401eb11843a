"""Holds what handlers and nodes are expected to give against what they gave."""

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from tickdiscord.alert.level import Level
from tickdiscord.handlers.workspaces import COLOURS
from tickdiscord.testing.rules.aligning import Pair, aligned
from tickdiscord.testing.rules.comparing_events import distance
from tickdiscord.testing.rules.document import Plain
from tickdiscord.testing.rules.expectations import (
    Amount,
    HttpOutput,
    NodeOutput,
    RequestPattern,
    Requests,
    Troubles,
)
from tickdiscord.testing.rules.mismatch import Mismatch, Row, compare
from tickdiscord.testing.rules.moments import offset_text, shown_window
from tickdiscord.testing.rules.patterns import PointPattern
from tickdiscord.testing.rules.replay import Focus
from tickdiscord.testing.rules.run import Given, Observed, Sent
from tickdiscord.testing.rules.showing import (
    given_line,
    request_line,
    request_pattern_line,
)


@compare.register
def _(expectation: Requests, observed: Observed) -> Iterator[Mismatch]:
    got = [each for each in observed.requests if each.kind == expectation.kind]
    start = observed.start
    if expectation.amount is not None:
        if not expectation.amount.holds(len(got)):
            rows = [Row(_sent_time(each, start), "", request_line(each)) for each in got]
            title = f"{expectation.kind}: expected {_requests(str(expectation.amount))}, got {len(got)}"
            yield Mismatch(expectation, title, rows, _amount_focus(expectation.amount, got, observed))
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


def _amount_focus(amount: Amount, got: Sequence[Sent], observed: Observed) -> Focus | None:
    """If there are too few requests, the first event without one; if too many, the first request."""
    if got and len(got) >= amount.least:
        return _request_focus(None, got[0], observed.start)
    asked = [each.published.event for each in got if each.published is not None]
    silent = next((each for each in observed.events if not any(each.event is event for event in asked)), None)
    if silent is None:
        return None
    return Focus(silent.event.state.time, silent.event.group, observed.maker(silent))


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

    def differ(pattern: PointPattern, each: Given) -> list[str]:
        return pattern.differences(each.time, each.tags, each.fields, start)

    if len(wanted) == len(got) and not any(differ(*both) for both in zip(wanted, got, strict=True)):
        return
    pairs = aligned(wanted, got, lambda pattern, each: distance(differ(pattern, each)))
    rows = [_point_row(pair, start, differ) for pair in pairs]
    yield Mismatch(expectation, f"what `{expectation.node}` hands on differs", rows)


def _point_row(pair: Pair[PointPattern, Given], start: int, differ: Callable[[PointPattern, Given], list[str]]) -> Row:
    pattern, got = pair.expected, pair.got
    when = shown_window(pattern.when, start) if pattern is not None and pattern.when is not None else ""
    expected = "" if pattern is None else pattern.text
    if got is None:
        return Row(when, expected, "", "missing")
    time, line = offset_text(got.time, start), given_line(got)
    if pattern is None:
        return Row(time, "", line, "extra")
    differences = differ(pattern, got)
    if "time" in differences:
        expected, line = f"{when} {expected}", f"{time} {line}"
    return Row(time, expected, line, "different" if differences else "", ", ".join(differences))


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
        found = next((each for each in left if not pattern.differences(each.time, each.tags, each.fields, start)), None)
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
