"""`|join().on(tags…)`: which points of a finely grouped parent meet which points of a coarsely grouped one."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from tickdiscord.nodes.join_sets import Arrival
from tickdiscord.points.model import Dimensions, group_id

Queues = dict[str, deque[Arrival]]


class Matches:
    """Kapacitor: `JoinNode.matchPoints`, step by step.

    A specific point is of a group of more tags than the join is on; the others, to be matched, are of no more. A
    specific point goes on alone when no match can come any more; one to be matched goes on only with a specific one,
    whose group it then has. Everything is kept by the id of the group that the tags of `.on()` make.
    """

    def __init__(self, tags: Sequence[str], parents: int) -> None:
        self._dimensions = Dimensions(tuple(tags)), Dimensions(tuple(tags), by_name=True)
        self._parents = parents
        self._reported: set[int] = set()
        self._marks: dict[tuple[int, str], int] = {}
        """How far each parent has come, by parent and group."""
        self._specific: Queues = {}
        self._general: Queues = {}

    def take(self, arrival: Arrival) -> Iterator[Arrival]:
        """What goes on because of what has come, in order; to be walked to its end."""
        dimensions = self._dimensions[arrival.group.dimensions.by_name]
        id = group_id(arrival.name, arrival.group.tags, dimensions)
        self._reported.add(arrival.source)
        self._marks[arrival.source, id] = arrival.time
        low = self._low(id)
        specific = self._specific.get(id)
        while specific and low is not None and specific[0].time < low:
            yield specific.popleft()
        if len(arrival.group.dimensions.tag_names) > len(dimensions.tag_names):
            yield from self._met_by_specific(arrival, id, low)
        else:
            yield from self._met_by_general(arrival, id)
        for queues in (self._specific, self._general):
            if not queues.get(id, True):
                del queues[id]

    def _low(self, id: str) -> int | None:
        """The time that all parents have reached in a group; None as long as not all have.

        Kapacitor: a parent that was seen in other groups only holds this one back if it is the last of the parents, and
        is passed over if it is another.
        """
        if len(self._reported) < self._parents:
            return None
        low: int | None = None
        for source in range(self._parents):
            mark = self._marks.get((source, id))
            if low is None or mark is None or mark < low:
                low = mark
        return low

    def _met_by_specific(self, arrival: Arrival, id: str, low: int | None) -> Iterator[Arrival]:
        waiting = self._general.get(id) or deque[Arrival]()
        matched, passed = False, 0
        for match in waiting:
            if match.time == arrival.time:
                yield from _together(arrival, match)
                matched = True
            if low is None or match.time >= low:
                break
            passed += 1
        for _ in range(passed):
            waiting.popleft()
        if matched:
            return
        if low is not None and arrival.time < low:
            yield arrival
        else:
            self._specific.setdefault(id, deque()).append(arrival)

    def _met_by_general(self, arrival: Arrival, id: str) -> Iterator[Arrival]:
        self._general.setdefault(id, deque()).append(arrival)
        specific = self._specific.get(id)
        while specific and specific[0].time == arrival.time:
            yield from _together(specific.popleft(), arrival)

    def forget(self, id: str, source: int, every: bool) -> None:
        """A parent says that a group has ended; with `every`, all marks go, whosever and of whatever group."""
        self._general.pop(id, None)
        self._specific.pop(id, None)
        if every:
            self._marks.clear()
        else:
            self._marks.pop((source, id), None)

    def plain(self, plain: Callable[[Arrival], object]) -> object:
        """Its state as plain data; `plain` makes that of what has come."""
        return [
            sorted(self._reported),
            [[source, id, mark] for (source, id), mark in self._marks.items()],
            *(
                [[id, list(map(plain, queue))] for id, queue in each.items()]
                for each in (self._specific, self._general)
            ),
        ]

    def restore(self, plain: object, made: Callable[[Any], Arrival]) -> None:
        """Go on from what `plain` gave."""
        reported, marks, specific, general = cast("tuple[list[int], list[Any], list[Any], list[Any]]", plain)
        self._reported = set(reported)
        self._marks = {(source, id): mark for source, id, mark in marks}
        self._specific = {id: deque(map(made, queue)) for id, queue in specific}
        self._general = {id: deque(map(made, queue)) for id, queue in general}


def _together(specific: Arrival, match: Arrival) -> tuple[Arrival, Arrival]:
    return specific, replace(match, group=specific.group)
