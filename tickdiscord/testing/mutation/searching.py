"""Looks for a stream on which a mutant that no test has noticed behaves otherwise than the rule, and makes it small."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.handlers.line import Line
from tickdiscord.outbox.request import Entry
from tickdiscord.testing.mutation.mutants import Mutant
from tickdiscord.testing.mutation.streams import Stream
from tickdiscord.testing.mutation.trying import within
from tickdiscord.testing.rules.feed import Fed
from tickdiscord.testing.rules.loading import Loaded
from tickdiscord.testing.rules.moments import Moment
from tickdiscord.testing.rules.run import Observed, observe
from tickdiscord.testing.shrinking import smallest

SHRINKING = 150
"""So often a stream is run again to make it smaller."""

MOST_UNTILS = 20
"""So many times are tried at which a test may end."""

ANONYMOUS = "main:"
"""How the topics begin that only the handlers of one alert listen to; their names say where in the script it stands."""


@dataclass(frozen=True, slots=True)
class Witness:
    """The smallest stream found on which rule and mutant differ, and what is under test with the change."""

    stream: Stream
    mutated: Loaded


@dataclass(slots=True)
class Search:
    """The streams for a rule. They are made when the first of them is needed, and what the rule does is remembered."""

    made: Iterator[Stream]
    streams: list[Stream] = field(default_factory=list[Stream])
    _outcomes: list[object] = field(default_factory=list[object])

    def witness(self, mutant: Mutant) -> Witness | None:
        """A small stream that tells a mutant from the rule; None if none of the streams does.

        Raises:
            NotAMutantError: the rule does not load with the change.
        """
        mutated: dict[int, Loaded] = {}
        for number, stream in enumerate(self._all()):
            key = id(stream.case.loaded)
            if key not in mutated:
                mutated[key] = within(mutant, stream.case.loaded)
            if number == len(self._outcomes):
                self._outcomes.append(outcome_of(stream.case.loaded, stream))
            if outcome_of(mutated[key], stream) != self._outcomes[number]:
                return Witness(smaller(stream, mutated[key]), mutated[key])
        return None

    def _all(self) -> Iterator[Stream]:
        yield from self.streams
        for each in self.made:
            self.streams.append(each)
            yield each


def outcome_of(loaded: Loaded, stream: Stream, points: Sequence[Fed] | None = None) -> object:
    """All that can be seen of a run from outside, or which error ended it."""
    try:
        return outcome(run(loaded, stream, points), details=stream.case.says_details)
    except DiagnosticError as problem:
        return problem.diagnostics[0].code


def run(loaded: Loaded, stream: Stream, points: Sequence[Fed] | None = None) -> Observed:
    """What comes out of a stream, or of other points in its circumstances.

    Raises:
        DiagnosticError: the run ends with an error.
    """
    return observe(loaded, stream.feed(points), stream.circumstances)


def outcome(observed: Observed, *, details: bool) -> object:
    """What topics and handlers got, and what `|httpOut()` nodes hold.

    Without `details` those of events are left out: they take long to make, and what they are by default says nothing
    that the rest does not say.
    """
    return (
        [_event(each, details=details) for each in observed.received],
        [_request(each.entry, details=details) for each in observed.requests],
        {name: list(rows) for name, rows in observed.outputs.items()},
    )


def _request(entry: Entry, *, details: bool) -> object:
    """A line of JSON is not made: it is as the event that it shows."""
    request = entry.request
    body = {
        name: _event(value.published, details=details) if isinstance(value, Line) else value
        for name, value in request.body.items()
    }
    return (request.kind, request.target, body, entry.event_id)


def _event(published: Published, *, details: bool) -> object:
    event, state = published.event, published.event.state
    topic = "" if published.topic.startswith(ANONYMOUS) else published.topic
    texts = (state.id, state.message, str(state.details) if details else "", event.name, event.group)
    return (topic, state.time, state.level, published.previous, state.duration, texts, event.tags, event.fields)


def smaller(stream: Stream, mutated: Loaded) -> Stream:
    """The fewest points of a stream on which rule and mutant still differ, early and with few fields."""
    rule = stream.case.loaded

    def differ(candidate: Stream) -> bool:
        if not candidate.points:
            return False
        return outcome_of(rule, candidate) != outcome_of(mutated, candidate)

    found = stream
    for fewer in (_points, _fields):
        found = fewer(found, differ)
    earlier = _earlier(found)
    found = earlier if differ(earlier) else found
    return next(filter(differ, _shorter(found, mutated)), found)


def _points(stream: Stream, differ: Callable[[Stream], bool]) -> Stream:
    """With as few points as may be."""
    left = smallest(stream.points, lambda some: differ(replace(stream, points=some)), SHRINKING)
    return replace(stream, points=left)


def _fields(stream: Stream, differ: Callable[[Stream], bool]) -> Stream:
    """With as few fields as may be."""
    names = list({name: None for each in stream.points for name in each.fields})
    if len(names) < 2:
        return stream
    left = smallest(names, lambda some: differ(_with_fields(stream, some)), SHRINKING)
    return _with_fields(stream, left)


def _with_fields(stream: Stream, names: Sequence[str]) -> Stream:
    cut = [
        replace(each, fields={name: value for name, value in each.fields.items() if name in names})
        for each in stream.points
    ]
    return replace(stream, points=[each for each in cut if each.fields])


def _shorter(stream: Stream, mutated: Loaded) -> Iterator[Stream]:
    """Without what the clock does behind the last point, or with less of it: up to an event of rule or mutant."""
    said = stream.circumstances.until
    if said is None:
        return
    yield _until(stream, None)
    times = {time for loaded in (stream.case.loaded, mutated) for time in _times(loaded, stream)}
    for time in sorted(each for each in times if each < said.at(stream.start))[:MOST_UNTILS]:
        yield _until(stream, Moment(time - stream.start))


def _until(stream: Stream, until: Moment | None) -> Stream:
    return replace(stream, circumstances=replace(stream.circumstances, until=until))


def _times(loaded: Loaded, stream: Stream) -> Sequence[int]:
    try:
        return [each.event.state.time for each in run(loaded, stream).received]
    except DiagnosticError:
        return ()


def _earlier(stream: Stream) -> Stream:
    """From the start of the test on."""
    ahead = stream.points[0].time - stream.start
    return replace(stream, points=[replace(each, time=each.time - ahead) for each in stream.points])
