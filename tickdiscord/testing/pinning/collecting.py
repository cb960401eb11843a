"""Collects, in one pass over a recording, the last points before each of some changes that may have led to it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from tickdiscord.nodes.from_ import From
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.model import MOST_SERIES, Series, SeriesPool
from tickdiscord.testing.pinning.changes import Change
from tickdiscord.testing.rules.feed import Fed, FileSource, Making


@dataclass(frozen=True, slots=True)
class Scope:
    """Which series may matter: of some measurements and databases (none means all), and without contrary tags."""

    measurements: frozenset[str]
    databases: frozenset[tuple[str, str]]
    tags: tuple[tuple[str, str], ...] = ()

    def holds(self, series: Series) -> bool:
        """Whether a series may matter. A tag that it lacks may come from a node, or from the other side of a join."""
        database = series.database, series.retention_policy
        return (
            (not self.measurements or series.name in self.measurements)
            and (not self.databases or not any(database) or database in self.databases)
            and all(series.tags.get(name, value) == value for name, value in self.tags)
        )


def scope_of(pipeline: Pipeline, tags: tuple[tuple[str, str], ...]) -> Scope:
    """The series that a task looks at, and that may be of a group with some tags."""
    names = frozenset(node.measurement for node in pipeline.nodes if isinstance(node, From))
    databases = frozenset((each.database, each.retention_policy) for each in pipeline.dbrps)
    return Scope(frozenset() if "" in names else names, databases, tags)


@dataclass(frozen=True, slots=True)
class Collected:
    """The last points up to a change, and perhaps a few behind it; `whole` if there are no earlier ones."""

    change: Change
    points: Sequence[Fed]
    whole: bool


@dataclass(slots=True)
class _Ring:
    """The last points of a scope, for `waiting` changes that are still to come."""

    points: deque[Fed]
    waiting: int = 0
    taken: int = 0

    def take(self, fed: Fed) -> None:
        if self.waiting:
            self.points.append(fed)
            self.taken += 1

    def give(self, change: Change) -> Collected:
        found = Collected(change, list(self.points), self.taken == len(self.points))
        self.waiting -= 1
        if not self.waiting:
            self.points.clear()
        return found


class _Rings(dict[Series, list[_Ring]]):
    """The rings that a series goes into; looked for by the values of tags, as there may be one for each group."""

    def __init__(self, scopes: Iterable[Scope], length: int) -> None:
        super().__init__()
        self.of = {scope: _Ring(deque(maxlen=length)) for scope in scopes}
        self._index: dict[tuple[str, ...], dict[tuple[str, ...], list[Scope]]] = {}
        for scope in self.of:
            names, values = tuple(name for name, _ in scope.tags), tuple(value for _, value in scope.tags)
            self._index.setdefault(names, {}).setdefault(values, []).append(scope)

    def __missing__(self, series: Series) -> list[_Ring]:
        if len(self) >= MOST_SERIES:
            self.clear()
        found = self[series] = [self.of[scope] for scope in self._near(series) if scope.holds(series)]
        return found

    def _near(self, series: Series) -> Iterator[Scope]:
        for names, scopes in self._index.items():
            values = tuple(series.tags[name] for name in names if name in series.tags)
            if len(values) == len(names):
                yield from scopes.get(values, ())
            else:
                yield from chain.from_iterable(scopes.values())


def collected(recording: FileSource, wanted: Sequence[tuple[Change, Scope]], length: int) -> Iterator[Collected]:
    """The last `length` points in the scope of each change, in the order of the changes' places.

    Raises:
        DiagnosticError: the recording cannot be read.
    """
    rings = _Rings((scope for _, scope in wanted), length)
    for _, scope in wanted:
        rings.of[scope].waiting += 1
    waiting = deque(sorted(wanted, key=lambda each: each[0].place))
    place = 0
    for chunk in recording.chunks(Making(0, ("", ""), SeriesPool(), lambda _: None)):
        times = chunk.times()
        for index, series in enumerate(chunk.series):
            if mine := rings[series]:
                fed = Fed(times[index], series, chunk.rows.fields(index))
                for ring in mine:
                    ring.take(fed)
        place += len(chunk)
        while waiting and waiting[0][0].place <= place:
            change, scope = waiting.popleft()
            yield rings.of[scope].give(change)
        if not waiting:
            return
