"""What is wrong with the types of an expression, in words, and what to write instead.

The same words serve the check when a script is loaded, which knows what types an operand may have, and the failure at
a point, which knows the one it has.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tickdiscord import gotext
from tickdiscord.diagnostics import Diagnostic, Span, did_you_mean
from tickdiscord.lambdas.failure import Failure
from tickdiscord.lambdas.library import Function
from tickdiscord.lambdas.operators import EQUALITIES, ORDERINGS
from tickdiscord.lambdas.text import text_of
from tickdiscord.lambdas.types import Type, article
from tickdiscord.syntax import tree

UNKNOWN_FUNCTION = "TD201"
ARGUMENT_COUNT = "TD202"
ARGUMENT_TYPES = "TD203"
OPERAND_TYPES = "TD204"
OPERAND_TYPE = "TD205"
UNDEFINED_VARIABLE = "TD206"
NO_EXPRESSION = "TD207"
RESULT_TYPE = "TD208"
NOT_BOOL = "TD209"
BAD_REGEX = "TD210"

AGGREGATES = frozenset("mean median mode stddev distinct percentile first last difference derivative elapsed".split())
"""Functions of InfluxQL, which are looked for here and are nodes."""

Types = frozenset[Type]
"""The types that an operand may have; just one when a point is at hand."""

ONLY_BOOL = frozenset({Type.BOOL})
ONLY_INT = frozenset({Type.INT})
ONLY_FLOAT = frozenset({Type.FLOAT})
ONLY_STRING = frozenset({Type.STRING})
ONLY_DURATION = frozenset({Type.DURATION})
ONLY_REGEX = frozenset({Type.REGEX})
ONLY_TIME = frozenset({Type.TIME})
ONLY_MISSING = frozenset({Type.MISSING})
NUMBERS = (ONLY_INT, ONLY_FLOAT)


@dataclass(frozen=True, slots=True)
class Problem:
    """A type error: a diagnostic when a script is loaded, a failure when a point meets it."""

    code: str
    message: str
    span: Span
    hint: str = ""
    of_data: bool = False
    """Whether the point is to blame, not its types."""

    def diagnostic(self) -> Diagnostic:
        return Diagnostic(self.code, self.message, self.span, self.hint)

    def failure(self) -> Failure:
        return Failure(self.message, self.span, "eval" if self.of_data else "type", self.hint)


@dataclass(frozen=True, slots=True)
class Operand:
    """An operand as the messages speak of it."""

    node: tree.Expression
    types: Types

    @property
    def text(self) -> str:
        return text_of(self.node)

    @property
    def kind(self) -> str:
        """`an int`; `a field or tag`, or `a value`, while it may be this or that."""
        if len(self.types) == 1:
            return article(next(iter(self.types)).value)
        return "a field or tag" if isinstance(self.node, tree.Reference) else "a value"

    @property
    def shown(self) -> str:
        return f"{self.kind} (`{self.text}`)"


def binary(node: tree.Binary, left_types: Types, right_types: Types) -> Problem:
    """An operator on operands that it does not take."""
    left, right = Operand(node.left, left_types), Operand(node.right, right_types)
    for operand in (left, right):
        if operand.types == ONLY_MISSING:
            return missing(operand.node)
    if node.operator in ("AND", "OR"):
        message = _not_bools(node.operator, left, right)
    else:
        message = f"`{node.operator}` does not take {left.shown} and {right.shown}"
    hints = (hint(node.operator, left, right) for hint in _HINTS.get(node.operator, _HINTS_ON_VALUES))
    return Problem(OPERAND_TYPES, message, node.span, next((hint for hint in hints if hint), ""))


def unary(node: tree.Unary, types: Types) -> Problem:
    """`!` on what is no bool, or `-` on what is no number."""
    operand = Operand(node.operand, types)
    if types == ONLY_MISSING:
        return missing(node.operand)
    wanted = "a bool" if node.operator == "!" else "a number or a duration"
    hint = "compare it with something: `==`, `>`, `=~`" if node.operator == "!" else _conversion(operand)
    return Problem(OPERAND_TYPE, f"`{node.operator}` wants {wanted}, not {operand.shown}", node.span, hint)


def missing(node: tree.Expression) -> Problem:
    """An operand that the point lacks."""
    while isinstance(node, tree.Unary):
        node = node.operand
    shown = text_of(node)
    return Problem(
        OPERAND_TYPES,
        f"no field or tag {shown} in this point",
        node.span,
        f"where it may be missing: `isPresent({shown}) AND …`",
        of_data=True,
    )


def conflict(node: tree.Reference) -> Failure:
    """A reference that could mean two things."""
    return Failure(
        f"{text_of(node)} is both a field and a tag of this point",
        node.span,
        hint="rename one of them where the data comes from, or drop the tag with |delete()",
    )


def unknown_function(node: tree.Function, known: Iterable[str]) -> Problem:
    """A call of a function that is not among those that are known."""
    hint = f"`|{node.name}('field')` is a node" if node.name in AGGREGATES else did_you_mean(node.name, known)
    return Problem(UNKNOWN_FUNCTION, f"there is no function `{node.name}`", _name_span(node), hint)


def argument_count(node: tree.Function, function: Function) -> Problem:
    """A call with too many or too few arguments."""
    wanted = _alternatives([str(count) for count in function.counts])
    plural = "" if function.counts == (1,) else "s"
    message = f"`{node.name}()` takes {wanted} argument{plural}, not {len(node.args)}"
    return Problem(ARGUMENT_COUNT, message, node.span, _usage(function))


def argument_types(node: tree.Function, function: Function, types: Sequence[Types]) -> Problem:
    """A call with arguments that no signature fits."""
    arguments = [Operand(*each) for each in zip(node.args, types, strict=True)]
    lacking = next((each for each in arguments if each.types == ONLY_MISSING), None)
    if lacking is not None:
        return missing(lacking.node)
    shown = arguments[0].shown if len(arguments) == 1 else _listed([each.kind for each in arguments])
    return Problem(
        ARGUMENT_TYPES, f"`{node.name}()` does not take {shown}", node.span, _converted_call(node, function, arguments)
    )


def undefined(node: tree.Identifier, known: Iterable[str], functions: Mapping[str, Function]) -> Problem:
    """An identifier that is no variable."""
    spelling = {"true": "TRUE", "false": "FALSE", "and": "AND", "or": "OR", "not": "!"}.get(node.name.lower())
    if spelling:
        hint = f"write `{spelling}`"
    elif node.name in functions:
        hint = f"`{node.name}` is a function: write `{node.name}({', '.join(functions[node.name].parameters)})`"
    else:
        hint = did_you_mean(node.name, known) or f'a field or tag stands in double quotes: "{node.name}"'
    return Problem(UNDEFINED_VARIABLE, f"undefined variable `{node.name}`", node.span, hint)


def no_expression(node: tree.Expression) -> Problem:
    """A list, a star or a chain, which have no value."""
    what = "`*`" if isinstance(node, tree.Star) else "a list" if isinstance(node, tree.List) else "a chain of nodes"
    return Problem(NO_EXPRESSION, f"{what} cannot stand in a lambda", node.span)


def no_result(node: tree.Expression, types: Types) -> Problem:
    """A whole lambda of a type that no field can have."""
    operand = Operand(node, types)
    hints = {ONLY_TIME: f"write `unixNano({operand.text})`", ONLY_REGEX: f'match something: `"name" =~ {operand.text}`'}
    if types == ONLY_MISSING:
        return missing(node)
    return Problem(RESULT_TYPE, f"a lambda cannot give {operand.kind}", node.span, hints.get(types, ""))


def not_bool(node: tree.Expression, types: Types, what: str) -> Problem:
    """A lambda that should be a condition."""
    operand = Operand(node, types)
    kind = _alternatives(sorted(each.value for each in types))
    hint = f"compare it with something: `{operand.text} > 0`" if types in NUMBERS else ""
    return Problem(NOT_BOOL, f"{what} wants a bool; `{operand.text}` is {article(kind)}", node.span, hint)


def _not_bools(operator: str, left: Operand, right: Operand) -> str:
    wrong = left if Type.BOOL not in left.types else right
    return f"`{operator}` wants a bool on both sides, not {wrong.shown}"


def _name_span(node: tree.Function) -> Span:
    return node.name_span if node.name_span.end else node.span


def _usage(function: Function) -> str:
    return "it takes " + _alternatives([f"`{usage}`" for usage in function.usage])


def _alternatives(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _conversion(operand: Operand) -> str:
    return f"write `float({operand.text})`" if operand.types == ONLY_STRING else ""


def _as(wanted: Types, operand: Operand) -> str:
    """How to write the operand as a value of another type; nothing if there is no way."""
    if wanted <= operand.types:
        return operand.text
    match operand.node:
        case tree.Integer() if wanted == ONLY_FLOAT:
            return f"{operand.node.value}.0"
        case tree.Integer() if wanted == ONLY_DURATION:
            return f"{operand.node.value}s"
        case tree.String() if wanted in NUMBERS:
            return _number_in(operand.node, wanted)
        case _ if wanted == ONLY_DURATION and operand.types in NUMBERS:
            return f"duration({operand.text}, 1s)"
        case _ if wanted in NUMBERS and operand.types in (ONLY_INT, ONLY_FLOAT, ONLY_STRING, ONLY_BOOL):
            return f"{'int' if wanted == ONLY_INT else 'float'}({operand.text})"
        case _ if wanted in NUMBERS and operand.types == ONLY_DURATION:
            seconds = f"{operand.text} / 1s"
            return seconds if wanted == ONLY_INT else f"float({seconds})"
        case _ if wanted == ONLY_STRING and operand.types in (*NUMBERS, ONLY_BOOL, ONLY_DURATION):
            return f"string({operand.text})"
        case _:
            return ""


def _number_in(node: tree.String, wanted: Types) -> str:
    """The number that somebody put into quotes."""
    try:
        number = gotext.parse_float(node.value)
    except ValueError:
        return ""
    whole = number == number and abs(number) < 1e15 and number == int(number)
    if wanted == ONLY_INT:
        return str(int(number)) if whole else ""
    return f"{int(number)}.0" if whole else gotext.format_float(number, "f")


def _rewritten(operator: str, left: str, right: str) -> str:
    return f"write `{left} {operator} {right}`" if left and right else ""


def _hint_regex(operator: str, left: Operand, right: Operand) -> str:
    if left.types == ONLY_REGEX:
        return f"the regex stands on the right: write `{right.text} {operator} {left.text}`"
    if isinstance(right.node, tree.String):
        return f"a regex stands between slashes: write `{left.text} {operator} /{right.node.value}/`"
    return _rewritten(operator, _as(ONLY_STRING, left), right.text) if right.types == ONLY_REGEX else ""


def _hint_match(operator: str, left: Operand, right: Operand) -> str:
    if operator in EQUALITIES and right.types == ONLY_REGEX:
        return f"match with `{'=~' if operator == '==' else '!~'}`"
    return ""


def _hint_time(operator: str, left: Operand, right: Operand) -> str:
    if ONLY_TIME in (left.types, right.types):
        return 'read the time with a function: `hour("time")`, `unixNano("time")`'
    return ""


def _hint_condition(operator: str, left: Operand, right: Operand) -> str:
    wrong = left if Type.BOOL not in left.types else right
    if wrong.types == ONLY_STRING and isinstance(wrong.node, tree.Reference):
        return f"write `bool({wrong.text})` if it holds `true` or `false`"
    return f"compare it with something: `{wrong.text} > 0`" if wrong.types in NUMBERS else ""


def _hint_field_in_single_quotes(operator: str, left: Operand, right: Operand) -> str:
    for operand, other in ((left, right), (right, left)):
        node = operand.node
        if isinstance(node, tree.String) and other.types in NUMBERS and not _number_in(node, ONLY_FLOAT):
            return f'a field or tag stands in double quotes: "{node.value}"'
    return ""


def _hint_number(operator: str, left: Operand, right: Operand) -> str:
    """Numbers beside strings, and floats beside ints."""
    if operator == "%":
        return "`%` is for ints; floats have `mod(x, y)`" if ONLY_FLOAT in (left.types, right.types) else ""
    if operator == "+" and ONLY_STRING in (left.types, right.types):
        return _rewritten(operator, _as(ONLY_STRING, left), _as(ONLY_STRING, right))
    numbers = [each.types for each in (left, right) if each.types in NUMBERS]
    if not numbers:
        return ""
    wanted = ONLY_FLOAT if ONLY_FLOAT in numbers else ONLY_INT
    return _rewritten(operator, _as(wanted, left), _as(wanted, right))


def _hint_duration(operator: str, left: Operand, right: Operand) -> str:
    if ONLY_DURATION in (left.types, right.types) and operator not in ("/", "%", "*"):
        return _rewritten(operator, _as(ONLY_DURATION, left), _as(ONLY_DURATION, right))
    return ""


def _hint_bool(operator: str, left: Operand, right: Operand) -> str:
    if operator in ORDERINGS and left.types == right.types == ONLY_BOOL:
        return "bools have no order: join conditions with AND and OR, compare them with `==`"
    return ""


Hint = Callable[[str, Operand, Operand], str]

_HINTS_ON_VALUES: tuple[Hint, ...] = (
    _hint_time,
    _hint_match,
    _hint_field_in_single_quotes,
    _hint_duration,
    _hint_number,
    _hint_bool,
)
_HINTS: dict[str, tuple[Hint, ...]] = {
    **dict.fromkeys(("AND", "OR"), (_hint_condition,)),
    **dict.fromkeys(("=~", "!~"), (_hint_time, _hint_regex)),
}
"""By operator, tried in this order; the first that has something to say is shown."""


def _converted_call(node: tree.Function, function: Function, arguments: Sequence[Operand]) -> str:
    """The call with its arguments converted, if that is all it takes; else how the function is called."""
    for signature in function.signatures:
        if len(signature.arguments) == len(arguments):
            texts = [
                _as(frozenset({wanted}), each) for wanted, each in zip(signature.arguments, arguments, strict=True)
            ]
            if all(texts):
                return f"write `{node.name}({', '.join(texts)})`"
    return _usage(function)
