"""What expressions and scripts are parsed to; the expressions are in `shapes.yaml`."""

import json
from pathlib import Path

import pytest
import yaml

from tickdiscord.diagnostics import DiagnosticError, Span
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse, parse_expression

SHAPES = yaml.safe_load(Path(__file__).with_name("shapes.yaml").read_text(encoding="utf-8"))


KAPACITOR = Path(__file__).parent.parent / "conformance" / "lambda.jsonl"


def shape(node: tree.Expression) -> str:
    match node:
        case tree.Binary():
            return f"({node.operator} {shape(node.left)} {shape(node.right)})"
        case tree.Unary():
            return f"({node.operator} {shape(node.operand)})"
        case tree.Function():
            return f"({' '.join([node.name, *map(shape, node.args)])})"
        case tree.Regex():
            return f"regex {node.pattern}"
        case tree.Star():
            return "star"
        case tree.Reference():
            return f"field {node.name}"
        case tree.Identifier():
            return f"name {node.name}"
        case tree.Integer() | tree.Float() | tree.Duration() | tree.String() | tree.Bool():
            kind = {"Integer": "int"}.get(type(node).__name__, type(node).__name__.lower())
            return f"{kind} {node.value}"
        case _:
            raise AssertionError(node)


def shape_or_refusal(text: str) -> str:
    try:
        return shape(parse_expression(text))
    except DiagnosticError:
        return "refused"


@pytest.mark.parametrize("group", SHAPES)
def test_shape_of_expressions(group: str) -> None:
    assert {text: shape_or_refusal(text) for text in SHAPES[group]} == SHAPES[group]


def test_refuses_what_kapacitors_parser_refuses() -> None:
    cases = [json.loads(line) for line in KAPACITOR.read_text(encoding="utf-8").splitlines()]
    refused = {case["expr"] for case in cases if case["cases"][0]["expect"].get("error") == "parse"}
    assert {case["expr"] for case in cases if shape_or_refusal(case["expr"]) == "refused"} == refused


SCRIPT = """\
// The database.
dbrp "telegraf"."autogen"

var limit int
var tags = ['host', *, other,]

var data = stream
    // only cpu
    |from()
        .measurement('cpu')
    @udf()
    |eval(lambda: -"a" * 2)

// the end
"""


def test_a_script() -> None:
    assert parse(SCRIPT) == tree.Program(
        (
            tree.Dbrp("telegraf", "autogen"),
            tree.TypedDeclaration("limit", "int"),
            tree.Declaration("tags", tree.List((tree.String("host"), tree.Star(), tree.Identifier("other")))),
            tree.Declaration(
                "data",
                tree.Chain(
                    tree.Chain(
                        tree.Chain(
                            tree.Chain(tree.Identifier("stream"), "|", tree.Function("from", ())),
                            ".",
                            tree.Function("measurement", (tree.String("cpu"),)),
                        ),
                        "@",
                        tree.Function("udf", ()),
                    ),
                    "|",
                    tree.Function(
                        "eval",
                        (tree.Lambda(tree.Binary("*", tree.Unary("-", tree.Reference("a")), tree.Integer(2))),),
                    ),
                ),
            ),
        )
    )


def text_at(span: Span) -> str:
    return SCRIPT[span.start : span.end]


def test_comments_stay_with_what_follows_them() -> None:
    program = parse(SCRIPT)
    dbrp, *_, data = program.statements
    assert dbrp.comment == tree.Comment(("The database.",))
    assert isinstance(data, tree.Declaration)
    link = data.value
    while isinstance(link, tree.Chain) and isinstance(link.left, tree.Chain):
        link = link.left
    assert link.comment == tree.Comment(("only cpu",))
    assert program.trailing == tree.Comment(("the end",))


def test_spans_are_the_text_of_the_nodes() -> None:
    _, limit, tags, data = parse(SCRIPT).statements
    assert isinstance(limit, tree.TypedDeclaration)
    assert (text_at(limit.span), text_at(limit.name_span), text_at(limit.type_span)) == (
        "var limit int",
        "limit",
        "int",
    )
    assert isinstance(tags, tree.Declaration)
    assert text_at(tags.value.span) == "['host', *, other,]"
    assert isinstance(data, tree.Declaration)
    assert isinstance(data.value, tree.Chain)
    assert text_at(data.value.operator_span) == "|"
    assert text_at(data.value.right.span) == 'eval(lambda: -"a" * 2)'
    assert text_at(data.value.left.span).endswith("@udf()")


@pytest.mark.parametrize("text", ["", " \n\t", "// nothing", "var x = 1 var y = 2", "stream|from() batch|query('')"])
def test_scripts_without_ado(text: str) -> None:
    parse(text)
