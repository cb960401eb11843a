"""Answers questions in JSON: an expression, points, and what it gives for each; the form of `eval --jsonl`."""

import math

import msgspec

from tickdiscord import gotext
from tickdiscord.clock import WallClock
from tickdiscord.diagnostics import DiagnosticError, Source
from tickdiscord.lambdas.compiler import Lambda, compile_lambda
from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.failure import Failure, Kind
from tickdiscord.lambdas.int64 import GREATEST, LEAST
from tickdiscord.lambdas.operands import operands
from tickdiscord.lambdas.plan import State
from tickdiscord.lambdas.types import TIME_REFERENCE, TYPE_OF, Nanoseconds, Type
from tickdiscord.points.model import Value
from tickdiscord.syntax.parser import parse_expression

NAME = "<expr>"
"""What the text of the expression is called in messages."""

Answer = dict[str, object]


class PointText(msgspec.Struct):
    """A point: `{"time": RFC 3339, "fields": {"f": {"float": 1.5}}, "tags": {"t": "a"}}`; all may be left out."""

    time: str = "1970-01-01T00:00:00Z"
    fields: dict[str, dict[str, bool | int | float | str]] = {}
    tags: dict[str, str] = {}


class Case(msgspec.Struct):
    point: PointText


class Question(msgspec.Struct):
    """An expression and the points it is evaluated for, in order, on one state."""

    expr: str
    cases: list[Case]


class Given(msgspec.Struct):
    """A point as it was read; `time` in nanoseconds."""

    fields: dict[str, Value]
    tags: dict[str, str]
    time: int


def answer(line: str, environment: Environment | None = None) -> str:
    """The answer to a line `{"expr": text, "cases": [{"point": …}, …]}`: `{"results": [result, …]}`, one a case.

    A result is `{"type", "value"}` (durations in nanoseconds; NaN, +Inf and -Inf as strings), or `{"error",
    "message"}` with the stage at which it failed: parse, compile, type, eval. A line of another form gets
    `{"error": "input", "message"}`. Without an environment, times are UTC and `now()` is the wall clock's.
    """
    try:
        asked = msgspec.json.decode(line.encode("utf-8", "surrogateescape"), type=Question)
        given = [_given(case.point) for case in asked.cases]
    except RecursionError:
        return _written({"error": "input", "message": "nested too deep"})
    except (msgspec.DecodeError, ValueError) as problem:
        return _written({"error": "input", "message": str(problem)})
    return _written({"results": _results(asked.expr, given, environment or Environment(WallClock()))})


def _results(text: str, given: list[Given], environment: Environment) -> list[Answer]:
    stage: Kind = "parse"
    try:
        expression = parse_expression(text, NAME)
        stage = "compile"
        compiled = compile_lambda(expression, environment, Source(NAME, text))
    except DiagnosticError as problem:
        found = "\n".join(_said(each.message, each.hint) for each in problem.diagnostics)
        return [{"error": stage, "message": found} for _ in given]
    state = compiled.new_state()
    return [_result(compiled, point, state) for point in given]


def _given(point: PointText) -> Given:
    fields: dict[str, Value] = {}
    for name, field in point.fields.items():
        if len(field) != 1:
            raise ValueError(f'the field {name!r} wants one type, such as {{"float": 1.5}}')
        fields[name] = _value(*next(iter(field.items())))
    return Given(fields, point.tags, gotext.parse_rfc3339(point.time))


def _value(type: str, value: Value) -> Value:
    match type, value:
        case ("bool", bool()) | ("string", str()):
            return value
        case "int", int() if not isinstance(value, bool) and LEAST <= value <= GREATEST:
            return value
        case "float", str():
            return gotext.parse_float(value)
        case "float", int() | float() if not isinstance(value, bool):
            return float(value)
        case _:
            raise ValueError(f"{value!r} is not {type!r}; a field is a bool, int, float or string")


def _result(compiled: Lambda, given: Given, state: State) -> Answer:
    row = operands(given.fields, given.tags, given.time, compiled.references)
    result = compiled.row(row, state)
    if isinstance(result, Failure):
        return {"error": result.kind, "message": _said(result.message, result.hint)}
    types = [Type.TIME if name == TIME_REFERENCE else TYPE_OF[type(value)] for name, value in row.items()]
    found = compiled.type_of(types)
    return {"type": found.value if found else "", "value": _plain(result)}


def _said(message: str, hint: str) -> str:
    return f"{message}; {hint}" if hint else message


def _plain(value: Value) -> Value:
    match value:
        case float():
            return value if math.isfinite(value) else gotext.format_float(value)
        case Nanoseconds():
            return int(value)
        case _:
            return value


def _written(answer: Answer) -> str:
    return msgspec.json.encode(answer).decode()
