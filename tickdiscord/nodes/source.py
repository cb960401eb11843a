"""`stream` and `batch`, where pipelines begin: the points of a task before any node has chosen."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.nodes.node import Edge, Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.chunk import Chunk


@dataclass(eq=False)
class Stream(Node):
    """The predefined `stream`. Kapacitor: a task sees the points of its own databases and retention policies."""

    kind: ClassVar[str] = "stream"
    gives: ClassVar[Edge | None] = Edge.STREAM
    followers: ClassVar[tuple[str, ...] | None] = ("from", "stats", "deadman")
    callable: ClassVar[bool] = False
    doc: ClassVar[str] = "All points that the task sees."

    def step(self, context: Context) -> Step:
        return StreamStep()


class StreamStep(Step):
    """Hands on what the runtime gives it."""

    def chunk(self, chunk: Chunk) -> None:
        self.give(chunk)


@dataclass(eq=False)
class Queries(Node):
    """The predefined `batch`. Kapacitor: nothing goes over its own edges, queries get their batches directly."""

    kind: ClassVar[str] = "batch"
    gives: ClassVar[Edge | None] = Edge.BATCH
    followers: ClassVar[tuple[str, ...] | None] = ("query", "stats", "deadman")
    callable: ClassVar[bool] = False
    doc: ClassVar[str] = "The queries of the task."

    def step(self, context: Context) -> Step:
        return Step()
