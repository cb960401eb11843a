"""Turns an expression into Python source, for operands of given types.

Every node becomes a piece of Python text. A node whose types do not fit becomes a call that raises its failure, so
that it fails only where evaluation gets to it.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from tickdiscord.lambdas import problems
from tickdiscord.lambdas.failure import EvalError, Failure, Mistake
from tickdiscord.lambdas.int64 import GREATEST, LEAST, divide, divide_floats, modulo, truncated, wrap
from tickdiscord.lambdas.library import Signature, Takes
from tickdiscord.lambdas.operators import ALWAYS_BOOL, INVERTED, NEGATED, OPERATIONS, Level, Operation
from tickdiscord.lambdas.patterns import Regex
from tickdiscord.lambdas.plan import Plan
from tickdiscord.lambdas.text import text_of
from tickdiscord.lambdas.textbytes import rejoined, whole
from tickdiscord.lambdas.types import RESULTS, TIME_REFERENCE, Nanoseconds, Type
from tickdiscord.points.model import Value
from tickdiscord.syntax import tree

DEEPEST_EXPRESSION = 30
"""Python's parser gives up on deep nesting; what is deeper than this becomes a function of its own."""

EXACT_INTS = 2.0**53
"""Below this, every int is a float."""

HELPERS: Mapping[str, Callable[..., object]] = {
    "EvalError": EvalError,
    "Nanoseconds": Nanoseconds,
    "divide": divide,
    "divide_floats": divide_floats,
    "modulo": modulo,
    "rejoined": rejoined,
    "truncated": truncated,
    "whole": whole,
    "wrap": wrap,
}
"""What generated code may call by name."""

Seen = Callable[[int, object], object]
"""Is told a node's number and value, and gives the value back."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What sees values while they are worked out: those of the nodes of these numbers, or else of every step."""

    seen: Seen
    numbers: frozenset[int] | None = None

    @property
    def every(self) -> bool:
        """Whether it is a trace, which wants to see even what is always the same, and what fails."""
        return self.numbers is None

    def wants(self, number: int) -> bool:
        """Whether it sees the node of a number."""
        return self.numbers is None or number in self.numbers


@dataclass(frozen=True, slots=True)
class Piece:
    """The Python of one node.

    `failure` is set where it will fail for certain; then `type` may be None, which makes every node fail that has to
    know the type. `constant` is its value if that is the same for every point, in a tuple. `loose` says that an int may
    lie outside of 64 bits until it is wrapped, `raw` that a string may hold stray bytes, `fails` that it may raise,
    `moves` that evaluating it changes a state or draws a number.
    """

    type: Type | None
    text: str
    level: Level = Level.ATOM
    depth: int = 1
    loose: bool = False
    raw: bool = False
    fails: bool = False
    moves: bool = False
    failure: Failure | None = None
    constant: tuple[Value] | None = None

    @property
    def types(self) -> problems.Types:
        """The type as a set, as the messages want it."""
        return frozenset({self.type} if self.type else ())

    @property
    def total(self) -> bool:
        """Whether it makes no difference if it is evaluated or not."""
        return not self.fails and not self.moves

    def within(self, level: Level) -> str:
        """The text, in parentheses where an operator of this level needs them."""
        return self.text if self.level >= level else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Generated:
    """An expression as Python: the text of the expression, of the functions it calls, and what they refer to."""

    piece: Piece
    functions: tuple[str, ...]
    names: dict[str, object]
    types: tuple[Type | None, ...]
    """The type of every node, by its number."""


def generate(plan: Plan, types: Sequence[Type], probe: Probe | None = None) -> Generated:
    """The Python of a plan for references of these types; the values that the probe wants pass through it."""
    return _Generator(plan, dict(zip(plan.references, types, strict=True)), probe).run()


def parameters(plan: Plan) -> str:
    """The names that generated expressions use for the values of a row and for the state."""
    return ", ".join([*(f"v{index}" for index in range(len(plan.references))), *(["s"] if plan.stateful else [])])


