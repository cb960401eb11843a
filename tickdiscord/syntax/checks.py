"""What the grammar lets pass and a script still must not do."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tickdiscord.diagnostics import Diagnostic, Span
from tickdiscord.syntax import tree
from tickdiscord.syntax.numbers import misspelt

TOO_DEEP = "TD007"
NOT_IN_EXPRESSION = "TD008"
STANDS_ALONE = "TD009"

MOST_LEVELS = 100
"""How deep brackets and right operands may be nested."""
MOST_LINKS = 300
"""How many links a chain may have, or operators an expression outside of a lambda."""
MOST_OPERATORS = 5_000
"""How many operators may follow one another in a lambda."""


class _Visit(NamedTuple):
    node: tree.Expression
    levels: int
    run: int
    """How many operators or links lead here from the right, without a bracket."""
    in_lambda: bool
    first: bool
    """Whether the expression may be a lambda, a list or a chain, and the arguments of a function too."""


def problems_of(statements: Sequence[tree.Statement], script: str) -> Iterator[Diagnostic]:
    """What is wrong with the statements of a script, each by itself and where they meet."""
    before: tree.Statement | None = None
    line_is_bad = False
    for statement in statements:
        if before and "\n" in script[before.span.end : statement.span.start]:
            line_is_bad = False
        match statement:
            case tree.Declaration():
                yield from _in_expression(_Visit(statement.value, 1, 0, False, True))
            case tree.ExpressionStatement():
                alone = None if line_is_bad else _alone(before, statement, script)
                if alone:
                    line_is_bad = True
                    yield alone
                yield from _in_expression(_Visit(statement.expression, 1, 0, False, True))
            case _:
                pass
        before = statement


def problems_of_lambda(expression: tree.Expression) -> Iterator[Diagnostic]:
    """What is wrong with a lambda expression."""
    return _in_expression(_Visit(expression, 1, 0, True, False))


def _in_expression(start: _Visit) -> Iterator[Diagnostic]:
    pending = [start]
    while pending:
        visit = pending.pop()
        too_deep = _too_deep(visit)
        if too_deep:
            yield too_deep
            return
        if not visit.first and isinstance(visit.node, tree.Lambda | tree.List | tree.Chain):
            yield _misplaced(visit.node)
            continue
        pending.extend(_inner(visit))


def _inner(visit: _Visit) -> Iterator[_Visit]:
    node, levels, run, in_lambda, first = visit
    match node:
        case tree.Lambda():
            yield _Visit(node.expression, levels + 1, 0, True, False)
        case tree.Unary():
            yield _Visit(node.operand, levels + 1, 0, in_lambda, False)
        case tree.Binary():
            yield _Visit(node.right, levels + 1, 0, in_lambda, False)
            yield _Visit(node.left, levels, run + 1, in_lambda, first and not node.parens)
        case tree.Chain():
            yield _Visit(node.right, levels + 1, 0, in_lambda, True)
            yield _Visit(node.left, levels, run + 1, in_lambda, True)
        case tree.Function():
            yield from (_Visit(argument, levels + 1, 0, in_lambda, first) for argument in reversed(node.args))
        case _:
            pass


def _too_deep(visit: _Visit) -> Diagnostic | None:
    if visit.levels > MOST_LEVELS:
        return nested_too_deeply(visit.node.span)
    most = MOST_OPERATORS if visit.in_lambda else MOST_LINKS
    if visit.run <= most:
        return None
    what, hint = (
        (f"a chain of more than {most} links", "put the first part into a `var` and go on from that")
        if isinstance(visit.node, tree.Chain)
        else (f"an expression of more than {most} operators", "a regex can replace a long list of comparisons")
    )
    return Diagnostic(TOO_DEEP, f"{what} is too long", visit.node.span, hint)


def nested_too_deeply(span: Span) -> Diagnostic:
    """The error for brackets in brackets in brackets."""
    return Diagnostic(TOO_DEEP, f"nested more than {MOST_LEVELS} levels deep", span, "put an inner part into a `var`")


def too_many_words(most: int, span: Span) -> Diagnostic:
    """The error for a script that nobody has written by hand."""
    return Diagnostic(TOO_DEEP, f"a script of more than {most} words is too long", span, "make several scripts of it")


def _misplaced(node: tree.Lambda | tree.List | tree.Chain) -> Diagnostic:
    what, hint = {
        tree.Lambda: ("a lambda", "leave out the inner `lambda:`"),
        tree.List: ("a list", "a list can only be the value of a `var` or an argument of a node or property"),
        tree.Chain: ("a chain", 'in a lambda a field or tag is named in double quotes: "cpu.usage"'),
    }[type(node)]
    return Diagnostic(NOT_IN_EXPRESSION, f"{what} cannot stand inside an expression", node.span, hint)


def _alone(before: tree.Statement | None, statement: tree.ExpressionStatement, script: str) -> Diagnostic | None:
    """What Kapacitor takes for a statement of its own and was meant as a part of the one before it.

    A call behind a chain lacks its `|` or `.`. What stands in the same line is left of an expression that another
    language would have read on, such as `1e3`; in a line of its own it is taken, as it does no harm.
    """
    node = statement.expression
    if isinstance(before, tree.Declaration):
        last: tree.Expression | None = before.value
    else:
        last = before.expression if isinstance(before, tree.ExpressionStatement) else None
    head = node
    while isinstance(head, tree.Chain):
        head = head.left
    if last is None:
        return None
    if isinstance(head, tree.Function) and isinstance(last, tree.Identifier | tree.Function | tree.Chain):
        hint = f"a node is chained with `|`, a property with `.`: `|{head.name}(…)` or `.{head.name}(…)`"
        return Diagnostic(STANDS_ALONE, f"`{head.name}(…)` belongs to no chain", head.name_span, hint)
    if head is node and "\n" not in script[last.span.end : node.span.start]:
        return _slip(last, script) or Diagnostic(STANDS_ALONE, "this belongs to nothing", node.span)
    return None


def _slip(last: tree.Expression, script: str) -> Diagnostic | None:
    """Why something is left in the line behind an expression, if that can be seen from the expression."""
    match last:
        case tree.Integer() | tree.Float() | tree.Duration():
            return misspelt(script, last.span.start)
        case tree.Regex(pattern=""):
            hint = "right behind `=` Kapacitor finds no comment: move it"
            return Diagnostic(STANDS_ALONE, "this `//` is an empty regex", last.span, hint)
        case tree.Chain(right=tree.Identifier(name=name)):
            hint = f"arguments stand in parentheses: `{last.operator}{name}(…)`"
            return Diagnostic(STANDS_ALONE, "expected `(`", Span(last.span.end, last.span.end), hint)
        case _:
            return None
