"""The sets that a join makes in one group: what its parents gave at equal times, and when a set may leave."""

import heapq
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from tickdiscord.points.batch import Batch
from tickdiscord.points.model import Group, Value


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """A point or a batch of a parent. `time` is in nanoseconds, and rounded; `given` is the field set, or the batch."""

    source: int
    time: int
    name: str
    group: Group
    given: Mapping[str, Value] | Batch


JoinSet = list[Arrival | None]
"""What the parents gave at one time, in the order of the parents; None where nothing has come."""


class Sets:
    """Kapacitor: `joinGroup`.

    The sets of the oldest time leave when they are complete, and all of them when every parent has moved past that
    time. What is complete at a later time waits for the next message of the group.
    """

    __slots__ = ("_heads", "_sets", "_times")

    def __init__(self, parents: int) -> None:
        self._heads: list[int | None] = [None] * parents
        self._sets: dict[int, deque[JoinSet]] = {}
        self._times: list[int] = []
        """A heap of the times that there are sets of."""

    def collect(self, arrival: Arrival) -> list[JoinSet]:
        """Take what a parent gives; the sets that leave for it, in order."""
        time, source = arrival.time, arrival.source
        sets = self._sets.get(time)
        if sets is None:
            sets = self._sets[time] = deque()
            heapq.heappush(self._times, time)
        found = next((each for each in sets if each[source] is None), None)
        if found is None:
            found = cast("JoinSet", [None] * len(self._heads))
            sets.append(found)
        found[source] = arrival
        return self.advance(source, time)

    def advance(self, source: int, time: int) -> list[JoinSet]:
        """A parent has come to this time, in nanoseconds; the sets that leave for it, in order."""
        self._heads[source] = time
        leaving: list[JoinSet] = []
        while self._times:
            oldest = self._times[0]
            passed = all(head is not None and head > oldest for head in self._heads)
            sets = self._sets[oldest]
            while sets and (passed or None not in sets[0]):
                leaving.append(sets.popleft())
            if not sets:
                self._forget_oldest()
            if not passed:
                break
        return leaving

    def drain(self) -> Iterator[JoinSet]:
        """All sets that are left, in the order of their times."""
        while self._times:
            yield from self._sets[self._times[0]]
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        del self._sets[heapq.heappop(self._times)]

    def plain(self, plain: Callable[[Arrival], object]) -> object:
        """Its state as plain data; `plain` makes that of what has come."""
        return [
            list(self._heads),
            [
                [time, [[each and plain(each) for each in found] for found in self._sets[time]]]
                for time in sorted(self._times)
            ],
        ]

    @classmethod
    def of(cls, plain: object, made: Callable[[Any], Arrival]) -> "Sets":
        """The reverse."""
        heads, timed = cast("tuple[list[int | None], list[tuple[int, list[list[Any]]]]]", plain)
        sets = cls(len(heads))
        sets._heads = list(heads)
        sets._sets = {time: deque([each and made(each) for each in found] for found in held) for time, held in timed}
        sets._times = list(sets._sets)
        return sets
