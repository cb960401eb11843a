"""Lambdas at work: compiled once, then evaluated a row or a whole column at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import DiagnosticError, Source
from tickdiscord.lambdas.check import check
from tickdiscord.lambdas.codegen import Probe
from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.failure import Failure
from tickdiscord.lambdas.operands import Column
from tickdiscord.lambdas.plan import Plan, State, plan
from tickdiscord.lambdas.specialise import Row, Specialisations, specialise
from tickdiscord.lambdas.types import PYTHON_TYPE, Type
from tickdiscord.lambdas.vocabulary import EVERYWHERE, Vocabulary
from tickdiscord.points.model import Value
from tickdiscord.syntax import tree

MOST_LAMBDAS = 512
NO_ENVIRONMENT = Environment(ManualClock())

Watch = Callable[[Plan], Probe | None]
"""Says what is to be seen of a lambda while it is at work."""


class Lambda:
    """A compiled lambda.

    An operand is a field's or tag's value, None where the point has neither, `CONFLICT` where it has both; of the
    name `time`, the point's time in nanoseconds. The functions of `operands` find them in points and chunks.
    """

    __slots__ = ("_plan", "_specialised", "references", "row", "stateful", "volatile")

    def __init__(self, plan: Plan, probe: Probe | None = None) -> None:
        self._plan = plan
        self._specialised = Specialisations(plan, probe)
        self.references: tuple[str, ...] = plan.references
        """The names of the fields and tags that it reads, and perhaps `time`."""
        self.stateful: bool = bool(plan.stateful)
        """Whether it holds `sigma`, `spread` or `count`: then `row` wants a state, and there is no `column`."""
        self.volatile: bool = plan.volatile
        """Whether it holds `now` or `rand`."""
        self.row: Row = self._specialised.row
        """Evaluate for one point, given its operands by name and, if stateful, the state, which moves on.

        Durations are given as `Nanoseconds`.
        """

    def new_state(self) -> State:
        """The state of a group that has seen no point; plain numbers, of which some may be infinite."""
        return self._plan.new_state()

    def column(self, columns: Sequence[Column], count: int) -> list[Value | Failure]:
        """Evaluate a stateless lambda for `count` points at once; `columns` are in the order of `references`."""
        if self.stateful:
            raise TypeError("a lambda with a state is evaluated row by row")
        key = _uniform_types(columns, count)
        if key is not None:
            return self._run(key, columns, count)
        results: list[Value | Failure] = [False] * count
        for key, places in _by_types(columns).items():
            part = [[column[place] for place in places] for column in columns]
            for place, result in zip(places, self._run(key, part, len(places)), strict=True):
                results[place] = result
        return results

    def _run(self, key: tuple[type, ...], columns: Sequence[Column], count: int) -> list[Value | Failure]:
        specialised = self._specialised[key]
        results = specialised.column(columns, count)
        if results is None:
            rows = zip(*columns, strict=True) if columns else [()] * count
            return [specialised.row(*values, None) for values in rows]
        return results

    def type_of(self, types: Sequence[Type]) -> Type | None:
        """The type of the result for references of these types, in their order; None if it then always fails."""
        return self._specialised[tuple(PYTHON_TYPE[each] for each in types)].type


def compile_lambda(
    expression: tree.Expression,
    environment: Environment,
    source: Source | None = None,
    known: Iterable[str] = (),
    condition: str = "",
    vocabulary: Vocabulary = EVERYWHERE,
    watch: Watch | None = None,
) -> Lambda:
    """Compile an expression whose vars have been put in their places.

    A lambda that depends on the point alone is remembered: tests and searches start the same rules again and again.
    `known` are the names of the script's variables, for suggestions. `condition` says whose condition it is, such as
    `.crit()`: then anything but a bool is a mistake, found when loading if possible, else a failure at the point.
    `vocabulary` is what the expression may use; without one, what the lambdas of nodes may. With `watch` what it asks
    for is seen at work, by code that is made for it.

    Raises:
        DiagnosticError: something is wrong whatever the data.
    """
    if vocabulary is EVERYWHERE and watch is None:
        remembered = _remembered(_Same(expression), source, tuple(known), condition)
        if remembered is not None:
            return remembered
    plan = checked_plan(expression, environment, source, known, condition, vocabulary)
    return Lambda(plan, watch(plan) if watch else None)


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """An expression that equals no other one, though that be written alike: its places are its own."""

    expression: tree.Expression

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.expression is self.expression

    def __hash__(self) -> int:
        return id(self.expression)


@lru_cache(MOST_LAMBDAS)
def _remembered(same: _Same, source: Source | None, known: tuple[str, ...], condition: str) -> Lambda | None:
    """The compiled lambda if it is the same in every environment, else None."""
    found = checked_plan(same.expression, NO_ENVIRONMENT, source, known, condition)
    return None if found.by_environment else Lambda(found)


def value_of(expression: tree.Expression, environment: Environment, known: Iterable[str] = ()) -> Value | Failure:
    """The value of an expression without references, whose vars have been put in their places.

    Raises:
        DiagnosticError: something is wrong with it.
    """
    plan = checked_plan(expression, environment, None, known)
    return specialise(plan, ()).row(plan.new_state())


def checked_plan(
    expression: tree.Expression,
    environment: Environment,
    source: Source | None,
    known: Iterable[str] = (),
    condition: str = "",
    vocabulary: Vocabulary = EVERYWHERE,
) -> Plan:
    """The plan of an expression.

    Raises:
        DiagnosticError: something is wrong whatever the data.
    """
    found = check(expression, known, condition, vocabulary)
    if found:
        raise DiagnosticError(*(each if source is None else each.within(source) for each in found))
    return plan(expression, environment, source, condition, vocabulary)


def _uniform_types(columns: Sequence[Column], count: int) -> tuple[type, ...] | None:
    """The Python type of each column; None if one of them mixes types, or there is no row."""
    if not columns:
        return ()
    if not count:
        return None
    key: list[type] = []
    for column in columns:
        first = type(column[0])
        # Counting in a list is the fastest way found: 15 ns a value, where the comparison itself takes 20.
        if [*map(type, column)].count(first) != count:
            return None
        key.append(first)
    return tuple(key)


def _by_types(columns: Sequence[Column]) -> dict[tuple[type, ...], list[int]]:
    """The places of the rows, by the Python types of their operands."""
    places: defaultdict[tuple[type, ...], list[int]] = defaultdict(list)
    for place, key in enumerate(zip(*(map(type, column) for column in columns), strict=True)):
        places[key].append(place)
    return places
