"""What time it is: the stream's, the wall's, or what a test says. Nothing else in the project reads a clock."""

import time
from typing import Protocol, cast


class Clock(Protocol):
    """Times are nanoseconds since 1970, UTC."""

    def now(self) -> int:
        """The present time."""
        ...

    def observe(self, time: int) -> None:
        """A point of this time has come."""
        ...

    def when(self, time: int) -> int:
        """What time it is at the moment when a point of this time comes."""
        ...

    def snapshot(self) -> object:
        """Its state, of what JSON has; None for a clock that needs none."""
        ...

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` of a clock of whatever kind gave."""
        ...


class WallClock:
    """The machine's own clock; points do not move it."""

    def now(self) -> int:
        return time.time_ns()

    def observe(self, time: int) -> None:
        pass

    def when(self, time: int) -> int:
        return self.now()

    def snapshot(self) -> object:
        return None

    def restore(self, state: object) -> None:
        pass


class StreamClock:
    """The time of the newest point so far; before the first one, the time it was made with."""

    def __init__(self, start: int) -> None:
        self._now = start
        self._seen = False

    def now(self) -> int:
        return self._now

    def observe(self, time: int) -> None:
        self._now, self._seen = self.when(time), True

    def when(self, time: int) -> int:
        return max(time, self._now) if self._seen else time

    def snapshot(self) -> object:
        return [self._now, self._seen]

    def restore(self, state: object) -> None:
        if state is not None:
            self._now, self._seen = cast("tuple[int, bool]", state)


class ManualClock:
    """A clock that stands until it is set; for tests and for what is rendered as of a given moment."""

    def __init__(self, now: int = 0) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def observe(self, time: int) -> None:
        pass

    def when(self, time: int) -> int:
        return self._now

    def snapshot(self) -> object:
        return None

    def restore(self, state: object) -> None:
        pass

    def set(self, now: int) -> None:
        """Move to another time, forwards or back."""
        self._now = now


def pause(seconds: float) -> None:
    """Do nothing for some seconds."""
    time.sleep(seconds)


def elapsed() -> float:
    """Seconds on a clock that never goes back; for back-off, time-outs and rates, not for the time of anything."""
    return time.monotonic()
