"""A var that nothing uses.

Most often the script says the value once more where the var was meant, so that a change of the var changes nothing.

Bad::

    var limit = 90
    stream|from().measurement('cpu')|alert().crit(lambda: "usage" > 80).stateChangesOnly()

Good::

    var limit = 90
    stream|from().measurement('cpu')|alert().crit(lambda: "usage" > limit).stateChangesOnly()
"""

from collections.abc import Iterator
from typing import TypeGuard

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.script import Script
from tickdiscord.syntax import tree

CODE = "TD700"


def check(script: Script) -> Iterator[Diagnostic]:
    used = {each.name for statement in script.program.statements for each in _identifiers(statement)}
    for statement in script.program.statements:
        if _holds_value(statement) and statement.name not in used:
            message = f"nothing uses the var `{statement.name}`"
            yield warning(CODE, message, statement.name_span, "delete it, or use it where its value stands")


def _holds_value(statement: tree.Statement) -> TypeGuard[tree.Declaration | tree.TypedDeclaration]:
    """A var that holds a pipeline does its work even if nothing goes on from it."""
    return isinstance(statement, tree.TypedDeclaration) or (
        isinstance(statement, tree.Declaration) and not isinstance(statement.value, tree.Chain)
    )


def _identifiers(statement: tree.Statement) -> Iterator[tree.Identifier]:
    match statement:
        case tree.Declaration(value=value):
            pending: list[tree.Expression] = [value]
        case tree.ExpressionStatement(expression=value):
            pending = [value]
        case _:
            return
    while pending:
        node = pending.pop()
        match node:
            case tree.Identifier():
                yield node
            case tree.Binary(left=left, right=right) | tree.Chain(left=left, right=right):
                pending += [left, right]
            case tree.Unary(operand=inner) | tree.Lambda(expression=inner):
                pending.append(inner)
            case tree.Function(args=args):
                pending += args
            case tree.List(items=items):
                pending += items
            case _:
                pass
