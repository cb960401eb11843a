"""The function table: complete, documented, and every example true."""

import pytest
from lambda_cases import compiled, environment, same

from tickdiscord.lambdas import Failure, Nanoseconds, Type, explain
from tickdiscord.lambdas.library import FUNCTIONS, Example, Function
from tickdiscord.syntax.parser import parse_expression

KAPACITOR = """
    bool int float string duration
    abs acos acosh asin asinh atan atan2 atanh cbrt ceil cos cosh erf erfc exp exp2 expm1 floor gamma hypot j0 j1 jn
    log log10 log1p log2 logb max min mod pow pow10 sin sinh sqrt tan tanh trunc y0 y1 yn
    strContains strContainsAny strCount strHasPrefix strHasSuffix strIndex strIndexAny strLastIndex strLastIndexAny
    strLength strReplace strSubstring strToLower strToUpper strTrim strTrimLeft strTrimPrefix strTrimRight strTrimSpace
    strTrimSuffix regexReplace isPresent unixNano minute hour weekday day month year now humanBytes if
    sigma spread count rand
""".split()

EXAMPLES = [
    pytest.param(example, id=f"{name}: {example.expression}")
    for name, function in FUNCTIONS.items()
    for example in function.examples
]


def test_all_functions_of_kapacitor_are_there() -> None:
    assert sorted(FUNCTIONS) == sorted(KAPACITOR)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_a_function_is_documented(function: Function) -> None:
    assert function.doc.endswith(".")
    assert len(function.parameters) == max(function.counts)
    assert any(not example.fails for example in function.examples)
    assert any(f"{function.name}(" in example.expression for example in function.examples)
    assert len(function.usage) == len(function.signatures)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_true(example: Example) -> None:
    try:
        expression = compiled(example.expression)
    except Exception as refusal:
        assert example.fails and str(example.result) in str(refusal)
        return
    row = dict(example.fields)

    result = expression.row(row, expression.new_state())

    if example.fails:
        assert isinstance(result, Failure) and str(example.result) in result.message
    else:
        assert same(int(result) if isinstance(result, Nanoseconds) else result, example.result)
    traced = explain(parse_expression(example.expression), row, environment())
    assert same(traced.result, result)


def test_usage_names_the_types() -> None:
    assert FUNCTIONS["strIndex"].usage == ("strIndex(string, string) → int",)
    assert FUNCTIONS["count"].usage == ("count() → int",)


def test_a_signature_is_found_by_exact_types() -> None:
    assert FUNCTIONS["abs"].resolve((Type.INT,)) is None
    assert FUNCTIONS["abs"].resolve((Type.FLOAT,)) is not None
