"""The types in a lambda where those of some fields are known: what can come out, and what can never go together."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from tickdiscord.lambdas import Type, problems
from tickdiscord.lambdas.library import FUNCTIONS
from tickdiscord.lambdas.operators import NEGATED, OPERATIONS
from tickdiscord.lambdas.problems import Problem
from tickdiscord.lambdas.types import OF_DATA, TIME_REFERENCE
from tickdiscord.lambdas.walk import postorder
from tickdiscord.syntax import tree

Types = frozenset[Type]
Known = Callable[[str], Types | None]
"""The types of a reference, or None."""

ANYTHING: Types = frozenset(Type)
LITERALS: dict[type, Types] = {
    tree.Integer: frozenset({Type.INT}),
    tree.Float: frozenset({Type.FLOAT}),
    tree.Duration: frozenset({Type.DURATION}),
    tree.String: frozenset({Type.STRING}),
    tree.Bool: frozenset({Type.BOOL}),
    tree.Regex: frozenset({Type.REGEX}),
}


class Typed(NamedTuple):
    """A node of an expression with the types it may have and those of its operands."""

    node: tree.Expression
    types: Types
    operands: Sequence[Types]
    problem: Problem | None
    """Why no choice of these types works."""


def typed(expression: tree.Expression, known: Known) -> Iterator[Typed]:
    """Every node of an expression, operands first."""
    stack: list[Types] = []
    for node, arity in postorder(expression):
        operands = stack[len(stack) - arity :] if arity else []
        del stack[len(stack) - arity :]
        found = _results(node, operands, known)
        problem = None if found else _problem(node, operands)
        stack.append(found or ANYTHING)
        yield Typed(node, found, operands, problem)


def types_of(expression: tree.Expression, known: Known) -> Types:
    """The types that an expression may have, as a field."""
    *_, last = typed(expression, known)
    return (last.types or ANYTHING) & OF_DATA - {Type.MISSING}


def _results(node: tree.Expression, operands: Sequence[Types], known: Known) -> Types:
    match node:
        case tree.Reference():
            return frozenset({Type.TIME}) if node.name == TIME_REFERENCE else known(node.name) or OF_DATA
        case tree.Binary():
            left, right = operands
            operations = (OPERATIONS.get((node.operator, *pair)) for pair in product(left, right))
            return frozenset(each.result for each in operations if each)
        case tree.Unary(operator="!"):
            return operands[0] & {Type.BOOL}
        case tree.Unary():
            return frozenset(NEGATED[each].result for each in operands[0] if each in NEGATED)
        case tree.Function():
            return _of_call(node, operands)
        case tree.Lambda():
            return operands[0]
        case _:
            return LITERALS.get(type(node), ANYTHING)


def _of_call(node: tree.Function, operands: Sequence[Types]) -> Types:
    function = FUNCTIONS.get(node.name)
    if function is None:
        return ANYTHING
    return frozenset(
        signature.result
        for signature in function.signatures
        if len(signature.arguments) == len(operands)
        and all(wanted in have for wanted, have in zip(signature.arguments, operands, strict=True))
    )


def _problem(node: tree.Expression, operands: Sequence[Types]) -> Problem | None:
    match node:
        case tree.Binary():
            return problems.binary(node, *operands)
        case tree.Unary():
            return problems.unary(node, operands[0])
        case tree.Function() if node.name in FUNCTIONS:
            return problems.argument_types(node, FUNCTIONS[node.name], operands)
        case _:
            return None
