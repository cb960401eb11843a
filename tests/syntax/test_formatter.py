"""What the formatter writes: byte for byte what Kapacitor's `tickfmt` does, and our own cases in `formats.yaml`."""

from pathlib import Path

import pytest
import yaml

from tickdiscord.syntax import tree
from tickdiscord.syntax.formatter import format_expression, format_script
from tickdiscord.syntax.parser import parse, parse_expression

KAPACITOR = Path(__file__).parent.parent / "conformance" / "format"
SCRIPTS = sorted(path for path in KAPACITOR.glob("*.tick") if not path.name.endswith(".expected.tick"))
CASES = yaml.safe_load(Path(__file__).with_name("formats.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_as_tickfmt(path: Path) -> None:
    script, expected = path.read_bytes().decode(), path.with_suffix(".expected.tick").read_bytes().decode()
    assert format_script(script) == expected
    assert format_script(expected) == expected
    assert parse(expected) == parse(script)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_our_own_cases(case: dict[str, str]) -> None:
    formatted = format_script(case["script"])
    assert formatted == case["formatted"]
    assert format_script(formatted) == formatted
    assert parse(formatted) == parse(case["script"])


@pytest.mark.parametrize(
    ("node", "written"),
    [
        (tree.Duration(5_400_000_000_000), "90m"),
        (tree.Duration(0), "0s"),
        (tree.Duration(1_000), "1u"),
        (tree.String("C:\\"), "'''C:\\'''"),
        (tree.String("'''", triple=True), "'\\'\\'\\''"),
        (tree.Float(1e22), "10000000000000000000000.0"),
        (tree.Float(1e-7), "0.0000001"),
        (
            tree.Binary("*", tree.Binary("+", tree.Identifier("a"), tree.Identifier("b")), tree.Integer(2)),
            "(a + b) * 2",
        ),
        (tree.Unary("!", tree.Binary("AND", tree.Identifier("a"), tree.Identifier("b"))), "!(a AND b)"),
        (tree.Binary("-", tree.Integer(1), tree.Binary("-", tree.Integer(2), tree.Integer(3))), "1 - (2 - 3)"),
    ],
)
def test_trees_that_were_never_text(node: tree.Expression, written: str) -> None:
    assert format_expression(node) == written
    assert parse_expression(written) == node


def test_a_long_expression() -> None:
    text = " AND ".join(['"a" > 1'] * 2_000)
    assert format_expression(parse_expression(text)) == text
