"""What is wrong with a lambda whatever the data: unknown names, wrong counts, types that can never fit."""

from collections.abc import Iterable, Sequence
from itertools import product

from tickdiscord import regex
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.lambdas import problems
from tickdiscord.lambdas.operators import ALWAYS_BOOL, NEGATED, OPERATIONS
from tickdiscord.lambdas.patterns import Regex
from tickdiscord.lambdas.problems import ONLY_BOOL, Problem, Types
from tickdiscord.lambdas.types import RESULTS, TIME_REFERENCE, Type
from tickdiscord.lambdas.vocabulary import EVERYWHERE, Vocabulary
from tickdiscord.lambdas.walk import postorder
from tickdiscord.syntax import tree

ANYTHING: Types = frozenset(Type)
"""The types of an operand that is wrong itself: what stands around it is not to blame."""

LITERALS: dict[type, Types] = {
    tree.Integer: frozenset({Type.INT}),
    tree.Float: frozenset({Type.FLOAT}),
    tree.Duration: frozenset({Type.DURATION}),
    tree.String: frozenset({Type.STRING}),
    tree.Bool: ONLY_BOOL,
    tree.Regex: frozenset({Type.REGEX}),
}


def check(
    expression: tree.Expression,
    known: Iterable[str] = (),
    condition: str = "",
    vocabulary: Vocabulary = EVERYWHERE,
) -> list[Diagnostic]:
    """Everything that is wrong with an expression before any point has been seen.

    `known` are the names of the script's variables, to suggest one in place of an undefined name. `condition` says
    whose condition it is, such as `.crit()`, if it has to be a bool. `vocabulary` is what it may use.

    Raises:
        DiagnosticError: the expression is too deep or too large to be looked at.
    """
    types, found = _examine(expression, tuple(known), vocabulary)
    if condition and not found and Type.BOOL not in types:
        found.append(problems.not_bool(expression, types & RESULTS or types, condition))
    return [problem.diagnostic() for problem in found]


def possible_types(expression: tree.Expression) -> Types:
    """The types that an expression may evaluate to, as far as can be told without data."""
    return _examine(expression, (), EVERYWHERE)[0]


def static_type(expression: tree.Expression) -> Type | None:
    """The type of an expression, or None if it depends on the data."""
    types = possible_types(expression) & RESULTS
    return next(iter(types)) if len(types) == 1 else None


def _examine(expression: tree.Expression, known: Sequence[str], vocabulary: Vocabulary) -> tuple[Types, list[Problem]]:
    found: list[Problem] = []
    stack: list[Types] = []
    for node, arity in postorder(expression):
        operands = stack[len(stack) - arity :]
        del stack[len(stack) - arity :]
        outcome = _types_of(node, operands, known, vocabulary)
        if isinstance(outcome, Problem):
            found.append(outcome)
            outcome = ONLY_BOOL if _certainly_bool(node) else ANYTHING
        stack.append(outcome)
    types = stack[-1]
    if not found and not types & RESULTS:
        found.append(problems.no_result(expression, types))
    return types, found


def _certainly_bool(node: tree.Expression) -> bool:
    return (isinstance(node, tree.Binary) and node.operator in ALWAYS_BOOL) or (
        isinstance(node, tree.Unary) and node.operator == "!"
    )


def _types_of(
    node: tree.Expression, operands: Sequence[Types], known: Sequence[str], vocabulary: Vocabulary
) -> Types | Problem:
    match node:
        case tree.Reference():
            return frozenset({Type.TIME}) if node.name == TIME_REFERENCE else vocabulary.references
        case tree.Binary():
            left, right = operands
            return _binary(node, left, right)
        case tree.Unary():
            return _unary(node, operands[0])
        case tree.Function():
            return _call(node, operands, vocabulary)
        case tree.Lambda():
            return operands[0]
        case tree.Identifier():
            return problems.undefined(node, known, vocabulary.functions)
        case tree.Regex():
            return _regex(node)
        case _:
            return LITERALS.get(type(node)) or problems.no_expression(node)


def _binary(node: tree.Binary, left: Types, right: Types) -> Types | Problem:
    operations = (OPERATIONS.get((node.operator, *pair)) for pair in product(left, right))
    return frozenset(each.result for each in operations if each) or problems.binary(node, left, right)


def _unary(node: tree.Unary, operand: Types) -> Types | Problem:
    if node.operator == "!":
        return ONLY_BOOL if Type.BOOL in operand else problems.unary(node, operand)
    results = {NEGATED[each].result for each in operand if each in NEGATED}
    if Type.MISSING in operand and isinstance(node.operand, tree.Reference):
        results.add(Type.MISSING)
    return frozenset(results) or problems.unary(node, operand)


def _call(node: tree.Function, arguments: Sequence[Types], vocabulary: Vocabulary) -> Types | Problem:
    function = vocabulary.functions.get(node.name)
    if function is None:
        return problems.unknown_function(node, vocabulary.functions)
    if len(arguments) not in function.counts:
        return problems.argument_count(node, function)
    results = frozenset(
        signature.result
        for signature in function.signatures
        if len(signature.arguments) == len(arguments)
        and all(wanted in have for wanted, have in zip(signature.arguments, arguments, strict=True))
    )
    return results or problems.argument_types(node, function, arguments)


def _regex(node: tree.Regex) -> Types | Problem:
    try:
        Regex(node.pattern)
    except regex.RegexError as reason:
        return Problem(problems.BAD_REGEX, f"not a regex: {reason}", node.span, "the syntax is that of RE2")
    return LITERALS[tree.Regex]
