"""What nodes use: references, operands of points and chunks, states, columns of mixed types."""

import pytest
from lambda_cases import compiled, environment

from tickdiscord.diagnostics import DiagnosticError, Source
from tickdiscord.lambdas import (
    CONFLICT,
    Failure,
    Nanoseconds,
    Operand,
    Type,
    compile_lambda,
    of_chunk,
    of_point,
    operands,
    possible_types,
    static_type,
)
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.model import Dimensions, Groups, Series
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse_expression

GROUP = Groups().of("cpu", {}, Dimensions())
A = Series("telegraf", "autogen", "cpu", {"host": "a"})
B = Series("telegraf", "autogen", "cpu", {"host": "b", "idle": "tag"})


def chunk(*rows: tuple[Series, dict[str, float]]) -> Chunk:
    fields = [fields for _, fields in rows]
    times = [index * 10 for index in range(len(rows))]
    return Chunk(ParsedRows(fields, times), [series for series, _ in rows], [GROUP] * len(rows), range(len(rows)))


def test_references_are_named_once_in_the_order_of_the_script() -> None:
    assert compiled('"b" > 1 AND "a" > 2 AND "b" < 5 AND hour("time") > 3').references == ("b", "a", "time")


@pytest.mark.parametrize(
    ("text", "stateful", "volatile"),
    [
        ('"a" > 1', False, False),
        ("count()", True, False),
        ("rand()", False, True),
        ("sigma(float(rand()))", True, True),
    ],
)
def test_a_lambda_says_what_else_it_depends_on(text: str, stateful: bool, volatile: bool) -> None:
    found = compiled(text)

    assert (found.stateful, found.volatile) == (stateful, volatile)
    assert bool(found.new_state()) == stateful


def test_a_reference_is_a_field_else_a_tag_and_never_both() -> None:
    found = operands({"idle": 5.0, "both": 1}, {"host": "a", "both": "x"}, 7, ("idle", "host", "both", "none", "time"))

    assert found == {"idle": 5.0, "host": "a", "both": CONFLICT, "none": None, "time": 7}


def test_the_time_is_the_points_even_if_a_field_has_its_name() -> None:
    assert operands({"time": 5.0}, {"time": "x"}, 7, ("time",)) == {"time": 7}


def test_a_chunk_gives_the_same_operands_as_its_points() -> None:
    rows = chunk((A, {"idle": 5.0}), (B, {"idle": 6.0}), (B, {}), (A, {}))
    names = ("idle", "host", "none", "time")

    columns = of_chunk(rows, names)

    by_point = [of_point(rows.point(index), names) for index in range(len(rows))]
    assert [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)] == by_point
    assert columns[0] == [5.0, CONFLICT, "tag", None]


def test_a_column_may_mix_types() -> None:
    found = compiled('"x" > 3')
    values: list[Operand] = [5, 2.5, None, "a", 7, CONFLICT, 4.5]

    results = found.column([values], len(values))

    kinds = [each.kind if isinstance(each, Failure) else each for each in results]
    assert kinds == [True, False, "eval", "type", True, "eval", True]


def test_a_failing_row_fails_alone() -> None:
    assert [isinstance(each, Failure) or each for each in compiled('6 / "n"').column([[1, 0, 3]], 3)] == [6, True, 2]


def test_a_lambda_without_references_has_columns_too() -> None:
    assert compiled("1 + 2").column([], 3) == [3, 3, 3]
    assert compiled('"x" > 1').column([[]], 0) == []


def test_random_rows_of_a_column_are_those_of_the_rows() -> None:
    text = 'rand(1000) / "n"'
    rows: list[Operand] = [1, 0, 2, 3]

    by_column = compiled(text).column([rows], 4)

    found = compiled(text)
    assert by_column == [found.row({"n": value}) for value in rows]


def test_a_stateful_lambda_has_no_columns() -> None:
    with pytest.raises(TypeError):
        compiled("count()").column([], 1)


def test_durations_are_values_of_their_own_type() -> None:
    result = compiled('"n" * 1s').row({"n": 2})

    assert isinstance(result, Nanoseconds)
    assert compiled('"d" > 1s').row({"d": result}) is True
    assert compiled('"d" + 1').row({"d": result}) != 2_000_000_001


