"""How fine the data of tests are: the smallest step between two values of a field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tickdiscord.points.model import Value

FINEST = Decimal("1e-6")
"""Finer steps are noise of computations, not of what was measured."""

ONE = Decimal(1)


def step_of(number: float) -> Decimal:
    """The place of a number's last digit: 0.1 of 19.9, and of 20.0 as of 20 it is 1."""
    exponent = Decimal(str(number)).normalize().as_tuple().exponent
    return max(FINEST, min(ONE, Decimal(1).scaleb(exponent))) if isinstance(exponent, int) else ONE


@dataclass(slots=True)
class Grain:
    """The smallest step of each field, by its name, and which fields hold floats."""

    steps: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    floats: set[str] = field(default_factory=set[str])

    def note(self, fields: Mapping[str, Value]) -> None:
        """Learn from the fields of a point."""
        for name, value in fields.items():
            if isinstance(value, bool | str):
                continue
            if isinstance(value, float):
                self.floats.add(name)
            step = step_of(value)
            if step < self.steps.get(name, ONE + ONE):
                self.steps[name] = step

    def step(self, names: Iterable[str], number: float, *, is_float: bool) -> tuple[Decimal, bool]:
        """The step for a number that fields are compared with, and whether it may be a float.

        Where nothing is known of the fields, the number's own last digit says how fine it was meant.
        """
        known = [name for name in names if name in self.steps]
        if not known:
            return step_of(number), is_float
        return min(self.steps[name] for name in known), is_float or any(name in self.floats for name in known)
