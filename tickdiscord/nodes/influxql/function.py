"""What all of InfluxQL's functions have as nodes: the name of the result, and which values of a field they take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast

from tickdiscord.diagnostics import warning
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context
from tickdiscord.points.chunk import Column
from tickdiscord.points.model import MOST_SERIES, Group, Series, Value
from tickdiscord.properties import STRING, flag, maybe

MISSING = "TD153"
"""Code of a point that lacks the field."""
WRONG_TYPE = "TD154"
"""Code of a point whose field has a type that the function does not take, or another than the points before it."""

NUMBERS: frozenset[type] = frozenset({int, float})
ANYTHING: frozenset[type] = frozenset({int, float, str, bool})
TYPE_NAMES: dict[type, str] = {int: "int", float: "float", str: "string", bool: "bool"}

Values = Sequence[Any]
"""The values of a window that are used, all of one type."""
Times = Sequence[int]
"""The times of their points, in nanoseconds."""

NO_SERIES = Series("", "", "", {})
"""What points are like that were made out of several: Kapacitor gives them no database and retention policy."""


@dataclass(eq=False)
class Function(Node):
    """Kapacitor: `InfluxQLNode`."""

    title: ClassVar[str] = ""
    """What the node and its result are called, if not as the script calls the function."""

    as_: str | None = maybe(STRING, "The name of the result; by default that of the function.")
    use_point_times: bool = flag("The result has the time of the point it is of, where it is of one.")

    @property
    def name(self) -> str:
        return f"{self.title or self.kind}{self.number}"

    @property
    def result(self) -> str:
        """The name of the result."""
        return (self.title or self.kind) if self.as_ is None else self.as_


F = TypeVar("F", bound=Function)


def node_class(base: type[F], kind: str, doc: str, **attributes: Any) -> type[F]:
    """The node class of a table's entry."""
    made = type(kind[:1].upper() + kind[1:], (base,), {"kind": kind, "doc": doc, "__doc__": doc, **attributes})
    return cast("type[F]", made)


class Operand:
    """The field that a function is of."""

    def __init__(self, node: Function, field: str, types: frozenset[type], context: Context) -> None:
        self._node = node
        self.field = field
        self.types = types
        self._context = context

    def kind(self, value: Value | None) -> type | None:
        """The type of a value with which the function can begin; None if it cannot, which is reported."""
        kind = type(value)
        if kind in self.types:
            return kind
        self.refuse(value)
        return None

    def usable(self, column: Column) -> list[int] | None:
        """The places of the values that are used, None for all of them. The others are reported.

        Kapacitor: the first value that the function takes says what type the others must be of.
        """
        kinds = set(map(type, column))
        if len(kinds) == 1 and kinds <= self.types:
            return None
        wanted: type | None = None
        places: list[int] = []
        for place, value in enumerate(column):
            if wanted is None:
                wanted = self.kind(value)
            elif type(value) is not wanted:
                self.refuse(value, wanted)
            if type(value) is wanted:
                places.append(place)
        return places

    def refuse(self, value: Value | None, wanted: type | None = None) -> None:
        """Report a value that is not used."""
        if value is None:
            code, message = MISSING, f"a point lacks the field `{self.field}`"
        else:
            need = TYPE_NAMES[wanted] if wanted else " or ".join(sorted(TYPE_NAMES[each] for each in self.types))
            given = TYPE_NAMES.get(type(value), "duration")
            code, message = WRONG_TYPE, f"the field `{self.field}` is {_article(given)}, expected {_article(need)}"
        node, context = self._node, self._context
        label = f"|{node.kind}()"
        problem = warning(code, f"`{label}` skips a point: {message}", node.span, source=context.source)
        context.trouble(node, label, problem)


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


class GroupSeries:
    """The series of results that have the tags of their group and nothing else."""

    def __init__(self, context: Context) -> None:
        self._pool = context.series
        self._known: dict[Group, Series] = {}

    def of(self, group: Group, name: str) -> Series:
        """The series of a group under a measurement's name."""
        series = self._known.get(group)
        if series is None or series.name != name:
            if len(self._known) >= MOST_SERIES:
                self._known.clear()
            series = self._known[group] = self._pool.like(NO_SERIES, group.tags, name)
        return series
