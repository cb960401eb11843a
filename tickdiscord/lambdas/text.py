"""Writes an expression as a script would: for messages and traces."""

from tickdiscord import gotext
from tickdiscord.lambdas.walk import children
from tickdiscord.syntax import tree

_BINDING = {
    "OR": 1,
    "AND": 2,
    **dict.fromkeys(("==", "!=", "=~", "!~"), 3),
    **dict.fromkeys((">", ">=", "<", "<="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
"""How tightly an operator binds its operands."""

DURATION_UNITS = (
    ("w", 604_800_000_000_000),
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("u", 1_000),
    ("ns", 1),
)
"""The units of durations, from the longest, in nanoseconds."""


def text_of(expression: tree.Expression, levels: int = 6) -> str:
    """The expression as a script would say it; what is nested deeper than `levels` shows as `…`."""
    if not levels and children(expression):
        return "…"
    deeper = levels - 1
    match expression:
        case tree.Binary():
            return _binary(expression, deeper)
        case tree.Unary():
            return expression.operator + _operand(expression.operand, 7, deeper)
        case tree.Function():
            return f"{expression.name}({', '.join(text_of(each, deeper) for each in expression.args)})"
        case tree.Lambda():
            return f"({text_of(expression.expression, deeper)})"
        case tree.Chain():
            return f"… {expression.operator} …"
        case tree.List():
            return f"[{', '.join(text_of(each, 0) for each in expression.items)}]"
        case _:
            return _leaf(expression)


def duration_text(ns: int) -> str:
    """A duration in the largest unit that says it without a rest, as InfluxQL writes it: `90m`, `1w`, `5ns`."""
    if ns == 0:
        return "0s"
    unit, size = next((unit, size) for unit, size in DURATION_UNITS if ns % size == 0)
    return f"{ns // size}{unit}"


def _binary(node: tree.Binary, deeper: int) -> str:
    binding = _BINDING[node.operator]
    left = _operand(node.left, binding, deeper)
    right = _operand(node.right, binding + 1, deeper)
    return f"{left} {node.operator} {right}"


def _operand(node: tree.Expression, binding: int, levels: int) -> str:
    text = text_of(node, levels)
    loose = isinstance(node, tree.Binary) and (node.parens or _BINDING[node.operator] < binding)
    return f"({text})" if loose and levels else text


def _leaf(node: tree.Expression) -> str:
    match node:
        case tree.Integer():
            return f"0{node.value:o}" if node.octal else str(node.value)
        case tree.Float():
            return node.text or _float(node.value)
        case tree.Duration():
            return node.text or duration_text(node.value)
        case tree.Bool():
            return "TRUE" if node.value else "FALSE"
        case tree.String():
            return _string(node.value)
        case tree.Regex():
            return "/" + node.pattern.replace("/", "\\/") + "/"
        case tree.Reference():
            return '"' + node.name.replace('"', '\\"') + '"'
        case tree.Identifier():
            return node.name
        case _:
            return "*"


def _string(value: str) -> str:
    if value.endswith("\\"):
        # In single quotes the backslash would escape the closing one.
        return f"'''{value}'''"
    return "'" + value.replace("'", "\\'") + "'"


def _float(value: float) -> str:
    text = gotext.format_float(value, "f")
    return text if "." in text else f"{text}.0"
