"""Graphs as a picture that needs no other program, readable on light and on dark pages."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from tickdiscord.graph.graph import Graph, Vertex
from tickdiscord.graph.layout import Layout, Place, Size, layout
from tickdiscord.graph.text import numbers

CHARACTER = 7.25
"""Width of a character, in pixels; the font has a fixed width, and `textLength` makes sure of it."""
LINE = 17.0
PADDING = 10.0
ACROSS, DOWN = 28.0, 44.0
MARGIN = 16.0
HEAD = 34.0
"""Height of the line that names a task."""
MOST_LINES, MOST_CHARACTERS = 9, 60

STYLE = """\
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #24292f }
.task { font-weight: bold; font-size: 14px }
.name { font-weight: bold }
.count { fill: #57606a }
.box { fill: #f6f8fa; stroke: #8c959f }
.alert { stroke: #cf222e }
.edge { fill: none; stroke: #8c959f; stroke-width: 1.3 }
.batches { stroke-width: 3 }
.tip { fill: #8c959f }
.CRITICAL { fill: #cf222e } .WARNING { fill: #9a6700 } .INFO { fill: #0969da } .OK { fill: #1a7f37 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .count { fill: #9198a1 }
.box { fill: #161b22; stroke: #6e7681 } .edge { stroke: #6e7681 } .tip { fill: #6e7681 }
.alert { stroke: #f85149 }
.CRITICAL { fill: #f85149 } .WARNING { fill: #d29922 } .INFO { fill: #58a6ff } .OK { fill: #3fb950 }
}"""


def svg(graphs: Sequence[Graph]) -> str:
    """One picture of all tasks, below one another. Thick edges carry batches; numbers count points."""
    drawn: list[str] = []
    width, y = 0.0, MARGIN
    for graph in graphs:
        lines = [_lines(vertex) for vertex in graph.vertices]
        found = layout(graph, [_size(each) for each in lines], ACROSS, DOWN)
        title = " ".join([graph.task, *graph.dbrps])
        drawn.append(f'<text class="task" x="{MARGIN:g}" y="{y + 14:.1f}">{_safe(title)}</text>')
        drawn.append(f'<g transform="translate({MARGIN:g} {y + HEAD:.1f})">')
        drawn += _edges(graph, found)
        for vertex, texts, place in zip(graph.vertices, lines, found.places, strict=True):
            drawn += _box(vertex, texts, place)
        drawn.append("</g>")
        width = max(width, found.size.width + 2 * MARGIN, len(title) * CHARACTER * 1.2 + 2 * MARGIN)
        y += HEAD + found.size.height + 2 * MARGIN
    size = f'width="{width:.0f}" height="{y:.0f}" viewBox="0 0 {width:.0f} {y:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    named = f"<title>{_safe(', '.join(graph.task for graph in graphs))}</title>"
    return "\n".join([head, named, f"<style>\n{STYLE}\n</style>", *drawn, "</svg>"]) + "\n"


def _lines(vertex: Vertex) -> Sequence[str]:
    """The texts of a box: the node, its properties, and last what a run says of it, a line for each level."""
    events = [f"{count:,} {level}" for level, count in (vertex.events or {}).items()]
    said = events or list(numbers(vertex))[:1]
    errors = [line for line in numbers(vertex) if line not in said and "error" in line]
    shown = [vertex.call, *vertex.properties]
    if len(shown) > MOST_LINES:
        shown = [*shown[: MOST_LINES - 1], "…"]
    cut = (line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1] + "…" for line in shown)
    return [*cut, *said, *errors]


def _size(lines: Sequence[str]) -> Size:
    return Size(max(map(len, lines)) * CHARACTER + 2 * PADDING, len(lines) * LINE + PADDING)


def _box(vertex: Vertex, lines: Sequence[str], place: Place) -> Iterator[str]:
    size = _size(lines)
    left, kind = place.x - size.width / 2, "box alert" if vertex.is_alert else "box"
    yield (
        f'<rect class="{kind}" x="{left:.1f}" y="{place.y:.1f}" width="{size.width:.1f}" height="{size.height:.1f}"'
        f' rx="{10 if vertex.is_alert else 4}"/>'
    )
    events = {f"{count:,} {level}": level for level, count in (vertex.events or {}).items()}
    for number, line in enumerate(lines):
        kind = "name" if number == 0 else events.get(line, "")
        mark = f' class="{kind}"' if kind else ""
        yield _text(line, left + PADDING, place.y + PADDING / 2 + 12.5 + number * LINE, mark)


def _edges(graph: Graph, found: Layout) -> Iterator[str]:
    for link, way in zip(graph.links, found.ways, strict=True):
        kind = "edge batches" if link.batches else "edge"
        end = way[-1]
        last = Place(end.x, end.y - 6)
        yield f'<path class="{kind}" d="{_curve([*way[:-1], last])}"/>'
        yield f'<path class="tip" d="M{end.x - 5:.1f} {end.y - 8:.1f}h10l-5 8z"/>'
        if link.points is not None:
            # On the side that the edge does not come from.
            count, left = f"{link.points:,}", way[-2].x > end.x
            yield _text(count, end.x - 8 - len(count) * CHARACTER if left else end.x + 8, end.y - 10, ' class="count"')


def _curve(way: Sequence[Place]) -> str:
    """A path that leaves and enters every point of the way straight from above."""
    parts = [f"M{way[0].x:.1f} {way[0].y:.1f}"]
    for start, end in pairwise(way):
        middle = (start.y + end.y) / 2
        parts.append(f"C{start.x:.1f} {middle:.1f} {end.x:.1f} {middle:.1f} {end.x:.1f} {end.y:.1f}")
    return "".join(parts)


def _text(text: str, x: float, y: float, mark: str) -> str:
    length = f' textLength="{len(text) * CHARACTER:.1f}"' if text.isascii() else ""
    return f'<text{mark} x="{x:.1f}" y="{y:.1f}"{length} xml:space="preserve">{_safe(text)}</text>'


def _safe(text: str) -> str:
    return escape("".join(each if each.isprintable() else " " for each in text), quote=False)
