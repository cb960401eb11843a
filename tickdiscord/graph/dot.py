"""A graph in DOT, the language of Graphviz, in the form of `kapacitor show`."""

import re

from tickdiscord.graph.graph import Graph, Vertex
from tickdiscord.graph.text import numbers

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_KEYWORDS = frozenset(("node", "edge", "graph", "digraph", "subgraph", "strict"))
_COUNTERS = (("CRITICAL", "crits"), ("INFO", "infos"), ("OK", "oks"), ("WARNING", "warns"))


def dot(graph: Graph) -> str:
    """A digraph of a task. Attributes that Kapacitor has too bear its names: `processed`, `crits_triggered`."""
    lines = [f"digraph {_id(graph.task)} {{", "node [shape=box];"]
    for index, vertex in enumerate(graph.vertices):
        lines += ["", f"{vertex.name} [{_attributes(vertex)}];"]
        for link in graph.behind(index):
            style = " style=bold" if link.batches else ""
            count = "" if link.points is None else f' processed="{link.points}" label="{link.points:,}"'
            shown = f"{count}{style}".strip()
            lines.append(f"{vertex.name} -> {graph.vertices[link.end].name}{f' [{shown}]' if shown else ''};")
    return "\n".join([*lines, "}"]) + "\n"


def _attributes(vertex: Vertex) -> str:
    label = "\\l".join(_escaped(line) for line in (vertex.call, *vertex.properties, *numbers(vertex)))
    attributes = [f'label="{label}\\l"' if vertex.properties else f'label="{label}"']
    if vertex.events is not None:
        attributes.append(f'alerts_triggered="{sum(vertex.events.values())}"')
        attributes += [f'{name}_triggered="{vertex.events.get(level, 0)}"' for level, name in _COUNTERS]
    if vertex.errors:
        attributes.append(f'errors="{vertex.errors}"')
    return " ".join(attributes)


def _id(name: str) -> str:
    return name if _PLAIN.match(name) and name.lower() not in _KEYWORDS else f'"{_escaped(name)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
