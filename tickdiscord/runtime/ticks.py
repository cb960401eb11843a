"""The clock of a run as it meets the points: what is due before a point happens before it."""

from collections.abc import Callable, Iterator, Sequence

from tickdiscord.clock import Clock
from tickdiscord.nodes.step import Ticker
from tickdiscord.points.chunk import Chunk

MOST_TICKS = 100_000
"""Ticks between two points; what is due beyond them is left out, and reported.

The wall's time does not jump, a stream's does: by one point with a wrong unit of time it may jump by a century.
"""


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

    def begin(self, now: int) -> None:
        """The run begins at this time (ns), unless it has begun; a ticker that goes on from a snapshot just goes on."""
        if self._begun:
            return
        self._begun = True
        self._clock.observe(now)
        for ticker in self._tickers:
            if ticker.due is None:
                ticker.start(now)

    def between(self, chunk: Chunk) -> Iterator[Chunk]:
        """The chunk in pieces, cut where something is due before a point; it has happened when the next piece comes."""
        clock = self._clock
        times = chunk.times()
        self.begin(clock.when(times[0]))
        due = self.due
        if due is None or clock.when(max(times)) < due:
            yield chunk
            return
        start = 0
        for index, time in enumerate(times):
            now = clock.when(time)
            if due is not None and due <= now:
                if index > start:
                    yield chunk.take(range(start, index))
                start = index
                self.until(now)
                due = self.due
        yield chunk.take(range(start, len(chunk)))

    def until(self, now: int) -> None:
        """The clock moves on to `now` (ns), and everything happens that is due until then."""
        ticks = 0
        while (due := self.due) is not None and due <= now:
            if ticks >= MOST_TICKS:
                for ticker in self._tickers:
                    ticker.skip(now)
                ticks = 0
                continue
            self._clock.observe(due)
            for ticker in self._tickers:
                if ticker.due == due:
                    ticker.tick(now)
                    ticks += 1
            self._settled()
        self._clock.observe(now)
