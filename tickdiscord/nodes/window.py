"""`|window()`: gives the points of the last while as a batch, every so often."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.nodes.node import STREAM, Edge, Node
from tickdiscord.nodes.state import rows_of, rows_plain
from tickdiscord.nodes.step import Context, Step
from tickdiscord.nodes.window_count import CountWindows
from tickdiscord.nodes.window_time import TimeWindows
from tickdiscord.nodes.windows import Field, Kept, Points, WindowReader, Windows, window_chunk
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group
from tickdiscord.properties import DURATION, INTEGER, flag, value

WRONG = "TD150"
"""Code of properties that contradict each other, or of those that are missing."""
USELESS = "TD151"
"""Code of properties that have no effect beside the others."""


@dataclass(eq=False)
class Window(Node):
    """Kapacitor: `WindowNode`. Nothing is given at the end of the stream: a window that is not full never goes out."""

    kind: ClassVar[str] = "window"
    takes: ClassVar[frozenset[Edge]] = STREAM
    gives: ClassVar[Edge | None] = Edge.BATCH
    doc: ClassVar[str] = "Gives the points of the last while as a batch, every so often."

    period: int = value(DURATION, 0, "How much time a window spans.")
    every: int = value(DURATION, 0, "How often it goes out, by the times of the points; 0s for with every point.")
    align: bool = flag("Windows end at multiples of `every`, not counted from the first point.")
    fill_period: bool = flag("The first window goes out when a whole period has passed.")
    period_count: int = value(INTEGER, 0, "How many points a window holds.")
    every_count: int = value(INTEGER, 0, "After how many points it goes out.")

    def check(self) -> Iterable[Diagnostic]:
        """Kapacitor: `WindowNode.validate`, `newWindowNode`."""
        if not self.period and not self.period_count:
            yield self._wrong("the window has no period", "period", "add `.period(10m)`, or `.periodCount(10)`")
        elif self.period and self.period_count:
            yield self._wrong("a window has a period in time or in points, not both", "periodCount")
        elif self.period_count:
            yield from self._check_count()
        elif self.every_count:
            yield self._useless("everyCount", "it goes with `.periodCount()`; `.period()` goes with `.every()`")

    def _check_count(self) -> Iterable[Diagnostic]:
        if self.align:
            yield self._wrong("only windows by time can be aligned", "align", "leave `.align()` out")
        if self.period_count < 0:
            yield self._wrong("`.periodCount()` must be greater than zero", "periodCount")
        if self.every_count <= 0:
            hint = f"add `.everyCount({max(self.period_count, 1)})`"
            yield self._wrong("`.everyCount()` must be greater than zero", "everyCount", hint)
        if self.every:
            yield self._useless("every", "it goes with `.period()`; `.periodCount()` goes with `.everyCount()`")

    def _wrong(self, message: str, said: str, hint: str = "") -> Diagnostic:
        return Diagnostic(WRONG, message, self.said.get(said, self.span), hint)

    def _useless(self, said: str, hint: str) -> Diagnostic:
        return warning(USELESS, f"`.{said}()` has no effect here", self.said.get(said, self.span), hint)

    def windows(self) -> TimeWindows | CountWindows:
        """The windows of its groups, none yet."""
        if self.period:
            return TimeWindows(self.period, self.every, align=self.align, fill_period=self.fill_period)
        return CountWindows(self.period_count, self.every_count, fill_period=self.fill_period)

    def step(self, context: Context) -> Step:
        return WindowStep(self, context)


class WindowStep(Step):
    """A running window. It keeps whole points, or only one field if the nodes behind it want no more."""

    def __init__(self, node: Window, context: Context) -> None:
        super().__init__()
        self._context = context
        self._windows = node.windows()
        self._known: Kept | None = None

    def chunk(self, chunk: Chunk) -> None:
        windows = Windows(self._kept, self.outs)
        self._windows.take(chunk, self._kept, windows)
        windows.hand_on()

    def barrier(self, barrier: Barrier) -> None:
        """Kapacitor: a time window makes a batch of a barrier where one is due, and hands only the end of a group on;
        a count window hands barriers on."""
        windows = Windows(self._kept, self.outs)
        self._windows.barrier(barrier, windows)
        windows.hand_on()
        if barrier.delete or isinstance(self._windows, CountWindows):
            self.give_barrier(barrier)

    def flush(self) -> None:
        """Give the windows that are under way. Kapacitor never does so; it is for the end of a recording."""
        windows = Windows(self._kept, self.outs)
        self._windows.flush(windows)
        windows.hand_on()

    def snapshot(self) -> object:
        kept = self._kept
        return [kept.field, kept.whole, self._windows.snapshot(self._plain_rows)]

    def restore(self, state: object) -> None:
        field, whole, windows = cast("tuple[str | None, bool, object]", state)
        self._known = Points(field) if whole or field is None else Field(field)
        self._windows.restore(windows, self._context.groups, self._rows_of)

    @property
    def _kept(self) -> Kept:
        """What is kept of points; that is settled when the nodes behind are there."""
        if self._known is None:
            readers = [out for out in self.outs if isinstance(out, WindowReader)]
            fields = {reader.field for reader in readers}
            field = fields.pop() if len(fields) == 1 and len(readers) == len(self.outs) else None
            whole = field is None or any(reader.whole for reader in readers)
            self._known = Points(field) if whole or field is None else Field(field)
        return self._known

    def _plain_rows(self, group: Group, times: list[int], rows: list[Any]) -> object:
        return rows_plain(window_chunk(group, 0, times, rows)) if self._kept.whole else list(rows)

    def _rows_of(self, plain: Any) -> list[Any]:
        kept = self._kept
        if isinstance(kept, Field):
            kept.note(plain)
            return list(plain)
        return list(kept.rows(rows_of(plain, self._context.groups, self._context.series)))
