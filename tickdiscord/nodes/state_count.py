"""`|stateCount(lambda)`: for how many points a group has been in a state."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.nodes.evaluate import Predicate
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.tracking import TrackingStep
from tickdiscord.points.model import Value
from tickdiscord.properties import LAMBDA, STRING, argument, value
from tickdiscord.syntax import tree


@dataclass(eq=False)
class StateCount(Node):
    """Kapacitor: `StateCountNode`; the first point in the state has 1."""

    kind: ClassVar[str] = "stateCount"
    described: ClassVar[str] = "state_count"
    doc: ClassVar[str] = "For how many points a group has been in a state, as an int; -1 outside of it."

    condition: tree.Lambda = argument(LAMBDA, "What is true in the state.")
    as_: str = value(STRING, "state_count", "The field for the result.")

    def step(self, context: Context) -> Step:
        condition = Predicate(self.condition, "|stateCount()", self, context)
        return TrackingStep(condition, self.as_, _mark, -1, context.groups)


def _mark(count: int | None, time: int) -> tuple[int, Value]:
    now = 1 if count is None else count + 1
    return now, now
