"""Forecasts by the Holt-Winters method with damping, as InfluxDB makes them."""

import math
from collections.abc import Sequence
from itertools import product

from tickdiscord.lambdas.int64 import divide, divide_floats, wrap
from tickdiscord.nodes.influxql.nelder_mead import Vector, minimized

EPSILON = 1e-4
"""How near the fit must come."""
GUESSES = (0.3, 0.7)
"""What each of the four smoothing parameters begins with, in all combinations."""
MOST_SLOTS = 1 << 16
"""So many intervals may lie between the first and the last point. InfluxDB fills the gaps of any series, whatever that
takes of memory; a series of which nearly all is missing has no forecast here."""

LEVEL, TREND, SEASONS = 4, 5, 6
"""Where the parameters hold what the series begins with; before them come alpha, beta, gamma and phi."""


class Forecast:
    """A forecast of `horizon` points at a distance of `interval` nanoseconds.

    `season` is how many points make a season, below 2 for none. `with_fit` gives the fitted values before them.
    """

    def __init__(self, horizon: int, season: int, interval: int, *, with_fit: bool) -> None:
        self._horizon = horizon
        self._season = season if season >= 2 else 0
        self._interval = interval
        self._with_fit = with_fit

    def of(self, values: Sequence[float], times: Sequence[int]) -> list[tuple[int, float]]:
        """The times and values that follow; none if there are too few points."""
        if len(values) < max(2, self._season) or self._horizon <= 0:
            return []
        slots = self._slots(values, times)
        if len(slots) < max(2, self._season):
            return []
        found = self._best(slots).series(self._horizon)
        if self._with_fit:
            start, shown = times[0], found
        else:
            start, shown = times[-1] + self._interval, found[len(slots) :]
        return [(wrap(start + self._interval * number), value) for number, value in enumerate(shown) if value == value]

    def _slots(self, values: Sequence[float], times: Sequence[int]) -> list[float]:
        """The values at equal distances; NaN where one is missing, the first where there are several.

        Empty if the points do not reach over an interval.
        """
        first, last = self._rounded(times[0]), self._rounded(times[-1])
        if not 0 < (last - first) // self._interval <= MOST_SLOTS:
            return []
        slots = [values[0]]
        at = first
        for value, time in zip(values[1:], times[1:], strict=True):
            rounded = self._rounded(time)
            if rounded <= at:
                continue
            missing = (rounded - at) // self._interval - 1
            if len(slots) + missing > MOST_SLOTS:
                return []
            slots += [math.nan] * missing
            slots.append(value)
            at = rounded
        return slots

    def _rounded(self, time: int) -> int:
        """A time to the nearest multiple of the interval, halves down."""
        whole = divide(time, self._interval)
        over = time - whole * self._interval
        return (whole + 1 if over > divide(self._interval, 2) else whole) * self._interval

    def _best(self, slots: list[float]) -> "Fit":
        """The fit with the least error, of those found from all guesses."""
        begin = self._begin(slots)
        least, best = math.inf, None
        for guess in product(GUESSES, repeat=4):
            fit = Fit(slots, self._season)
            error, parameters = minimized(fit.error, [*guess, *begin], EPSILON)
            if best is None or error < least:
                least, best = error, parameters
        return Fit(slots, self._season, best or [])

    def _begin(self, slots: list[float]) -> Vector:
        """Guesses of the level, the trend and the seasons that the series begins with."""
        season = self._season
        if not season:
            trend = 0.5 * (slots[1] - slots[0]) if slots[1] == slots[1] else 0.0
            return [0.5 * slots[0], trend]
        level = trend = 0.0
        for value in slots[:season]:
            if value == value:
                level += 1 / season * value
        for value, later in zip(slots[:season], slots[season : 2 * season], strict=False):
            if value == value and later == later:
                trend += 1 / (season * season) * (later - value)
        return [level, trend, *(divide_floats(value, level) if value == value else 0.0 for value in slots[:season])]


class Fit:
    """A series, and parameters that are to describe it."""

    def __init__(self, slots: list[float], season: int, parameters: Vector | None = None) -> None:
        self._slots = slots
        self._season = season
        self._parameters = parameters or []

    def error(self, parameters: Vector) -> float:
        """The sum of the squares of what a description is wrong by. It brings the parameters into their bounds."""
        error = 0.0
        described = self._described(parameters, 0)
        for value, wanted in zip(described, self._slots, strict=True):
            if wanted == wanted:
                if value != value:
                    return math.inf
                error += (value - wanted) * (value - wanted)
        return error

    def series(self, horizon: int) -> list[float]:
        """The series as described, and so many values more."""
        return self._described(self._parameters, horizon)

    def _described(self, parameters: Vector, horizon: int) -> list[float]:
        """InfluxDB: the seasons among the parameters are changed, and the next description goes on with them."""
        for place in range(LEVEL):
            parameters[place] = min(max(parameters[place], 0.0), 1.0)
        return self._seasonal(parameters, horizon) if self._season else self._plain(parameters, horizon)

    def _plain(self, parameters: Vector, horizon: int) -> list[float]:
        alpha, beta, _, phi, level, trend = parameters
        value, damping = self._slots[0], phi
        described = [value]
        for number in range(1, len(self._slots) + horizon):
            smooth = alpha * value + (1 - alpha) * (level + phi * trend)
            trend = beta * (smooth - level) + (1 - beta) * phi * trend
            level = smooth
            value = level + damping * trend
            damping += math.pow(phi, number)
            described.append(value)
        return described

    def _seasonal(self, parameters: Vector, horizon: int) -> list[float]:
        alpha, beta, gamma, phi, level, trend = parameters[:SEASONS]
        season, value, damping = self._season, self._slots[0], phi
        described = [value]
        for number in range(1, len(self._slots) + horizon):
            shift = season - 2 + number
            before = SEASONS + (number - season + shift) % season
            ahead = SEASONS + (number - season + number % season + shift) % season
            was, will = parameters[before], parameters[ahead]
            expected = level + phi * trend
            smooth = alpha * divide_floats(value, was) + (1 - alpha) * expected
            trend = beta * (smooth - level) + (1 - beta) * phi * trend
            parameters[SEASONS + (number + shift) % season] = gamma * divide_floats(value, expected) + (1 - gamma) * was
            level = smooth
            value = (level + damping * trend) * will
            damping += math.pow(phi, number)
            described.append(value)
        return described
