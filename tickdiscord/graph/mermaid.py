"""Graphs in Mermaid, which GitHub and GitLab draw in Markdown."""

from collections.abc import Sequence

from tickdiscord.graph.graph import Graph, Vertex
from tickdiscord.graph.text import numbers


def mermaid(graphs: Sequence[Graph]) -> str:
    """A flowchart; each of several tasks is a frame in it."""
    lines = ["flowchart TD"]
    for number, graph in enumerate(graphs):
        several = len(graphs) > 1
        indent = "    " if several else ""
        drawn = [f"    {indent}{line}" for line in _lines(graph, f"t{number}_" if several else "")]
        frame = f'    subgraph task{number}["{_escaped(graph.task)}"]'
        lines += [frame, *drawn, "    end"] if several else drawn
    return "\n".join(lines) + "\n"


def _lines(graph: Graph, prefix: str) -> list[str]:
    vertices = [f"{prefix}{vertex.name}{_box(vertex)}" for vertex in graph.vertices]
    links: list[str] = []
    for link in graph.links:
        arrow = "==>" if link.batches else "-->"
        count = "" if link.points is None else f'|"{link.points:,}"|'
        start, end = (prefix + graph.vertices[each].name for each in (link.start, link.end))
        links.append(f"{start} {arrow}{count} {end}")
    return [*vertices, *links]


def _box(vertex: Vertex) -> str:
    text = "<br/>".join(_escaped(line) for line in (vertex.call, *vertex.properties, *numbers(vertex)))
    return f'(["{text}"])' if vertex.is_alert else f'["{text}"]'


def _escaped(text: str) -> str:
    """Whatever could be taken for Mermaid or HTML, by its number."""
    return "".join(each if each.isalnum() or each in " .,:()=_-+/'|…" else f"#{ord(each)};" for each in text)
