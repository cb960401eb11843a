"""When a level becomes an event: the state of one group of an alert node.

Kapacitor keeps the last levels in a ring; here the ring begins at its current element, which is the same thing for
every question that is asked of it. Times are nanoseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tickdiscord.alert.level import Level

LEAST_WEIGHT = 1.2 / 1.5
"""Weight of the oldest change when flapping is measured (Kapacitor: `maxWeight / weightDiff`)."""
MOST_WEIGHT = 1.2

_DIGITS = bytes(b"0123"[level % 4] for level in range(256))
"""Levels as digits: a history as one text is a tenth of the work to write down."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which levels become events. `expiry` is the interval of `.stateChangesOnly(d)`, 0 without one."""

    history: int = 21
    flapping: tuple[float, float] | None = None
    changes_only: bool = False
    expiry: int = 0
    recoveries: bool = True


@dataclass(slots=True)
class AlertState:
    """The state of one group; plain values, so that it can be kept and taken up again."""

    levels: list[Level]
    """The last levels, the newest first."""
    flapping: bool = False
    changed: bool = False
    expired: bool = False
    first_triggered: int | None = None
    last_triggered: int | None = None
    inhibits: bool = False
    """Whether it was not OK when it last triggered: then its inhibitors are at work."""

    @classmethod
    def new(cls, policy: Policy) -> "AlertState":
        """The state of a group that was never seen: everything has always been OK."""
        return cls([Level.OK] * max(2, policy.history))

    def plain(self) -> list[object]:
        """As plain data."""
        return [
            bytes(self.levels).translate(_DIGITS).decode(),
            self.flapping,
            self.changed,
            self.expired,
            self.first_triggered,
            self.last_triggered,
            self.inhibits,
        ]

    @classmethod
    def of(cls, plain: Sequence[Any]) -> "AlertState":
        """The reverse."""
        levels, *rest = plain
        return cls([Level(int(level)) for level in levels], *rest)

    @property
    def level(self) -> Level:
        return self.levels[0]

    @property
    def quiet(self) -> bool:
        """Whether one more OK would change nothing at all."""
        return not any(self.levels)

    def add(self, time: int, level: Level, policy: Policy) -> None:
        """Put the level of a point into the history."""
        levels = self.levels
        self.changed = levels[0] != level
        levels.insert(0, level)
        levels.pop()
        if policy.flapping is not None:
            self._flap(*policy.flapping)
        self.expired = (
            not self.changed
            and policy.expiry != 0
            and (self.last_triggered is None or time - self.last_triggered >= policy.expiry)
        )

    def triggers(self, policy: Policy) -> bool:
        """Whether the level just added triggers the alert, on a stream."""
        if (policy.flapping is not None and self.flapping) or (
            policy.changes_only and not self.changed and not self.expired
        ):
            return False
        return self.level != Level.OK or self.changed

    def triggers_batch(self, policy: Policy) -> bool:
        """Whether the level just added triggers the alert, on a batch: there a recovery is never held back."""
        if self.level == Level.OK:
            return self.changed
        held = (policy.flapping is not None and self.flapping) or (
            policy.changes_only and not self.changed and not self.expired
        )
        return not held

    def trigger(self, time: int) -> None:
        """Note that the alert triggered; the first time after an OK starts its duration."""
        self.last_triggered = time
        if self.levels[1] == Level.OK:
            self.first_triggered = time

    def duration(self) -> int:
        """From the first trigger since the last OK to the last one."""
        if self.last_triggered is None or self.first_triggered is None:
            return 0
        return self.last_triggered - self.first_triggered

    def _flap(self, low: float, high: float) -> None:
        share = self._changes()
        if self.flapping and share < low:
            self.flapping = False
        elif not self.flapping and share > high:
            self.flapping = True

    def _changes(self) -> float:
        """The weighted share of changes in the history.

        Kapacitor walks from its current index and compares each level with the one before it in the ring: the newest
        level is first compared with its predecessor, at the lowest weight, then the oldest with the newest, and the
        newest pair but one comes last.
        """
        levels = self.levels
        last = len(levels) - 1
        step = (MOST_WEIGHT - LEAST_WEIGHT) / last
        weight, total = LEAST_WEIGHT, 0.0
        for age in [0, *range(last, 1, -1)]:
            if levels[age] != levels[(age + 1) % (last + 1)]:
                total += weight
            weight += step
        return total / last
