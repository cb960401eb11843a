"""The downhill simplex method of Nelder and Mead, with the choices that InfluxDB's makes."""

import math
from collections.abc import Callable

Vector = list[float]
Objective = Callable[[Vector], float]
"""What is to be made small. It may change its argument: the simplex then goes on from there."""

MOST_STEPS = 1000
EXPANSION = 2.0
CONTRACTION = 0.5


def minimized(objective: Objective, start: Vector, epsilon: float) -> tuple[float, Vector]:
    """The least value found near `start`, and where it is.

    It ends when the values at the corners differ by less than `epsilon`, as a standard deviation.
    """
    corners = _simplex(start)
    values = [objective(corner) for corner in corners]
    for _ in range(MOST_STEPS):
        _step(objective, corners, values)
        average = _added(values) / len(values)
        squares = [(value - average) * (value - average) / len(start) for value in values]
        if math.sqrt(_added(squares)) < epsilon:
            break
    best = _ranks(values)[0]
    found = list(corners[best])
    return objective(corners[best]), found


def _added(values: Vector) -> float:
    """The sum, rounded after each value as in Go."""
    total = 0.0
    for value in values:
        total += value
    return total


def _simplex(start: Vector) -> list[Vector]:
    """The corners to begin with: `start`, and one for each coordinate that lies away from it mostly in that one."""
    size = len(start)
    root = math.sqrt(size + 1.0) - 1
    near, far = root / (size * math.sqrt(2)), (root + size) / (size * math.sqrt(2))
    around = [[at + (far if own == place else near) for place, at in enumerate(start)] for own in range(size)]
    return [list(start), *around]


def _ranks(values: Vector) -> tuple[int, int, int]:
    """Which corners are the best, the worst, and the second worst."""
    best = worst = 0
    for place, value in enumerate(values):
        if value > values[worst]:
            worst = place
        if value < values[best]:
            best = place
    second = best
    for place, value in enumerate(values):
        if values[second] < value < values[worst]:
            second = place
    return best, worst, second


def _step(objective: Objective, corners: list[Vector], values: Vector) -> None:
    """Put a better corner in the place of the worst one, or draw all corners together."""
    best, worst, second = _ranks(values)
    middle = _middle(corners, worst)
    reflected = [m + (m - w) for m, w in zip(middle, corners[worst], strict=True)]
    value = objective(reflected)
    if values[best] <= value < values[second]:
        corners[worst], values[worst] = list(reflected), value
    if value < values[best]:
        expanded = [m + EXPANSION * (r - m) for m, r in zip(middle, reflected, strict=True)]
        beyond = objective(expanded)
        corners[worst], values[worst] = (expanded, beyond) if beyond < value else (list(reflected), value)
    if value >= values[second]:
        if value < values[worst]:
            contracted = [m + CONTRACTION * (r - m) for m, r in zip(middle, reflected, strict=True)]
        else:
            contracted = [m - CONTRACTION * (m - w) for m, w in zip(middle, corners[worst], strict=True)]
        within = objective(contracted)
        if within < values[worst]:
            corners[worst], values[worst] = contracted, within
        else:
            _draw_together(corners, best)
            values[worst] = objective(corners[worst])
            values[second] = objective(corners[second])


def _middle(corners: list[Vector], without: int) -> Vector:
    """The centre of all corners but one."""
    others = [corner for place, corner in enumerate(corners) if place != without]
    return [_added(list(coordinates)) / len(others) for coordinates in zip(*others, strict=True)]


def _draw_together(corners: list[Vector], best: int) -> None:
    centre = corners[best]
    for place, corner in enumerate(corners):
        if place != best:
            corner[:] = [c + (at - c) / 2.0 for at, c in zip(corner, centre, strict=True)]
