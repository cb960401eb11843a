"""The values of a script: what a name stands for, in a lambda and outside of one."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import NOWHERE, Diagnostic, DiagnosticError, Span, did_you_mean, error
from tickdiscord.lambdas import Environment, Failure, Nanoseconds, value_of
from tickdiscord.lambdas.operators import ALWAYS_BOOL
from tickdiscord.lambdas.walk import postorder
from tickdiscord.nodes.node import Node, Part
from tickdiscord.points.model import Value
from tickdiscord.properties import kind_of
from tickdiscord.syntax import tree

UNDEFINED = "TD110"
NOT_A_VALUE = "TD112"
NO_VALUE = "TD113"

LONGEST_TEXT = 1_000_000
"""Vars that are put together of vars grow fast; Discord takes 6000 characters."""

LITERALS = (tree.Integer, tree.Float, tree.Duration, tree.String, tree.Bool, tree.Regex)
SPELLINGS = {"true": "TRUE", "false": "FALSE", "True": "TRUE", "False": "FALSE", "and": "AND", "or": "OR", "not": "!"}
"""Words of other languages, and what TICKscript says."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a pipeline: a node, and the handler of it that the next property may belong to."""

    node: Node
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands for a name whose declaration is wrong: nothing more is said about it."""


Found = tree.Expression | Cursor
BROKEN = Broken()
Meaning = tree.Expression | Cursor | Broken


class BrokenError(Exception):
    """Raised where a broken name is used, and caught where the statement ends."""


class Names:
    """The names of a script, each given once."""

    def __init__(self, predefined: Mapping[str, Meaning]) -> None:
        self._known: dict[str, Meaning] = dict(predefined)

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def __iter__(self) -> Iterable[str]:
        return iter(self._known)

    def all(self) -> tuple[str, ...]:
        return tuple(self._known)

    def put(self, name: str, meaning: Meaning) -> None:
        self._known[name] = meaning

    def get(self, identifier: tree.Identifier, quoted: str = "a text stands in single quotes: '{}'") -> Found:
        """What a name stands for; `quoted` is the hint where no name is like it.

        Raises:
            DiagnosticError: it stands for nothing.
            BrokenError: its own declaration is wrong.
        """
        meaning = self._known.get(identifier.name)
        if meaning is None:
            hint = SPELLINGS.get(identifier.name)
            raise error(
                UNDEFINED,
                f"`{identifier.name}` is not defined",
                identifier.span,
                f"write `{hint}`"
                if hint
                else did_you_mean(identifier.name, ("stream", "batch", *self._known)) or quoted.format(identifier.name),
            )
        if isinstance(meaning, Broken):
            raise BrokenError
        return meaning

    def substituted(self, expression: tree.Expression) -> tree.Expression:
        """A lambda's expression with every name replaced by what it stands for.

        Raises:
            DiagnosticError: undefined names, all of them, or names that stand for something no lambda can use.
        """
        problems: list[Diagnostic] = []
        stack: list[tree.Expression] = []
        for node, arity in postorder(expression):
            operands = stack[len(stack) - arity :] if arity else []
            del stack[len(stack) - arity :]
            if isinstance(node, tree.Identifier):
                try:
                    stack.append(self._in_lambda(node))
                except DiagnosticError as problem:
                    problems += problem.diagnostics
                    stack.append(node)
            else:
                stack.append(rebuilt(node, operands))
        if problems:
            raise DiagnosticError(*problems)
        return stack[-1]

    def _in_lambda(self, identifier: tree.Identifier) -> tree.Expression:
        meaning = self.get(identifier, 'a field or tag stands in double quotes: "{}"')
        if isinstance(meaning, tree.Lambda):
            return meaning if meaning.span != NOWHERE else dataclasses.replace(meaning, span=identifier.span)
        if isinstance(meaning, LITERALS):
            return dataclasses.replace(meaning, span=identifier.span)
        raise error(
            NOT_A_VALUE,
            f"`{identifier.name}` is a {'node' if isinstance(meaning, Cursor) else kind_of(meaning)}; "
            "a lambda can use numbers, strings, bools, durations, regexes and lambdas",
            identifier.span,
        )


def rebuilt(node: tree.Expression, operands: list[tree.Expression]) -> tree.Expression:
    """The node with other operands."""
    match node:
        case tree.Binary():
            left, right = operands
            return (
                node if left is node.left and right is node.right else dataclasses.replace(node, left=left, right=right)
            )
        case tree.Unary():
            return node if operands[0] is node.operand else dataclasses.replace(node, operand=operands[0])
        case tree.Lambda():
            return node if operands[0] is node.expression else dataclasses.replace(node, expression=operands[0])
        case tree.Function():
            return dataclasses.replace(node, args=tuple(operands)) if operands else node
        case _:
            return node


def _is_condition(expression: tree.Expression) -> bool:
    return isinstance(expression, tree.Binary) and expression.operator in ALWAYS_BOOL


def constant(expression: tree.Expression, names: Iterable[str]) -> tree.Expression:
    """The value of an expression outside of a lambda, as a literal: arithmetic follows the rules of lambdas.

    Raises:
        DiagnosticError: its types do not go together, or it has no value.
    """
    for node, _ in postorder(expression):
        if isinstance(node, tree.Reference):
            raise error(
                NOT_A_VALUE,
                f'"{node.name}" refers to a field or tag, which only a lambda can do',
                node.span,
                "a condition begins with `lambda:`"
                if _is_condition(expression)
                else f"a text stands in single quotes: '{node.name}'",
            )
    result = value_of(expression, Environment(ManualClock()), names)
    if isinstance(result, Failure):
        raise error(NO_VALUE, result.message, result.span, result.hint)
    if isinstance(result, str) and len(result) > LONGEST_TEXT:
        raise error(NO_VALUE, f"the text is longer than {LONGEST_TEXT} characters", expression.span)
    return literal(result, expression.span)


def literal(value: Value, span: Span) -> tree.Expression:
    """A value as a literal."""
    match value:
        case bool():
            return tree.Bool(value, span=span)
        case Nanoseconds():
            return tree.Duration(int(value), span=span)
        case int():
            return tree.Integer(value, span=span)
        case float():
            return tree.Float(value, span=span)
        case str():
            return tree.String(value, span=span)
