"""A graph as a tree for a terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tickdiscord.diagnostics import counted
from tickdiscord.graph.graph import Graph, Link, Vertex

WIDTH = 100
LEAST = 30
"""Characters that a node's line has at least, however deep it stands."""


@dataclass(frozen=True, slots=True)
class Twig:
    """A vertex on its way into the tree: the edge it is reached by, and what stands before it.

    `stem` is drawn before its own line, `margin` before all that hang below it.
    """

    vertex: int
    link: Link | None
    stem: str
    margin: str


def text(graph: Graph) -> str:
    """The tree of a task. A node with several parents is shown in whole below the last, and named below the others.

    Numbers on the branches count the points that took them; a branch with `═` carries batches.
    """
    return "\n".join([" ".join([graph.task, *graph.dbrps]), *_lines(graph)]) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    missing = Counter(link.end for link in graph.links)
    waiting = [Twig(index, None, "", "") for index in range(len(graph.vertices)) if not missing[index]]
    waiting.reverse()
    while waiting:
        twig = waiting.pop()
        vertex = graph.vertices[twig.vertex]
        missing[twig.vertex] -= 1
        if missing[twig.vertex] > 0:
            yield f"{twig.stem}{vertex.name} (below)"
            continue
        behind = graph.behind(twig.vertex)
        yield from _vertex(vertex, twig, "│" if behind else " ")
        waiting += [_twig(link, twig.margin, link is behind[-1]) for link in reversed(behind)]


def _twig(link: Link, margin: str, last: bool) -> Twig:
    line = "═" if link.batches else "─"
    corner = ("╘" if last else "╞") if link.batches else ("└" if last else "├")
    count = "" if link.points is None else f" {link.points:,} {line}"
    return Twig(link.end, link, f"{margin}{corner}{line}{count} ", margin + ("   " if last else "│  "))


def _vertex(vertex: Vertex, twig: Twig, bar: str) -> Iterator[str]:
    room = max(LEAST, WIDTH - len(twig.margin) - 4)
    first, *rest = _filled([vertex.call, *vertex.properties], room, len(twig.stem) - len(twig.margin))
    yield twig.stem + first
    for line in [*rest, *numbers(vertex)]:
        yield f"{twig.margin}{bar}   {line}"


def _filled(pieces: Sequence[str], room: int, begun: int) -> list[str]:
    """The pieces on as few lines as have room for them; the first line has begun."""
    lines, left = [""], room - begun
    for piece in pieces:
        if lines[-1] and len(piece) > left:
            lines.append("")
            left = room
        lines[-1] += piece
        left -= len(piece)
    return lines


def numbers(vertex: Vertex) -> Sequence[str]:
    """What a run says of a node: its events by level, and how often it had trouble."""
    said: list[str] = []
    if vertex.events is not None:
        said.append(", ".join(f"{count:,} {level}" for level, count in vertex.events.items()) or "no events")
    if vertex.errors:
        said.append(counted(vertex.errors, "error"))
    return said
