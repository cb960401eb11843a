"""`|derivative('field')`: how fast a field changes."""

from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.diagnostics import warning
from tickdiscord.lambdas.int64 import divide_floats
from tickdiscord.nodes.between import between
from tickdiscord.nodes.layer import with_fields
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Value
from tickdiscord.properties import DURATION, STRING, argument, flag, maybe, value

NOT_A_NUMBER = "TD165"
NO_TIME_PASSED = "TD166"


@dataclass(eq=False)
class Derivative(Node):
    """Kapacitor: `DerivativeNode`; there is none for the first point of a group, and none without time passing."""

    kind: ClassVar[str] = "derivative"
    doc: ClassVar[str] = "How fast a field changes from one point of a group to the next."

    field: str = argument(STRING, "The field, an int or float.")
    as_: str | None = maybe(STRING, "The field for the result; if not said, the field itself is replaced.")
    unit: int = value(DURATION, 1_000_000_000, "The time that the change is for.")
    non_negative: bool = flag("Leave out changes downward, as of a counter that began anew.")

    @property
    def repeats(self) -> bool:
        return True

    def step(self, context: Context) -> Step:
        return DerivativeStep(self, context)


class DerivativeStep(Step):
    """Keeps the value and time of each group's last point that had a number."""

    def __init__(self, node: Derivative, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._as = node.field if node.as_ is None else node.as_
        self._last: dict[Group, tuple[float, int]] = {}

    def chunk(self, chunk: Chunk) -> None:
        self.give(self._derived(chunk))

    def batch(self, batch: Batch) -> None:
        self._last.pop(batch.group, None)
        rows = self._derived(batch.rows)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._last.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return by_group(self._last, list)

    def restore(self, state: object) -> None:
        self._last = of_groups(state, self._context.groups, lambda plain: (plain[0], plain[1]))

    def _derived(self, chunk: Chunk) -> Chunk:
        last, unit, non_negative = self._last, float(self._node.unit), self._node.non_negative
        passing: list[int] = []
        rates: list[Value | None] = []
        rows = zip(chunk.groups, chunk.column(self._node.field), chunk.times(), strict=True)
        for index, (group, number, time) in enumerate(rows):
            if type(number) is not float:
                if type(number) is not int:
                    self._not_a_number(number)
                    continue
                number = float(number)
            before = last.get(group)
            last[group] = (number, time)
            if before is None:
                continue
            elapsed = between(before[1], time)
            if not elapsed:
                self._no_time_passed()
                continue
            change = number - before[0]
            if change < 0 and non_negative:
                continue
            passing.append(index)
            rates.append(change / (elapsed / unit if unit else divide_floats(elapsed, unit)))
        return with_fields(chunk.take(passing), {self._as: rates})

    def _not_a_number(self, found: Value | None) -> None:
        wrong = "is not in the point" if found is None else f"is no int or float: {found!r:.40}"
        self._trouble(NOT_A_NUMBER, f"no derivative: the field `{self._node.field}` {wrong}")

    def _no_time_passed(self) -> None:
        self._trouble(NO_TIME_PASSED, f"no derivative of `{self._node.field}`: two points of a group at the same time")

    def _trouble(self, code: str, message: str) -> None:
        found = warning(code, message, self._node.span, source=self._context.source)
        self._context.trouble(self._node, "|derivative()", found)
