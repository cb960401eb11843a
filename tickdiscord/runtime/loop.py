"""Points that `|kapacitorLoopback()` gives back to the stream."""

from collections import deque
from collections.abc import Callable

from tickdiscord.diagnostics import warning
from tickdiscord.points.chunk import Chunk
from tickdiscord.runtime.troubles import Trouble, Troubles

MOST_POINTS = 10_000
"""Points that one point may bring back into the stream, directly and by way of others; more are an endless loop."""

ENDLESS = "TD183"


class Loop:
    """Holds points back until the one that caused them is done with everywhere, then feeds them, first come first.

    Kapacitor: `WriteKapacitorPoint`, which queues them behind what has come in already.
    """

    def __init__(self, feed: Callable[[Chunk], None], troubles: Troubles) -> None:
        self._feed = feed
        self._troubles = troubles
        self._waiting: deque[Chunk] = deque()
        self._draining = False

    def put(self, chunk: Chunk) -> None:
        """Take points, to be fed later."""
        self._waiting.extend(chunk.cut(1))

    def drain(self) -> None:
        """Feed everything that waits, and what comes of it."""
        if self._draining or not self._waiting:
            return
        self._draining = True
        fed = 0
        while self._waiting:
            if fed == MOST_POINTS:
                self._give_up()
                break
            fed += 1
            self._feed(self._waiting.popleft())
        self._draining = False

    def _give_up(self) -> None:
        series = self._waiting[0].series[0]
        self._waiting.clear()
        where = f"`{series.database}`.`{series.retention_policy}`"
        message = f"points go round without end: `|kapacitorLoopback()` has brought {MOST_POINTS:,} of them to {where}"
        hint = "the rules that read from there and loop back must not make a circle; the other points are dropped"
        self._troubles.note(Trouble("", where, "a loop", ENDLESS), warning(ENDLESS, message, hint=hint))
