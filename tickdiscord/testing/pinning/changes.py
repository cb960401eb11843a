"""Finds the changes of level in a recording, in one pass, and chooses those that get a test."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, zip_longest

from tickdiscord.alert.event import Published
from tickdiscord.alert.level import Level
from tickdiscord.clock import StreamClock
from tickdiscord.diagnostics import Diagnostic, error
from tickdiscord.points.model import SeriesPool
from tickdiscord.runtime.engine import Engine, Happening
from tickdiscord.testing.rules.feed import FileSource, Making
from tickdiscord.testing.rules.loading import Loaded
from tickdiscord.testing.rules.run import NO_POINTS, settings_of
from tickdiscord.testing.rules.suite import Circumstances

Maker = tuple[str, str]
"""An alert, by its task and its node's name."""

Kind = tuple[Maker, Level, Level]
"""An alert, and from which level to which it changes."""

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Change:
    """An event whose level is not that of the event before. `time` is in nanoseconds since 1970."""

    maker: Maker
    group: str
    tags: tuple[tuple[str, str], ...]
    """Of the group; an empty value is a tag that its points lack."""
    previous: Level
    level: Level
    time: int
    message: str
    place: int = UNKNOWN
    """So many points of the recording had come, at most, when it came."""

    @property
    def kind(self) -> Kind:
        return self.maker, self.previous, self.level

    def is_in(self, events: Iterable[tuple[Maker, Published]], shift: int = 0, *, message: bool = True) -> bool:
        """Whether it is among some events, all of which come earlier by a shift (ns); perhaps whatever its message."""
        return any(
            (maker, each.event.group, each.previous) == (self.maker, self.group, self.previous)
            and (each.event.state.level, each.event.state.time) == (self.level, self.time - shift)
            and (not message or each.event.state.message == self.message)
            for maker, each in events
        )


def _change(maker: Maker, published: Published) -> Change:
    event, state = published.event, published.event.state
    names = (piece.partition("=")[0] for piece in event.group.rpartition("\n")[2].split(",") if "=" in piece)
    tags = tuple((name, event.tags.get(name, "")) for name in sorted({*names}))
    return Change(maker, event.group, tags, published.previous, state.level, state.time, state.message)


@dataclass(slots=True)
class Found:
    """What a recording has: its points, its first time (ns), all its changes, and those that are worth a test."""

    limit: int | None
    """So many of each kind and group are worth one; None is all."""
    points: int = 0
    start: int = 0
    number: int = 0
    changes: list[Change] = field(default_factory=list[Change])
    troubles: set[str] = field(default_factory=set[str])
    """The codes of what went wrong with single points."""
    _seen: Counter[tuple[Kind, str]] = field(default_factory=Counter[tuple[Kind, str]])

    def take(self, happenings: Sequence[Happening]) -> None:
        """Keep the changes among what the engine says has happened; their places are not known yet."""
        for each in happenings:
            shown = each.shown
            if each.node is None or shown.previous == shown.event.state.level:
                continue
            self.number += 1
            change = _change((each.task, each.node.name), shown)
            which = change.kind, change.group
            if self.limit is None or self._seen[which] < self.limit:
                self._seen[which] += 1
                self.changes.append(change)

    def note(self, trouble: Diagnostic) -> None:
        self.troubles.add(trouble.code)


def changes(loaded: Loaded, recording: FileSource, limit: int | None, tell: Callable[[Diagnostic], None]) -> Found:
    """Run rules on a recording and keep the changes of level, at most `limit` of each kind in each group.

    `tell` hears of lines that are no points.

    Raises:
        DiagnosticError: the recording cannot be read, or has no points; a lambda or handler of the rules is wrong.
    """
    found = Found(limit)
    clock = StreamClock(0)
    settings = settings_of(loaded, Circumstances(), clock)
    engine = Engine(loaded.pipelines, settings, found.take, found.note, lambda _, __: None)
    for chunk in recording.chunks(Making(0, ("", ""), SeriesPool(), tell)):
        if not found.points:
            found.start = chunk.time(0)
            engine.begin(found.start)
        found.points += len(chunk)
        engine.feed(chunk)
        _place(found)
    if not found.points:
        raise error(NO_POINTS, f"there is no point in {recording.path}")
    engine.end()
    _place(found)
    return found


def _place(found: Found) -> None:
    for index in range(len(found.changes) - 1, -1, -1):
        change = found.changes[index]
        if change.place != UNKNOWN:
            return
        found.changes[index] = replace(change, place=found.points)


def chosen(found: Sequence[Change], most: int | None) -> list[Change]:
    """At most so many changes, of every kind and group as evenly as they come, in their order in the recording.

    A transition that nothing else shows comes before one that another group shows as well.
    """
    if most is None or len(found) <= most:
        return list(found)
    kinds: dict[Kind, list[Change]] = defaultdict(list)
    for change in found:
        kinds[change.kind].append(change)
    turns = (each for turn in zip_longest(*kinds.values()) for each in turn if each is not None)
    first = set(islice(turns, most))
    return [change for change in found if change in first]
