"""What a script expects of the outside: its vars, with their types, defaults and comments."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tickdiscord.diagnostics import DiagnosticError, Span
from tickdiscord.lambdas.walk import postorder
from tickdiscord.pipeline.variables import LITERALS, BrokenError, Meaning, Names, constant, rebuilt
from tickdiscord.properties import kind_of
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse
from tickdiscord.syntax.scanner import GAP

TYPES = ("bool", "int", "float", "string", "duration", "regex", "lambda", "list", "star")
"""The types that a declaration without a value may say."""


@dataclass(frozen=True, slots=True)
class Var:
    """A var of a script that may be given from outside.

    `value` is its default with all vars in their places, None if it has none and so must be given; `written` is the
    default as the script says it. `span` is where its name stands.
    """

    name: str
    type: str
    comment: str
    span: Span
    value: tree.Expression | None = None
    written: tree.Expression | None = None

    @property
    def derived(self) -> bool:
        """Whether the default is made of other vars, and so follows them."""
        if self.written is None:
            return False
        parts = self.written.items if isinstance(self.written, tree.List) else (self.written,)
        return any(isinstance(node, tree.Identifier) for part in parts for node, _ in postorder(part))


def declarations(text: str, name: str) -> list[Var]:
    """The vars of a script, in its order; those that hold nodes, or whose value is wrong, are left out.

    Raises:
        DiagnosticError: the script has syntax errors.
    """
    return list(_declared(parse(text, name).statements))


def _declared(statements: Sequence[tree.Statement]) -> Iterator[Var]:
    names = Names({})
    for statement in statements:
        if isinstance(statement, tree.TypedDeclaration) and statement.type in TYPES:
            yield Var(statement.name, statement.type, _comment(statement), statement.name_span)
        elif isinstance(statement, tree.Declaration):
            value = _value(statement.value, names)
            if value is not None:
                names.put(statement.name, value)
                type = "star" if isinstance(value, tree.Star) else kind_of(value)
                comment, span = _comment(statement), statement.name_span
                yield Var(statement.name, type, comment, span, value, statement.value)


def _comment(statement: tree.Statement) -> str:
    """The comment right above a statement: what a blank line parts from it belongs to something else."""
    if statement.comment is None:
        return ""
    lines = list(statement.comment.lines)
    while GAP in lines:
        del lines[: lines.index(GAP) + 1]
    return "\n".join(lines).strip()


def _value(expression: tree.Expression, names: Names) -> tree.Expression | None:
    """The value of a declaration, None if it is a node or wrong."""
    try:
        match expression:
            case tree.Identifier():
                return _literal(names.get(expression))
            case tree.Lambda(expression=inner):
                return dataclasses.replace(expression, expression=names.substituted(inner))
            case tree.List(items=items):
                found = [_value(item, names) for item in items]
                return dataclasses.replace(expression, items=tuple(each for each in found if each is not None))
            case tree.Unary() | tree.Binary():
                return constant(names.substituted(expression), ())
            case _:
                return _literal(expression)
    except (DiagnosticError, BrokenError):
        return None


def _literal(meaning: Meaning) -> tree.Expression | None:
    return meaning if isinstance(meaning, (*LITERALS, tree.Lambda, tree.List, tree.Star)) else None


def placed(value: tree.Expression, span: Span) -> tree.Expression:
    """A value from outside of a script, so that what is wrong with it is shown at this place of the script.

    Raises:
        DiagnosticError: it is too large.
    """
    stack: list[tree.Expression] = []
    for node, arity in postorder(value):
        operands = stack[len(stack) - arity :] if arity else []
        del stack[len(stack) - arity :]
        moved = dataclasses.replace(rebuilt(node, operands), span=span)
        if isinstance(moved, tree.Binary):
            moved = dataclasses.replace(moved, operator_span=span)
        elif isinstance(moved, tree.Function):
            moved = dataclasses.replace(moved, name_span=span)
        stack.append(moved)
    return stack[-1]
