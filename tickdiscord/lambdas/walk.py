"""Goes over an expression without recursion: trees may be deeper than Python's stack."""

from collections.abc import Iterator, Sequence

from tickdiscord.diagnostics import Span, error
from tickdiscord.syntax import tree

TOO_LARGE = "TD200"

DEEPEST = 5_000
"""More levels than this are refused; a chain of operators counts one level a link."""
LARGEST = 50_000
"""More nodes than this are refused: vars that hold lambdas can be put together to anything."""


def children(node: tree.Expression) -> Sequence[tree.Expression]:
    """The operands of a node, from left to right."""
    match node:
        case tree.Binary():
            return (node.left, node.right)
        case tree.Unary():
            return (node.operand,)
        case tree.Function():
            return node.args
        case tree.Lambda():
            return (node.expression,)
        case _:
            return ()


def postorder(expression: tree.Expression) -> Iterator[tuple[tree.Expression, int]]:
    """Every node after its operands, with the number of its operands.

    The order is that of evaluation, so that a stack does for whoever folds the tree.

    Raises:
        DiagnosticError: the expression is too deep or too large to be worked on.
    """
    pending: list[tuple[tree.Expression, int, bool]] = [(expression, 1, False)]
    seen = 0
    while pending:
        node, depth, done = pending.pop()
        operands = children(node)
        if done or not operands:
            yield node, len(operands)
            continue
        seen += len(operands)
        if depth > DEEPEST or seen > LARGEST:
            raise _too_large(expression.span, deep=depth > DEEPEST)
        pending.append((node, depth, True))
        pending.extend((operand, depth + 1, False) for operand in reversed(operands))


def _too_large(span: Span, *, deep: bool) -> Exception:
    limit = f"nested deeper than {DEEPEST} levels" if deep else f"larger than {LARGEST} terms"
    return error(TOO_LARGE, f"the expression is {limit}", span, "split it over several |eval() nodes")