@dataclass(slots=True)
class _Generator:
    plan: Plan
    types: dict[str, Type]
    probe: Probe | None
    names: dict[str, object] = field(default_factory=lambda: dict[str, object](HELPERS))
    functions: list[str] = field(default_factory=list[str])

    def run(self) -> Generated:
        stack: list[Piece] = []
        types: list[Type | None] = []
        self.names["seen"] = self.probe and self.probe.seen
        for number, step in enumerate(self.plan.steps):
            operands = stack[len(stack) - step.arity :]
            del stack[len(stack) - step.arity :]
            piece = self.folded(self.piece(number, step.node, operands), operands)
            stack.append(self.shallow(self.probed(piece, number), number))
            types.append(piece.type)
        return Generated(self.result(stack[-1]), tuple(self.functions), self.names, tuple(types))

    def result(self, piece: Piece) -> Piece:
        """The piece of the root: an int in its range, a string without stray bytes, a type that a field can have."""
        if piece.type is None or piece.failure:
            return piece
        condition = self.plan.condition
        if piece.type not in RESULTS or (condition and piece.type is not Type.BOOL):
            problem = (
                problems.not_bool(self.plan.expression, piece.types, condition)
                if condition and piece.type is not Type.MISSING
                else problems.no_result(self.plan.expression, piece.types)
            )
            return self.failing(len(self.plan.steps) - 1, None, problem.failure(), [piece])
        if piece.raw:
            return _called("whole", piece)
        piece = self.tight(piece, "result")
        return _called("Nanoseconds", piece) if piece.type is Type.DURATION else piece

    def piece(self, number: int, node: tree.Expression, operands: list[Piece]) -> Piece:
        match node:
            case tree.Binary():
                return self.binary(number, node, *operands)
            case tree.Unary():
                return self.unary(number, node, operands[0])
            case tree.Function():
                return self.call(number, node, operands)
            case tree.Lambda():
                return operands[0]
            case tree.Reference():
                return self.reference(node)
            case tree.Regex():
                return Piece(Type.REGEX, self.bind("r", number, Regex(node.pattern)))
            case _:
                return _literal(node)

    @property
    def tracing(self) -> bool:
        return self.probe is not None and self.probe.every

    def folded(self, piece: Piece, operands: Sequence[Piece]) -> Piece:
        """The piece; if its operands are constants, what it comes to. A trace wants to see every step."""
        if self.tracing or not operands or not piece.total or not all(each.constant for each in operands):
            return piece
        value = eval(self.tight(piece, "constant").text, self.names)
        return replace(_constant(piece.type, value), raw=piece.raw)

    def failing(self, number: int, type: Type | None, failure: Failure, operands: Sequence[Piece]) -> Piece:
        """A node that fails as soon as it is evaluated; traces show what its operands are, if they do no harm."""

        def fail(*_: object) -> None:
            self.give_up(number, failure)

        shown = [each.text for each in operands if self.tracing and (each.total or each.failure is failure)]
        text = f"{self.bind('fail', number, fail)}({', '.join(shown)})"
        return Piece(type, text, depth=_deepest(operands) + 1, fails=True, failure=failure)

    def give_up(self, number: int, failure: Failure) -> NoReturn:
        if self.probe and self.probe.every:
            self.probe.seen(number, failure)
        raise EvalError(failure) from None

    def binary(self, number: int, node: tree.Binary, left: Piece, right: Piece) -> Piece:
        operation = OPERATIONS.get((node.operator, left.type, right.type))
        if operation is None:
            failure = _untyped(left, right) or problems.binary(node, left.types, right.types).failure()
            # Kapacitor knows the type of a comparison without looking at its operands.
            known = Type.BOOL if node.operator in ALWAYS_BOOL else None
            return self.failing(number, known, failure, [left, right])
        if not operation.ring:
            left, right = self.tight(left, f"{number}_0"), self.tight(right, f"{number}_1")
        if operation.widened:
            left, right = _widened(left, right), _widened(right, left)
        fails = operation.fails and not (right.constant and right.constant[0])
        code = operation.code
        if fails:
            helper, _, rest = code.partition("(")
            code = f"{self.guarded(number, HELPERS[helper])}({rest}"
        piece = _combined(operation, code, (left, right), fails=fails)
        return _called("rejoined", piece) if piece.raw else piece

    def unary(self, number: int, node: tree.Unary, operand: Piece) -> Piece:
        if node.operator == "!":
            operation, known = INVERTED if operand.type is Type.BOOL else None, Type.BOOL
        elif operand.type is Type.MISSING and isinstance(node.operand, tree.Reference):
            # Kapacitor: its type is still "missing", so `isPresent(-"x")` is false; all else fails on it.
            return operand
        else:
            operation, known = NEGATED.get(operand.type), operand.type
        if operation is None:
            failure = _untyped(operand) or problems.unary(node, operand.types).failure()
            return self.failing(number, known, failure, [operand])
        return _combined(operation, operation.code, (operand,))

    def reference(self, node: tree.Reference) -> Piece:
        type = Type.TIME if node.name == TIME_REFERENCE else self.types[node.name]
        return Piece(type, "None" if type is Type.MISSING else f"v{self.plan.references.index(node.name)}")

    def call(self, number: int, node: tree.Function, operands: list[Piece]) -> Piece:
        function = self.plan.vocabulary.functions[node.name]
        signature = function.resolve(tuple(each.type for each in operands))
        if signature is None:
            wrong = problems.argument_types(node, function, [each.types for each in operands])
            return self.failing(number, None, _untyped(*operands) or wrong.failure(), operands)
        if signature.code == "{0}":
            return replace(operands[0], type=signature.result)
        operands = [self.tight(each, f"{number}_{index}") for index, each in enumerate(operands)]
        total = all(each.total for each in operands)
        if signature.code and total:
            text = signature.code.format(*(each.text for each in operands))
        else:
            texts = [each.text for each in operands]
            if number in self.plan.slots:
                texts.insert(0, f"s[{self.plan.slots[number]}]")
            text = f"{self.behaviour(number, signature, function.takes)}({', '.join(texts)})"
        return Piece(
            signature.result,
            text,
            depth=_deepest(operands) + 2,
            raw=signature.cuts or (signature.result is Type.STRING and any(each.raw for each in operands)),
            fails=signature.fails or any(each.fails for each in operands),
            moves=number in self.plan.slots or function.volatile or any(each.moves for each in operands),
        )

    def behaviour(self, number: int, signature: Signature, takes: Takes) -> str:
        call = signature.behaviour
        if takes is Takes.ENVIRONMENT:
            call = functools.partial(call, self.plan.environment)
        return self.guarded(number, call) if signature.fails else self.bind("f", number, call)

    def guarded(self, number: int, call: Callable[..., object]) -> str:
        """The name of a call that says where it failed."""
        node = self.plan.steps[number].node

        def guard(*given: object) -> object:
            try:
                return call(*given)
            except Mistake as mistake:
                message = f"{mistake.message} in `{text_of(node)}`"
                self.give_up(number, Failure(message, node.span, "eval", mistake.hint))

        return self.bind("g", number, guard)

    def bind(self, kind: str, number: int, value: object) -> str:
        name = f"{kind}{number}"
        self.names[name] = value
        return name

    def tight(self, piece: Piece, label: str) -> Piece:
        """The piece with its int wrapped into 64 bits; `label` keeps the temporary names apart."""
        if not piece.loose:
            return piece
        name = f"t{label}"
        text = f"({name} if {LEAST} <= ({name} := {piece.text}) <= {GREATEST} else wrap({name}))"
        return replace(piece, text=text, level=Level.ATOM, depth=piece.depth + 3, loose=False)

    def probed(self, piece: Piece, number: int) -> Piece:
        if self.probe is None or piece.failure or not self.probe.wants(number):
            return piece
        # What is seen must not be folded into what stands around it.
        return replace(_called("seen", self.tight(piece, f"{number}"), f"{number}, "), constant=None)

    def shallow(self, piece: Piece, number: int) -> Piece:
        """The piece, moved into a function of its own if it is too deep."""
        if piece.depth <= DEEPEST_EXPRESSION:
            return piece
        call = f"part{number}({parameters(self.plan)})"
        self.functions.append(f"def {call}:\n    return {piece.text}\n")
        return replace(piece, text=call, level=Level.ATOM, depth=1)


