"""How near values come to where a condition is true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tickdiscord.gotext import format_float
from tickdiscord.lambdas.text import text_of
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.regions import Box, Interval, Kind, Region, comparison
from tickdiscord.syntax import tree

DIGITS = 6


@dataclass(slots=True)
class Nearest:
    """The value of a term that came nearest to an interval; None if there was no number at all."""

    interval: Interval
    value: float | None = None

    @property
    def met(self) -> bool:
        """Whether a value was in it."""
        return self.value is not None and self.interval.holds(self.value)

    def note(self, numbers: Iterable[float]) -> None:
        """Take values."""
        if not self.met:
            known = [*numbers] if self.value is None else [*numbers, self.value]
            # Of two that are equally far the one that is in it: a bound may be left out.
            self.value = min(known, key=lambda it: (self._distance(it), not self.interval.holds(it)), default=None)

    def text(self, term: str) -> str:
        """How near it came, in words."""
        if self.value is None:
            return f"`{term}` is never a number"
        short = self._distance(self.value)
        away = f" ({_rounded(short)} short)" if short else ""
        return f"`{term}` comes no nearer to {self.interval.text} than {format_float(self.value)}{away}"

    def _distance(self, value: float) -> float:
        low, high = self.interval.low[0], self.interval.high[0]
        assert not isinstance(low, str) and not isinstance(high, str)
        return max(low - value, value - high, 0)


@dataclass(slots=True)
class Approach:
    """What came near to a condition: for each term that it compares with a number, the nearest value."""

    region: Region
    terms: Mapping[str, tree.Expression]
    nearest: dict[tuple[str, Interval], Nearest] = field(default_factory=dict[tuple[str, Interval], Nearest])

    def note(self, term: str, numbers: Sequence[float]) -> None:
        """Take the values that a term had."""
        for box in self.region:
            interval = box.intervals.get(term)
            if interval is not None and interval.kind is Kind.NUMBER:
                self.nearest.setdefault((term, interval), Nearest(interval)).note(numbers)

    def text(self) -> str:
        """Why the condition is not true, as far as its comparisons tell: of the alternative that came nearest."""
        boxes = [self._unmet(box) for box in self.region if not box.empty]
        if not boxes:
            return ""
        unmet = min(boxes, key=len)
        if unmet:
            return "; ".join(each.text(term) for term, each in unmet)
        return "each of its parts is true for some points, all of them for none" if self._several else ""

    @property
    def _several(self) -> bool:
        return any(len(box.intervals) + len(box.others) > 1 for box in self.region)

    def _unmet(self, box: Box) -> list[tuple[str, Nearest]]:
        found = [(term, self.nearest.get((term, interval))) for term, interval in box.intervals.items()]
        return [(term, each) for term, each in found if each is not None and not each.met]


def approach(expression: tree.Expression, found: Region) -> Approach:
    """What is to be watched of a condition, whose region is given."""
    compared = (comparison(node) for node, _ in postorder(expression))
    return Approach(found, {text_of(term): term for term, _ in filter(None, compared)})


def _rounded(short: float) -> str:
    return format_float(float(f"{short:.{DIGITS}g}"))
