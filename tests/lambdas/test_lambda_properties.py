"""What holds for all expressions and points."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lambda_cases import environment, same
from random_expressions import EDGES, NAMES, expressions, rows

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.lambdas import Failure, Lambda, Operand, Type, compile_lambda, explain
from tickdiscord.lambdas.text import text_of
from tickdiscord.lambdas.types import TYPE_OF
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse_expression

TYPES = st.sampled_from((Type.BOOL, Type.INT, Type.FLOAT, Type.STRING, Type.DURATION))
ANY = TYPES.flatmap(lambda type: expressions(type))
Row = dict[str, Operand]


def loaded(expression: tree.Expression) -> Lambda | None:
    """The lambda, or None if it is refused."""
    try:
        return compile_lambda(expression, environment())
    except DiagnosticError:
        return None


@given(ANY, st.lists(rows(), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_column_is_its_rows(expression: tree.Expression, points: list[Row]) -> None:
    found = loaded(expression)
    if found is None or found.stateful or found.volatile:
        return
    columns = [[point[name] for point in points] for name in found.references]

    results = found.column(columns, len(points))

    assert all(same(each, found.row(point)) for each, point in zip(results, points, strict=True))


@given(ANY, rows())
@settings(max_examples=300, deadline=None)
def test_a_trace_ends_in_what_the_row_gives(expression: tree.Expression, point: Row) -> None:
    found = loaded(expression)
    if found is None:
        return
    # Both begin with the same random numbers.
    result = found.row(point, found.new_state())

    traced = explain(expression, point, environment())

    assert same(traced.result, result)
    assert next(iter(traced.lines())).endswith(f"= {traced.shown}")


@given(ANY, rows())
@settings(max_examples=300, deadline=None)
def test_a_result_has_the_type_that_was_foretold(expression: tree.Expression, point: Row) -> None:
    found = loaded(expression)
    if found is None:
        return
    result = found.row(point, found.new_state())
    if isinstance(result, Failure):
        assert result.message and result.kind in ("eval", "type")
        return
    types = [Type.TIME if name == "time" else TYPE_OF[type(point[name])] for name in found.references]
    assert found.type_of(types) is TYPE_OF[type(result)]
    if TYPE_OF[type(result)] in (Type.INT, Type.DURATION):
        assert -(2**63) <= int(result) < 2**63


@given(ANY)
@settings(max_examples=200, deadline=None)
def test_an_expression_in_a_message_reads_as_in_the_script(expression: tree.Expression) -> None:
    if any(isinstance(part, tree.Lambda | tree.Regex) for part in parts(expression)):
        return
    assert parse_expression(text_of(expression, levels=100)) == expression


def parts(expression: tree.Expression) -> list[tree.Expression]:
    match expression:
        case tree.Binary():
            below = [expression.left, expression.right]
        case tree.Unary():
            below = [expression.operand]
        case tree.Function():
            below = list(expression.args)
        case _:
            below = []
    return [expression, *(part for each in below for part in parts(each))]


INTS = st.sampled_from((*EDGES, *(-edge for edge in EDGES), -(2**63)))
SUMS = st.recursive(
    st.one_of(st.sampled_from(NAMES).map(tree.Reference), st.sampled_from(EDGES).map(tree.Integer)),
    lambda below: st.one_of(
        st.builds(tree.Binary, st.sampled_from("+-*/%"), below, below), st.builds(tree.Unary, st.just("-"), below)
    ),
    max_leaves=12,
)


@given(SUMS, st.fixed_dictionaries(dict.fromkeys(NAMES, INTS)))
@settings(max_examples=300, deadline=None)
def test_ints_wrap_at_every_step(expression: tree.Expression, point: dict[str, int]) -> None:
    try:
        expected = stepwise(expression, point)
    except ZeroDivisionError:
        expected = None

    result = compile_lambda(expression, environment()).row(point)

    assert isinstance(result, Failure) if expected is None else result == expected


def stepwise(expression: tree.Expression, point: dict[str, int]) -> int:
    """The value of an int expression, by the book: every step is wrapped into 64 bits."""
    match expression:
        case tree.Integer():
            return expression.value
        case tree.Reference():
            return point[expression.name]
        case tree.Unary():
            return wrapped(-stepwise(expression.operand, point))
        case tree.Binary():
            left, right = stepwise(expression.left, point), stepwise(expression.right, point)
            quotient = 0
            if expression.operator in "/%":
                quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            results = {"+": left + right, "-": left - right, "*": left * right}
            return wrapped(
                results.get(expression.operator, quotient if expression.operator == "/" else left - quotient * right)
            )
        case _:
            raise AssertionError(expression)


def wrapped(number: int) -> int:
    return (number + 2**63) % 2**64 - 2**63
