"""`|stateDuration(lambda)`: how long a group has been in a state."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.lambdas.int64 import divide_floats
from tickdiscord.nodes.between import between
from tickdiscord.nodes.evaluate import Predicate
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.tracking import TrackingStep
from tickdiscord.points.model import Value
from tickdiscord.properties import DURATION, LAMBDA, STRING, argument, value
from tickdiscord.syntax import tree


@dataclass(eq=False)
class StateDuration(Node):
    """Kapacitor: `StateDurationNode`; the first point in the state has 0."""

    kind: ClassVar[str] = "stateDuration"
    described: ClassVar[str] = "state_duration"
    doc: ClassVar[str] = "How long a group has been in a state, as a float; -1 outside of it."

    condition: tree.Lambda = argument(LAMBDA, "What is true in the state.")
    as_: str = value(STRING, "state_duration", "The field for the result.")
    unit: int = value(DURATION, 1_000_000_000, "The unit of the result.")

    def step(self, context: Context) -> Step:
        unit = float(self.unit)

        def mark(since: int | None, time: int) -> tuple[int, Value]:
            start = time if since is None else since
            passed = between(start, time)
            return start, passed / unit if unit else divide_floats(passed, unit)

        condition = Predicate(self.condition, "|stateDuration()", self, context)
        return TrackingStep(condition, self.as_, mark, -1.0, context.groups)
