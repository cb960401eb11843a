"""Which operands decide a condition, held against what that means: another value of them would change the outcome."""

import datetime
from collections.abc import Mapping
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tickdiscord.clock import StreamClock
from tickdiscord.lambdas import Environment, Lambda, Plan, Probe, compile_lambda
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse_expression
from tickdiscord.testing.coverage.decisions import Deciding, Ways, decisions

WORLD = Environment(StreamClock(0), datetime.UTC, Random(0))
NAMES = "abcdef"

Row = Mapping[str, bool]


@st.composite
def conditions(draw: st.DrawFn) -> tree.Expression:
    """AND, OR and NOT over references, each of them once."""
    names = iter(NAMES)
    size = draw(st.integers(1, len(NAMES)))

    def grown(leaves: int) -> tree.Expression:
        if leaves == 1:
            found: tree.Expression = tree.Reference(next(names))
        else:
            left = draw(st.integers(1, leaves - 1))
            found = tree.Binary(draw(st.sampled_from(["AND", "OR"])), grown(left), grown(leaves - left))
        return tree.Unary("!", found) if draw(st.booleans()) else found

    return grown(size)


def value(expression: tree.Expression, row: Row, asked: set[str]) -> bool:
    """What it comes to, as Kapacitor evaluates it; `asked` gets the references that are looked at."""
    match expression:
        case tree.Unary(operand=operand):
            return not value(operand, row, asked)
        case tree.Binary(operator="AND", left=left, right=right):
            return value(left, row, asked) and value(right, row, asked)
        case tree.Binary(left=left, right=right):
            return value(left, row, asked) or value(right, row, asked)
        case tree.Reference(name=name):
            asked.add(name)
            return row[name]
        case _:
            raise AssertionError(expression)


def counting(expression: tree.Expression, row: Row) -> set[tuple[str, bool]]:
    """The references looked at whose other value would change the outcome, if those not looked at let it."""
    asked: set[str] = set()
    value(expression, row, asked)
    free = [name for name in row if name not in asked]
    found: set[tuple[str, bool]] = set()
    for values in product((True, False), repeat=len(free)):
        here = {**row, **dict(zip(free, values, strict=True))}
        for name in asked:
            if value(expression, here, set()) != value(expression, {**here, name: not row[name]}, set()):
                found.add((name, row[name]))
    return found


class Watched:
    """A compiled condition, and the references that have decided it."""

    def __init__(self, expression: tree.Expression) -> None:
        self.found: set[tuple[str, bool]] = set()
        self.outcomes: set[bool] = set()
        self._plan: Plan | None = None
        self.compiled: Lambda = compile_lambda(expression, WORLD, condition="|where()", watch=self._watch)

    def _watch(self, plan: Plan) -> Probe:
        (decision,) = decisions(plan, condition=True)
        self._plan = plan
        deciding = Deciding(decision, self._told)

        def seen(number: int, value: object) -> object:
            deciding.see(number, value)
            return value

        return Probe(seen, deciding.numbers)

    def _told(self, outcome: bool, ways: Ways) -> None:
        self.outcomes.add(outcome)
        assert self._plan is not None
        nodes = ((self._plan.steps[number].node, value) for number, value in ways)
        self.found |= {(node.name, value) for node, value in nodes if isinstance(node, tree.Reference)}


rows = st.lists(st.fixed_dictionaries({name: st.booleans() for name in NAMES}), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(conditions(), rows)
def test_the_operands_that_count(expression: tree.Expression, data: list[Row]) -> None:
    by_row, by_column = Watched(expression), Watched(expression)
    references = by_row.compiled.references
    read = [{name: row[name] for name in references} for row in data]
    for row in read:
        by_row.compiled.row(row)
    by_column.compiled.column([[row[name] for row in read] for name in references], len(read))
    expected = set().union(*(counting(expression, row) for row in read)) if len(references) > 1 else set()
    assert by_row.found == expected
    assert by_column.found == expected
    assert by_row.outcomes == by_column.outcomes == {value(expression, row, set()) for row in read}


def test_thousands_of_operands_are_no_trouble() -> None:
    expression = parse_expression(" OR ".join(f'"x" == {number}' for number in range(1500)), "r.tick")
    outcomes: list[tuple[bool, int]] = []

    def watch(plan: Plan) -> Probe:
        (decision,) = decisions(plan, condition=True)
        deciding = Deciding(decision, lambda outcome, ways: outcomes.append((outcome, len(ways))))

        def seen(number: int, value: object) -> object:
            deciding.see(number, value)
            return value

        return Probe(seen, deciding.numbers)

    compiled = compile_lambda(expression, WORLD, condition="|where()", watch=watch)
    compiled.column([[1499, 1500, 7]], 3)
    assert outcomes == [(True, 1), (False, 1500), (True, 1)]