def test_a_row_that_lacks_a_name_is_a_point_that_lacks_it() -> None:
    assert compiled('isPresent("x")').row({}) is False


def test_the_type_of_a_result_depends_on_the_types_of_the_operands() -> None:
    found = compiled('"x" + "y"')

    assert found.type_of([Type.FLOAT, Type.FLOAT]) is Type.FLOAT
    assert found.type_of([Type.STRING, Type.STRING]) is Type.STRING
    assert found.type_of([Type.INT, Type.FLOAT]) is None


def test_what_can_be_told_without_data() -> None:
    assert static_type(parse_expression('"x" > 3')) is Type.BOOL
    assert static_type(parse_expression('"x" + 3')) is Type.INT
    assert static_type(parse_expression('"x"')) is None
    assert Type.STRING in possible_types(parse_expression('"x" + "y"'))


def test_a_condition_must_be_a_bool_at_the_point_too() -> None:
    found = compiled('"x"', condition=".crit()")

    assert found.row({"x": True}) is True
    assert isinstance(found.row({"x": 1}), Failure)


def test_a_lambda_in_a_lambda_has_a_state_of_its_own() -> None:
    inner = tree.Lambda(parse_expression("count()"))
    both = compile_lambda(tree.Binary("+", inner, parse_expression("count() + count()")), environment())
    state = both.new_state()

    assert both.row({}, state) == 1 + 1 + 2
    assert len(state) == 2


def test_many_types_are_forgotten_not_collected() -> None:
    found = compiled(" AND ".join(f'isPresent("{name}")' for name in "abcd"))
    values: list[Operand] = [None, True, 1, 1.5, "x"]

    for first in values:
        for second in values:
            for third in values:
                for fourth in values:
                    row = dict(zip("abcd", (first, second, third, fourth), strict=True))
                    assert found.row(row) is (None not in row.values())


def test_errors_of_generated_code_point_into_the_script() -> None:
    text = '// two lines\n   "x" > 3 AND hour(now()) > 25'
    found = compile_lambda(parse_expression(text), environment(), Source("alert.tick", text))

    class Broken(dict[str, Operand]):
        def get(self, *_: object) -> None:  # type: ignore[override]
            raise RuntimeError

    with pytest.raises(RuntimeError) as raised:
        found.row(Broken())
    place = raised.traceback[1]
    assert str(place.path).endswith("alert.tick")
    assert place.lineno == 1, "the second line, counted from 0"


@pytest.mark.parametrize("operator", ["+", "AND", "=~"])
def test_an_expression_that_is_too_deep_is_refused(operator: str) -> None:
    expression: tree.Expression = tree.Reference("x")
    for _ in range(6000):
        expression = tree.Binary(operator, expression, tree.Reference("x"))

    with pytest.raises(DiagnosticError) as raised:
        compile_lambda(expression, environment())

    assert raised.value.diagnostics[0].code == "TD200"


def test_a_deep_expression_works() -> None:
    sum: tree.Expression = tree.Reference("x")
    negated: tree.Expression = tree.Reference("b")
    joined: tree.Expression = tree.Reference("b")
    for _ in range(3000):
        sum = tree.Binary("+", tree.Reference("x"), sum)
        negated = tree.Unary("!", negated)
        joined = tree.Binary("AND", joined, tree.Reference("b"))

    assert compile_lambda(sum, environment()).row({"x": 2}) == 6002
    assert compile_lambda(negated, environment()).row({"b": True}) is True
    assert compile_lambda(joined, environment()).column([[True, False]], 2) == [True, False]


@pytest.mark.parametrize(
    "step",
    ["strReplace({}, 'a', 'aaaaaaaaaaaaaaaa', -1)", "regexReplace(/a+/, {}, '$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0')"],
)
def test_texts_do_not_grow_without_bounds(step: str) -> None:
    text = '"a"'
    for _ in range(12):
        text = step.format(text)

    failure = compiled(text).row({"a": "aa"})

    assert isinstance(failure, Failure)
    assert failure.message.startswith("the text becomes too long")
    assert len(failure.message) < 1000
