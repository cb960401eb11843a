"""A test that the rule passes and a mutant fails, written in the format of tests, ready to be added to them."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import DiagnosticError, Source
from tickdiscord.testing.mutation.mutants import Mutant
from tickdiscord.testing.mutation.searching import ANONYMOUS, Witness, run
from tickdiscord.testing.mutation.streams import Stream
from tickdiscord.testing.mutation.trying import complaint
from tickdiscord.testing.pinning.forms import points_as_lines, points_as_series, start
from tickdiscord.testing.pinning.keeping import Kept
from tickdiscord.testing.pinning.yaml_text import Block, Entries, Raw, document
from tickdiscord.testing.rules.comparing_outputs import readable
from tickdiscord.testing.rules.document import composed
from tickdiscord.testing.rules.loading import Loaded
from tickdiscord.testing.rules.moments import offset_text
from tickdiscord.testing.rules.patterns import EventPattern, TextPattern
from tickdiscord.testing.rules.reading import suite_of
from tickdiscord.testing.rules.run import Observed, Sent
from tickdiscord.testing.rules.showing import event_line
from tickdiscord.testing.rules.suite import Circumstances, RuleTest

SILENT = "silent"
LONGEST_NAME = 120
CALL = re.compile(r"[|.](?=[a-zA-Z]\w*\()")
"""Where a call begins in a chain."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """How a mutant differs: the points in the notation of tests, what rule and mutant make of them, and the test."""

    points: str
    rule: Sequence[str]
    mutant: Sequence[str]
    test: str
    """A whole test file; empty if no expectation tells them apart."""
    beside: Path
    """A test file in whose folder the names of files in it are meant."""


def suggestion(mutant: Mutant, witness: Witness, beside: Path) -> Suggestion:
    """What to show of a mutant that no test has noticed, and what to do about it."""
    points = _points(witness.stream)
    rule, other = _observed(witness.stream.case.loaded, witness), _observed(witness.mutated, witness)
    kinds = {kind for each in (rule, other) if isinstance(each, Observed) for kind in _kinds(each)}
    known = [*EXPECTATIONS, *(partial(_bodies, kind) for kind in sorted(kinds))]
    differing = [said for said in known if _said(said, rule) != _said(said, other)]
    shown = differing[0] if differing else _lines
    test = next(_tests(mutant, witness, points, [_said(each, rule) for each in differing], beside), "")
    return Suggestion(
        document(points).rstrip("\n"), _shown(_said(shown, rule)), _shown(_said(shown, other)), test, beside
    )


def _observed(loaded: Loaded, witness: Witness) -> Observed | DiagnosticError:
    try:
        return run(loaded, witness.stream)
    except DiagnosticError as problem:
        return problem


def _said(expectation: "Callable[[Observed], object]", observed: Observed | DiagnosticError) -> object:
    if isinstance(observed, DiagnosticError):
        return f"the run ends: {observed.diagnostics[0].message}"
    return expectation(observed)


def read_test(text: str, beside: Path) -> RuleTest | None:
    """The test of a suggestion as a test file beside another one would say it; None if it cannot be read."""
    path = beside.with_name("suggested_test.yaml")
    try:
        root = composed(Source(str(path), text)) if text else None
        found = suite_of(root, path).tests if root is not None else ()
    except DiagnosticError:
        return None
    return found[0] if len(found) == 1 else None


def _tests(
    mutant: Mutant, witness: Witness, points: Entries, expected: Sequence[object], beside: Path
) -> Iterator[str]:
    """The shortest tests first; only such as do what they are for."""
    for expect in expected:
        if expect is None:
            continue
        entries: Entries = {
            "name": _name(mutant),
            **_setup(witness.stream, beside),
            **_circumstances(witness.stream.circumstances),
            **points,
            "expect": expect,
        }
        text = document({"tests": [entries]})
        test = read_test(text, beside)
        if test is not None and _passes(test, witness.stream.case.loaded) and not _passes(test, witness.mutated):
            yield text


def _passes(test: RuleTest, loaded: Loaded) -> bool:
    try:
        return not complaint(test, loaded)
    except DiagnosticError:
        return False


def _name(mutant: Mutant) -> str:
    """What the test is for: what the rule says, and not what the mutant says."""
    lines = mutant.diff[3:]
    before, after = (" ".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    if before and after:
        before, after = _calls(before, after)
    name = f"{before}, not {after}" if before and after else f"{before} matters" if before else f"without {after}"
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _calls(before: str, after: str) -> tuple[str, str]:
    """The calls of two chains in which they differ."""
    same = _alike(before, after)
    start = max((found.start() for found in CALL.finditer(before) if found.start() <= same), default=0)
    alike = min(_alike(before[::-1], after[::-1]), min(len(before), len(after)) - max(same, start))
    behind = before[len(before) - alike :]
    end = next((len(behind) - found.start() for found in CALL.finditer(behind)), 0)
    return before[start : len(before) - end].strip(), after[start : len(after) - end].strip()


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _setup(stream: Stream, beside: Path) -> Entries:
    setup = stream.case.test.setup

    def named(path: Path) -> str:
        return Path(os.path.relpath(path, beside.parent)).as_posix()

    rules = [named(path) for path in setup.rules]
    found: Entries = {"rule": rules[0]} if len(rules) == 1 else {"rules": rules}
    if setup.vars:
        found["vars"] = {name: Raw(word) for name, word in setup.vars}
    if setup.vars_files:
        found["vars_file"] = [named(path) for path in setup.vars_files]
    if setup.config is not None:
        found["config"] = named(setup.config)
    if setup.handlers:
        found["handlers"] = [named(path) for path in setup.handlers]
    database = setup.database or stream.case.test.feed.database
    if all(database):
        found["dbrp"] = ".".join(database)
    return found


def _circumstances(said: Circumstances) -> Entries:
    found: Entries = {}
    if said.zone:
        found["timezone"] = said.zone
    if said.on_error is not None:
        found["on_error"] = said.on_error
    if said.groups:
        found["expect_groups"] = list(said.groups)
    if said.until is not None:
        found["until"] = Raw(offset_text(said.until.at(0), 0)) if not said.until.absolute else None
    return found


def _points(stream: Stream) -> Entries:
    kept = Kept(stream.points, stream.start)
    return {**start(kept, said=stream.start != 0), **(points_as_series(kept) or points_as_lines(kept))}


def _events(observed: Observed, like: Callable[[Published], EventPattern]) -> object:
    lines = [_line(each, observed.start, like(each)) for each in observed.events]
    return Block("".join(lines)) if lines else SILENT


def _line(published: Published, begin: int, like: EventPattern) -> str:
    line = event_line(published, like, message=like.message is not None)
    return f"{offset_text(published.event.state.time, begin)} {line}\n"


TEXT = TextPattern("")


def _levels(observed: Observed) -> object:
    return _events(observed, lambda _: EventPattern())


def _lines(observed: Observed) -> object:
    return _events(observed, lambda _: EventPattern(message=TEXT))


def _lasting(observed: Observed) -> object:
    return _events(observed, lambda each: EventPattern(previous=each.previous, duration=each.event.state.duration))


def _texts(observed: Observed) -> object:
    return _events(observed, lambda _: EventPattern(message=TEXT, id=TEXT, details=TEXT))


def _data(observed: Observed) -> object:
    return [
        {
            "at": offset_text(each.event.state.time, observed.start),
            "level": str(each.event.state.level),
            "tags": dict(each.event.tags),
            "fields": dict(each.event.fields),
        }
        for each in observed.events
    ]


def _topics(observed: Observed) -> object:
    """What the topics got that have a name, also those that got nothing."""
    found: dict[str, list[str]] = {name: [] for name in observed.topics if not name.startswith(ANONYMOUS)}
    for each in observed.received:
        if not each.topic.startswith(ANONYMOUS):
            line = _line(each, observed.start, EventPattern(message=TEXT, previous=each.previous))
            found.setdefault(each.topic, []).append(line)
    return (
        {"topics": {name: Block("".join(lines)) if lines else SILENT for name, lines in found.items()}}
        if found
        else None
    )


def _kinds(observed: Observed) -> Mapping[str, Sequence[Sent]]:
    found: dict[str, list[Sent]] = {}
    for each in observed.requests:
        found.setdefault(each.kind, []).append(each)
    return found


def _numbers(observed: Observed) -> object:
    return {"handlers": {kind: len(each) for kind, each in _kinds(observed).items()}}


def _discord(observed: Observed) -> object:
    found = _kinds(observed).get("discord", ())
    return {"discord": [_message(each) for each in found]} if found else {"discord": SILENT}


def _message(sent: Sent) -> Entries:
    body = readable(sent.entry.request.body)
    match body.get("embeds"):
        case [dict(embed)]:
            texts = {"title": embed.get("title"), "description": embed.get("description")}
        case _:
            texts = {}
    said = {"workspace": sent.entry.request.target, **texts, "username": body.get("username")}
    return {name: text for name, text in said.items() if isinstance(text, str) and text}


def _bodies(kind: str, observed: Observed) -> object:
    """The whole bodies of what a kind of handler gets; those of Discord's stand under a name of their own."""
    found: list[Entries] = []
    for each in _kinds(observed).get(kind, ()):
        request = each.entry.request
        place: Entries = {} if kind == "discord" else {"to": request.target}
        found.append({**place, "body": readable(request.body)})
    bodies = found or SILENT
    return {"discord": bodies} if kind == "discord" else {"handlers": {kind: bodies}}


EXPECTATIONS: Sequence[Callable[[Observed], object]] = (
    _levels,
    _lines,
    _lasting,
    _texts,
    _data,
    _topics,
    _discord,
    _numbers,
)
"""What a test may expect, the shortest first; None where there is nothing of the kind."""


def _shown(expected: object) -> Sequence[str]:
    if expected is None:
        return ["nothing of the kind"]
    if isinstance(expected, str):
        return expected.rstrip("\n").split("\n")
    return document(expected).rstrip("\n").split("\n")
