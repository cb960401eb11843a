"""What goes over the edges of a run: a receiver beside those that are there counts it, and no step knows of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tickdiscord.nodes.node import Node
from tickdiscord.nodes.source import Stream
from tickdiscord.nodes.stats import measurements
from tickdiscord.nodes.step import Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk

LEVELS = ("CRITICAL", "WARNING", "INFO", "OK")


@dataclass(slots=True)
class Tally:
    """Counts the points that a node gives: every node behind it gets the same ones.

    Of `measurements`, if it has any, others do not count. Kapacitor: a task is given no points but of the measurements
    that its `|from()` nodes ask for.
    """

    measurements: frozenset[str] = frozenset()
    points: int = 0

    def chunk(self, chunk: Chunk) -> None:
        wanted = self.measurements
        self.points += sum(series.name in wanted for series in chunk.series) if wanted else len(chunk)

    def batch(self, batch: Batch) -> None:
        self.points += len(batch)

    def barrier(self, barrier: Barrier) -> None:
        """Is no point."""


@dataclass(slots=True)
class Counts:
    """The numbers of a run, of all its tasks."""

    _tallies: dict[Node, Tally] = field(default_factory=dict[Node, Tally])
    _events: Counter[tuple[Node, str]] = field(default_factory=Counter[tuple[Node, str]])
    _errors: Counter[Node] = field(default_factory=Counter[Node])

    def watch(self, steps: Mapping[Node, Step]) -> None:
        """Count from now on what the steps of a task give to one another."""
        for node, step in steps.items():
            if node.children:
                asked = measurements(node) if isinstance(node, Stream) else frozenset[str]()
                tally = self._tallies[node] = Tally(frozenset() if "" in asked else asked)
                step.outs.append(tally)

    def happened(self, events: Iterable[tuple[Node, str]]) -> None:
        """Alert nodes have made events of these levels."""
        self._events.update(events)

    def failed(self, node: Node, times: int) -> None:
        """A node had trouble with so many points."""
        self._errors[node] += times

    def points(self, node: Node) -> int:
        """How many points a node has given, those of batches among them."""
        return self._tallies[node].points

    def events(self, node: Node) -> Mapping[str, int]:
        """How many events of each level an alert has made, CRITICAL first; none of 0."""
        return {level: count for level in LEVELS if (count := self._events[node, level])}

    def errors(self, node: Node) -> int:
        """How many points a node had trouble with."""
        return self._errors[node]
