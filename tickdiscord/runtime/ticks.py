"""The clock of a run as it meets the points: what is due before a point happens before it."""

from collections.abc import Callable, Iterator, Sequence

from tickdiscord.clock import Clock
from tickdiscord.nodes.step import Ticker
from tickdiscord.points.chunk import Chunk


class Ticks:
    """Makes tickers act when they are due. `settled` is called each time that all who were due at a time have acted."""

    def __init__(self, tickers: Sequence[Ticker], clock: Clock, settled: Callable[[], None]) -> None:
        self._tickers = tickers
        self._clock = clock
        self._settled = settled
        self._begun = False

    @property
    def due(self) -> int | None:
        """When something is due next, in nanoseconds."""
        return min((due for ticker in self._tickers if (due := ticker.due) is not None), default=None)

    def snapshot(self) -> object:
        """Whether the run has begun; the tickers have snapshots of their own."""
        return self._begun

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` gave, when the tickers have done so.

        What was due while nothing ran, which only the wall's clock knows, is not made up for: it begins anew.
        """
        self._begun = bool(state)
        now = self._clock.now()
        for ticker in self._tickers:
            if ticker.due is not None and ticker.due <= now:
                ticker.start(now)

    def begin(self, now: int) -> None:
        """The run begins at this time (ns), unless it has begun; a ticker that goes on from a snapshot just goes on."""
        if self._begun:
            return
        self._begun = True
        if self.due is None:
            self._clock.observe(now)
        for ticker in self._tickers:
            if ticker.due is None:
                ticker.start(now)

    def between(self, chunk: Chunk) -> Iterator[Chunk]:
        """The chunk in pieces, cut where something is due before a point; it has happened when the next piece comes."""
        when, times = self._clock.when, chunk.times()
        self.begin(when(times[0]))
        start, size = 0, len(times)
        while start < size:
            self.until(when(times[start]))
            due = self.due
            end = start + 1
            # A point moves the clock up to its own time at most, so that most need not ask what time it is.
            while end < size and (due is None or times[end] < due or when(times[end]) < due):
                end += 1
            yield chunk.take(range(start, end))
            start = end

    def before(self, time: int) -> None:
        """What is due before something of this time (ns) happens; the run begins with that at the latest."""
        when = self._clock.when(time)
        self.begin(when)
        self.until(when)

    def until(self, now: int) -> None:
        """The clock moves on to `now` (ns), and everything happens that is due until then."""
        while (due := self.due) is not None and due <= now:
            self._clock.observe(due)
            for ticker in self._tickers:
                if ticker.due == due:
                    ticker.tick(now)
            self._settled()
        self._clock.observe(now)
