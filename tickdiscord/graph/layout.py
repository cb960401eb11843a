"""Places for the vertices of a graph: rows from top to bottom, in each the order that lets few edges cross."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tickdiscord.graph.graph import Graph, Link

SWEEPS = 8
LANE = 24.0
"""Width that an edge takes where it passes a row."""
LARGEST_STEP = 60.0
"""Between the ends of edges that meet at a box."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a box, in pixels."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of the upper side of a box."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the boxes are, the points that each edge goes through from its start to its end, and the size of it all."""

    places: Sequence[Place]
    ways: Sequence[Sequence[Place]]
    size: Size


@dataclass(slots=True)
class _Cell:
    """Something that has a place in a row: a box, or where an edge passes."""

    size: Size
    row: int
    above: "list[_Cell]"
    below: "list[_Cell]"
    x: float = 0.0
    y: float = 0.0


def layout(graph: Graph, sizes: Sequence[Size], across: float, down: float) -> Layout:
    """Lay out a graph whose boxes have these sizes, with gaps `across` between boxes and `down` between rows."""
    depths = _depths(graph)
    boxes = [_Cell(size, depth, [], []) for size, depth in zip(sizes, depths, strict=True)]
    passes = [_passes(link, boxes) for link in graph.links]
    rows: dict[int, list[_Cell]] = defaultdict(list)
    for cell in (*boxes, *(cell for between in passes for cell in between)):
        rows[cell.row].append(cell)
    ordered = [rows[row] for row in sorted(rows)]
    _order(ordered)
    _spread(ordered, across)
    y = 0.0
    for row in ordered:
        for cell in row:
            cell.y = y
        y += max(cell.size.height for cell in row) + down
    left = min(cell.x - cell.size.width / 2 for row in ordered for cell in row)
    right = max(cell.x + cell.size.width / 2 for row in ordered for cell in row)
    for row in ordered:
        for cell in row:
            cell.x -= left
    ways = [
        _way(boxes[link.start], between, boxes[link.end]) for link, between in zip(graph.links, passes, strict=True)
    ]
    for end, box in enumerate(boxes):
        _part([way for link, way in zip(graph.links, ways, strict=True) if link.end == end], box)
    return Layout([Place(box.x, box.y) for box in boxes], ways, Size(right - left, y - down))


def _depths(graph: Graph) -> Sequence[int]:
    """The row of each vertex: below all its parents."""
    depths = [0] * len(graph.vertices)
    for link in sorted(graph.links, key=lambda link: link.start):
        depths[link.end] = max(depths[link.end], depths[link.start] + 1)
    return depths


def _passes(link: Link, boxes: Sequence[_Cell]) -> list[_Cell]:
    """The cells of an edge in the rows that it passes, joined to its ends and to each other."""
    start, end = boxes[link.start], boxes[link.end]
    between = [_Cell(Size(LANE, 0.0), row, [], []) for row in range(start.row + 1, end.row)]
    way = [start, *between, end]
    for above, below in pairwise(way):
        above.below.append(below)
        below.above.append(above)
    return between


def _order(rows: Sequence[list[_Cell]]) -> None:
    """Sort each row by the middle of what its cells hang on, downward and upward in turn."""
    for sweep in range(SWEEPS):
        places: dict[int, int] = {id(cell): index for row in rows for index, cell in enumerate(row)}
        for row in rows if sweep % 2 == 0 else reversed(rows):
            row.sort(key=lambda cell: _middle(cell.above if sweep % 2 == 0 else cell.below, places, places[id(cell)]))
            places |= {id(cell): index for index, cell in enumerate(row)}


def _middle(cells: Sequence[_Cell], places: Mapping[int, int], otherwise: float) -> float:
    return sum(places[id(cell)] for cell in cells) / len(cells) if cells else otherwise


def _spread(rows: Sequence[Sequence[_Cell]], across: float) -> None:
    """Give every cell its place across: near what it hangs on, and clear of its neighbours."""
    for row in rows:
        _clear(row, across)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            for cell in row:
                others = cell.above if sweep % 2 == 0 else cell.below
                if others:
                    cell.x = _mean(other.x for other in others)
            _clear(row, across)


def _clear(row: Sequence[_Cell], across: float) -> None:
    """Push apart what overlaps, and leave the row where it was as a whole."""
    wanted = _mean(cell.x for cell in row)
    for before, cell in pairwise(row):
        cell.x = max(cell.x, before.x + (before.size.width + cell.size.width) / 2 + across)
    moved = _mean(cell.x for cell in row) - wanted
    for cell in row:
        cell.x -= moved


def _mean(numbers: Iterable[float]) -> float:
    found = list(numbers)
    return sum(found) / len(found)


def _way(start: _Cell, between: Sequence[_Cell], end: _Cell) -> list[Place]:
    return [
        Place(start.x, start.y + start.size.height),
        *(Place(cell.x, cell.y) for cell in between),
        Place(end.x, end.y),
    ]


def _part(ways: Sequence[list[Place]], box: _Cell) -> None:
    """Let the edges that meet at a box end side by side, in the order that they come from."""
    step = min(LARGEST_STEP, box.size.width / max(1, len(ways)))
    for number, way in enumerate(sorted(ways, key=lambda way: way[-2].x)):
        way[-1] = Place(box.x + (number - (len(ways) - 1) / 2) * step, box.y)
