"""Which level a point has: the lambdas of an alert, asked in Kapacitor's order, and only as far as they matter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from tickdiscord.alert.instrument import AlertWatch
from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import DiagnosticError, Severity
from tickdiscord.lambdas import Failure
from tickdiscord.nodes.evaluate import Predicate
from tickdiscord.nodes.step import OnError
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Value

Ask = Callable[[int], "Value | Failure"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is told of resets, and the lambdas of levels a second time, unseen: none that has a state or depends on
    more than the point."""

    watch: AlertWatch
    plain: Mapping[Level, Predicate]


class Levels:
    """The level lambdas and resets of an alert node."""

    def __init__(
        self,
        conditions: Mapping[Level, Predicate],
        resets: Mapping[Level, Predicate],
        on_error: OnError,
        seen: Seen | None = None,
    ) -> None:
        self._seen = seen
        self._conditions = dict(sorted(conditions.items(), reverse=True))
        self._resets = {level: reset for level, reset in resets.items() if level in conditions}
        self._on_error: OnError = on_error
        self.stateful = any(each.stateful for each in (*self._conditions.values(), *self._resets.values()))

    def of(self, chunk: Chunk) -> "ChunkLevels":
        """The levels of some points."""
        if self._seen is not None:
            return SeenLevels(chunk, self._conditions, self._resets, self._on_error, self._seen)
        return ChunkLevels(chunk, self._conditions, self._resets, self._on_error, self.stateful)

    @property
    def predicates(self) -> list[Predicate]:
        return [*self._conditions.values(), *self._resets.values()]


class ChunkLevels:
    """The lambdas of an alert over one chunk; resets are evaluated when one is first asked for."""

    def __init__(
        self,
        chunk: Chunk,
        conditions: Mapping[Level, Predicate],
        resets: Mapping[Level, Predicate],
        on_error: OnError,
        one_by_one: bool,
    ) -> None:
        self._chunk = chunk
        self._conditions = conditions
        self._resets = resets
        self._on_error = on_error
        self._reset_asks: dict[Level, Ask] = {}
        self.marked: set[int] | None = None
        """The rows that may be other than OK coming from OK, or None if only asking tells: with `one_by_one`."""
        self._asks: list[tuple[Level, Ask]] = []
        if one_by_one:
            self._asks = [(level, condition.rows(chunk)) for level, condition in conditions.items()]
            return
        self.marked = set()
        for level, condition in conditions.items():
            column = condition.column(chunk)
            self._asks.append((level, column.__getitem__))
            if column.count(False) != len(column):
                self.marked.update(index for index, value in enumerate(column) if value is not False)

    def level(self, index: int, current: Level) -> Level:
        """The level of a row whose group is at `current` (Kapacitor: `determineLevel`).

        Raises:
            DiagnosticError: a lambda failed, and the run is to end then.
        """
        failed = False
        for level, ask in self._asks:
            if level <= current:
                break
            passed = self._passed(ask(index), self._conditions[level])
            if passed:
                return level
            failed |= passed is None
        reset = self._reset(current)
        if reset is not None:
            passed = self._passed(reset(index), self._resets[current])
            if passed is False:
                return current
            failed |= passed is None
        for level, ask in self._asks:
            if level <= current:
                passed = self._passed(ask(index), self._conditions[level])
                if passed:
                    return current if failed and self._on_error == "hold" else level
                failed |= passed is None
        return current if failed and self._on_error == "hold" else Level.OK

    def _passed(self, value: Value | Failure, predicate: Predicate) -> bool | None:
        """True, false, or None for a lambda that failed, which is reported."""
        if value is True or value is False:
            return value
        if isinstance(value, Failure):
            if self._on_error == "fail":
                raise DiagnosticError(replace(predicate.diagnostic(value), severity=Severity.ERROR))
            predicate.failed(value)
        return None

    def _reset(self, level: Level) -> Ask | None:
        predicate = self._resets.get(level)
        if predicate is None:
            return None
        ask = self._reset_asks.get(level)
        if ask is None:
            ask = predicate.rows(self._chunk) if predicate.stateful else predicate.column(self._chunk).__getitem__
            self._reset_asks[level] = ask
        return ask


class SeenLevels(ChunkLevels):
    """The same, with an instrument: each lambda is asked only where Kapacitor would ask it."""

    def __init__(
        self,
        chunk: Chunk,
        conditions: Mapping[Level, Predicate],
        resets: Mapping[Level, Predicate],
        on_error: OnError,
        seen: Seen,
    ) -> None:
        super().__init__(chunk, conditions, resets, on_error, one_by_one=True)
        self._watch = seen.watch
        self._plain = {level: condition.rows(chunk) for level, condition in seen.plain.items()}

    def _reset(self, level: Level) -> Ask | None:
        ask = super()._reset(level)
        return ask and partial(self._told, level, ask)

    def _told(self, level: Level, ask: Ask, index: int) -> Value | Failure:
        value = ask(index)
        if value is True or value is False:
            still = level in self._plain and self._plain[level](index) is True
            self._watch.reset(level, lets_go=value, still=still)
        return value