def _combined(operation: Operation, code: str, operands: tuple[Piece, ...], *, fails: bool = False) -> Piece:
    level = operation.level
    # Behind a left-associative operator an equal one needs parentheses; comparisons need them on both sides.
    inner = Level.ANY if level is Level.ATOM else level
    first = Level(inner + 1) if level is Level.COMPARISON else inner
    chained = level in (Level.AND, Level.OR)
    second = inner if chained or level is Level.ATOM else Level(inner + 1)
    texts = [each.within(first if index == 0 else second) for index, each in enumerate(operands)]
    deeper = [each.depth + (0 if chained and each.level is level else 1) for each in operands]
    return Piece(
        operation.result,
        code.format(*texts),
        level,
        max(deeper) + (1 if level is Level.ATOM else 0),
        loose=operation.ring,
        raw=any(each.raw for each in operands) and operation.result is Type.STRING,
        fails=fails or any(each.fails for each in operands),
        moves=any(each.moves for each in operands),
    )


def _called(name: str, piece: Piece, before: str = "") -> Piece:
    """The piece as the argument of a call, behind other arguments."""
    return replace(piece, text=f"{name}({before}{piece.text})", level=Level.ATOM, depth=piece.depth + 1)


def _deepest(operands: Sequence[Piece]) -> int:
    return max((each.depth for each in operands), default=0)


def _untyped(*operands: Piece) -> Failure | None:
    """Why one of the operands has no type, if so."""
    return next((each.failure for each in operands if each.type is None), None)


def _widened(piece: Piece, other: Piece) -> Piece:
    """An int as a float; Kapacitor compares the two as floats, which loses digits above 2**53."""
    if piece.type is Type.FLOAT:
        return piece
    if piece.constant:
        return _constant(Type.FLOAT, float(piece.constant[0]))
    if other.constant and abs(float(other.constant[0])) < EXACT_INTS:
        # Beside a small constant, Python's exact comparison comes out the same, and it is faster.
        return piece
    return replace(_called("float", piece), type=Type.FLOAT)


def _literal(node: tree.Expression) -> Piece:
    match node:
        case tree.Integer():
            return _constant(Type.INT, node.value)
        case tree.Duration():
            return _constant(Type.DURATION, node.value)
        case tree.Float():
            return _constant(Type.FLOAT, node.value)
        case tree.String():
            return _constant(Type.STRING, node.value)
        case tree.Bool():
            return _constant(Type.BOOL, node.value)
        case _:
            raise AssertionError(f"{type(node).__name__} has passed the check")


def _constant(type: Type | None, value: Value) -> Piece:
    finite = not isinstance(value, float) or math.isfinite(value)
    return Piece(type, repr(value) if finite else f"float('{value}')", constant=(value,))
