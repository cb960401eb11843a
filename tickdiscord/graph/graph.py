"""A pipeline as nodes and edges that can be drawn, with the numbers of a run if there was one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tickdiscord.graph.calls import own_call, property_calls
from tickdiscord.graph.counts import Counts
from tickdiscord.nodes.node import Edge, Node
from tickdiscord.pipeline.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node. `call` is how a script says it, `properties` how it says what belongs to it.

    `events` are those of an alert by level, CRITICAL first, None if nothing was run; `errors` counts the points that it
    had trouble with.
    """

    name: str
    call: str
    properties: Sequence[str]
    is_alert: bool = False
    events: Mapping[str, int] | None = None
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """An edge from one vertex to another, by their places in the graph.

    `batches` says what goes over it, `points` how many points did (those of batches counted one by one, as Kapacitor
    counts them), None if nothing was run.
    """

    start: int
    end: int
    batches: bool
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """The vertices of a task stand in the order the script makes them, and so each before those behind it."""

    task: str
    dbrps: Sequence[str]
    vertices: Sequence[Vertex]
    links: Sequence[Link] = field(default=())

    def behind(self, vertex: int) -> Sequence[Link]:
        """The edges that lead on from a vertex."""
        return [link for link in self.links if link.start == vertex]


def graph_of(pipeline: Pipeline, counts: Counts | None = None) -> Graph:
    """The graph of a pipeline, with what a run of it has counted."""
    place = {node: index for index, node in enumerate(pipeline.nodes)}
    links = [
        Link(place[parent], place[node], parent.edge is Edge.BATCH, None if counts is None else counts.points(parent))
        for node in pipeline.nodes
        for parent in node.parents
    ]
    vertices = [_vertex(node, counts) for node in pipeline.nodes]
    return Graph(pipeline.task, [str(each) for each in pipeline.dbrps], vertices, links)


def _vertex(node: Node, counts: Counts | None) -> Vertex:
    is_alert = node.kind == "alert"
    events = counts.events(node) if counts is not None and is_alert else None
    errors = 0 if counts is None else counts.errors(node)
    return Vertex(node.name, own_call(node), property_calls(node), is_alert, events, errors)
