"""Rules under test from Python: `tickdiscord.testing.Rule("cpu.tick").feed(…)`, with typed results."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from tickdiscord.alert.event import Published, Row
from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import Diagnostic, Source
from tickdiscord.nodes.alert import LABELS
from tickdiscord.points.model import Value
from tickdiscord.points.precision import Precision
from tickdiscord.testing.rules.document import composed
from tickdiscord.testing.rules.feed import Feed
from tickdiscord.testing.rules.loading import Loaded, Loader
from tickdiscord.testing.rules.moments import Moment, duration, moment
from tickdiscord.testing.rules.patterns import same_group
from tickdiscord.testing.rules.reading_points import Defaults, sources
from tickdiscord.testing.rules.run import Observed, Probes, observe
from tickdiscord.testing.rules.suite import Circumstances, Setup

MICROSECOND = 1_000


@dataclass(frozen=True, slots=True)
class Event:
    """An alert event. `at` is counted from the start of the points, `duration` since the alert left OK."""

    at: timedelta
    time: datetime
    group: str
    id: str
    level: Level
    previous: Level
    message: str
    details: str
    duration: timedelta
    topic: str
    tags: Mapping[str, str]
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Request:
    """What a handler would send: `kind` is the handler's, `target` a workspace, an URL, a file."""

    kind: str
    target: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LevelMargin:
    """How far the condition of a level was from being decided otherwise; `at` is counted from the start of the points.

    `margin` is a part of the threshold, negative (perhaps -0.0) where the condition did not hold, and infinite where no
    number decides. `absolute` says that the threshold is 0, so that it is the difference itself.
    """

    at: timedelta
    time: datetime
    group: str
    level: Level
    margin: float
    absolute: bool
    comparison: str
    value: str
    threshold: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of some points."""

    events: Sequence[Event]
    """Those of all alert nodes, in order."""
    requests: Sequence[Request]
    outputs: Mapping[str, Sequence[Row]]
    """What each `|httpOut()` holds at the end, by name."""
    troubles: Sequence[Diagnostic]
    """What went wrong with single points."""
    _measure: Callable[[], Sequence[LevelMargin]] = field(default=list[LevelMargin], repr=False, compare=False)

    def margins(self, level: Level | str | None = None, group: str | None = None) -> Sequence[LevelMargin]:
        """The margins of the conditions of a level, or of all, at every point that came to an alert, in order.

        See `tickdiscord.testing.margins`; a point at which the condition fails has none.
        """
        return [
            each
            for each in self._measure()
            if (level is None or str(each.level) == str(level)) and (group is None or same_group(group, each.group))
        ]

    def of(self, group: str) -> Sequence[Event]:
        """The events of a group, such as `host=a`."""
        return [each for each in self.events if same_group(group, each.group)]

    @property
    def levels(self) -> Sequence[Level]:
        """The levels of all events, in order."""
        return [each.level for each in self.events]


class Rule:
    """One rule or several on one stream, loaded once; every `feed` begins anew."""

    def __init__(
        self,
        *rules: str | Path,
        vars: Mapping[str, object] | None = None,
        config: str | Path | None = None,
        handlers: Sequence[str | Path] = (),
    ) -> None:
        """Load rules, with values for their vars, a kapacitor.conf and handler files.

        Raises:
            DiagnosticError: something in them is wrong; everything that is.
        """
        setup = Setup(
            rules=tuple(map(Path, rules)),
            vars=tuple((name, _word(value)) for name, value in (vars or {}).items()),
            config=None if config is None else Path(config),
            handlers=tuple(map(Path, handlers)),
        )
        self._loaded: Loaded = Loader().load(setup)

    def feed(
        self,
        points: str | Mapping[str, object] | Sequence[str | Mapping[str, object]],
        *,
        interval: str = "10s",
        precision: str = "ns",
        start: str | None = None,
        until: str | None = None,
    ) -> Outcome:
        """Run the rules on points: line protocol, or series as in test files, `{"cpu,host=a usage_idle": "50 10x3"}`.

        `interval` is between the values of a series, `start` a time such as 2026-03-02T08:00:00Z, `until` how far the
        clock runs on behind the last point.

        Raises:
            DiagnosticError: the points are none.
            ValueError: a time is none.
        """
        text = yaml.safe_dump(points, sort_keys=False, width=1 << 20)
        root = composed(Source("points", text))
        defaults = Defaults(Path(), duration(interval), Precision.named(precision), as_written=True)
        given = Feed(() if root is None else sources(root, defaults), None if start is None else moment(start))
        circumstances = Circumstances(until=None if until is None else _until(until))

        def measure() -> Sequence[LevelMargin]:
            return list(_margins(observe(self._loaded, given, circumstances, Probes(margins=True))))

        return _outcome(observe(self._loaded, given, circumstances, Probes()), measure)


def _until(text: str) -> Moment:
    return moment(text.removeprefix("+"))


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _outcome(found: Observed, measure: Callable[[], Sequence[LevelMargin]]) -> Outcome:
    return Outcome(
        [_event(each, found.start) for each in found.events],
        [Request(each.kind, each.entry.request.target, each.entry.request.body) for each in found.requests],
        found.outputs,
        found.troubles,
        measure,
    )


def _margins(found: Observed) -> Iterator[LevelMargin]:
    for each in found.probes.measured:
        margin = each.margin
        if each.label in LABELS.values():
            yield LevelMargin(
                at=_span(each.time - found.start),
                time=_time(each.time),
                group=each.group,
                level=each.level,
                margin=margin.signed,
                absolute=margin.absolute,
                comparison=margin.text,
                value=margin.value,
                threshold=margin.threshold,
            )


def _event(published: Published, start: int) -> Event:
    event, state = published.event, published.event.state
    return Event(
        at=_span(state.time - start),
        time=_time(state.time),
        group=event.group,
        id=state.id,
        level=state.level,
        previous=published.previous,
        message=state.message,
        details=str(state.details),
        duration=_span(state.duration),
        topic=published.topic,
        tags=event.tags,
        fields=event.fields,
    )


def _time(ns: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + _span(ns)


def _span(ns: int) -> timedelta:
    return timedelta(microseconds=ns / MICROSECOND)
