"""Ints are divided: what is behind the point is cut off.

`"used" / "total" * 100` on int fields is 0 until both are equal. And where a field is a float, dividing it by an int
fails.

Bad::

    stream
        |from().measurement('disk').groupBy('host')
        |eval(lambda: "used" / 1000).as('thousands')
        |alert().crit(lambda: "thousands" > 5).stateChangesOnly()

Good::

    stream
        |from().measurement('disk').groupBy('host')
        |eval(lambda: float("used") / 1000.0).as('thousands')
        |alert().crit(lambda: "thousands" > 5.0).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lambdas import Type
from tickdiscord.lambdas.text import text_of
from tickdiscord.lint.script import Script
from tickdiscord.lint.types import typed
from tickdiscord.syntax import tree

CODE = "TD704"

ONLY_INT = frozenset({Type.INT})


def check(script: Script) -> Iterator[Diagnostic]:
    for _, expression, shape in script.formulas:
        for node, types, operands, _ in typed(expression, shape.types):
            if isinstance(node, tree.Binary) and node.operator == "/" and Type.INT in types:
                left, right = operands
                if isinstance(node.right, tree.Integer) and node.right.value == 0:
                    continue  # That is worse, and a rule of its own.
                if right == ONLY_INT and Type.INT in left:
                    sure = left == ONLY_INT
                    message = f"`{text_of(node)}` divides {'ints' if sure else 'by an int'}: the result is cut off"
                    yield warning(CODE, message, node.span, f"write `{_float(node.left)} / {_float(node.right)}`")


def _float(operand: tree.Expression) -> str:
    return f"{operand.value}.0" if isinstance(operand, tree.Integer) else f"float({text_of(operand)})"
