"""The decisions within a lambda, and which of its operands decided them.

This is masking MC/DC with short circuits: an operand of AND and OR counts where its value is why the whole is true or
false. Of `a AND b` being false that is the first operand that is false; being true, both.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tickdiscord.lambdas.plan import Plan
from tickdiscord.lambdas.vocabulary import Vocabulary
from tickdiscord.syntax import tree

MOST_REMEMBERED = 4096
"""Outcomes that were looked at are not looked at again, up to this number."""

Ways = frozenset[tuple[int, bool]]
"""Operands by their numbers, each with the value by which it decided."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An expression that is true or false, known by the number of its node in the plan.

    `operands` are what AND, OR and NOT join in it, `constant` those among them that are always the same.
    """

    root: int
    joints: tuple[tuple[str, int, Sequence[int]], ...]
    """How its value comes about, from the operands up: the operator, its node, and what it joins."""
    operands: tuple[int, ...]
    constant: frozenset[int]

    @property
    def joined(self) -> bool:
        """Whether more than one operand has a say in it."""
        return len(self.operands) > 1


def decisions(plan: Plan, *, condition: bool) -> Iterator[Decision]:
    """The decisions of a lambda: itself, if it is a condition, and those within it, such as the first argument of `if`.

    A condition that comes to the same whatever the point is none.
    """
    children = _children(plan)
    constant = _constant(plan, children)
    last = len(plan.steps) - 1
    pending = [(last, condition or _is_logic(plan, children, last))]
    while pending:
        number, decides = pending.pop()
        inner: Sequence[int] = (number,)
        if decides and number not in constant:
            decision = _decision(plan, children, constant, number)
            yield decision
            inner = decision.operands
        for each in inner:
            node = plan.steps[each].node
            asks = isinstance(node, tree.Function) and node.name == "if"
            for position, child in enumerate(children[each]):
                pending.append((child, (asks and not position) or _is_logic(plan, children, child)))


def _decision(plan: Plan, children: Sequence[Sequence[int]], constant: frozenset[int], root: int) -> Decision:
    joints: list[tuple[str, int, Sequence[int]]] = []
    operands: list[int] = []
    pending = [root]
    while pending:
        number = pending.pop()
        operator = _logic(plan.steps[number].node)
        if operator:
            joints.append((operator, number, children[number]))
            pending += children[number]
        else:
            operands.append(number)
    operands.sort()
    return Decision(root, tuple(reversed(joints)), tuple(operands), constant.intersection(operands))


def _logic(node: tree.Expression) -> str:
    match node:
        case tree.Binary(operator="AND" | "OR" as operator):
            return operator
        case tree.Unary(operator="!"):
            return "NOT"
        case tree.Lambda():
            return "SAME"
        case _:
            return ""


def _is_logic(plan: Plan, children: Sequence[Sequence[int]], number: int) -> bool:
    """Whether a node is AND, OR or NOT, perhaps within a lambda that a var holds."""
    while _logic(plan.steps[number].node) == "SAME":
        (number,) = children[number]
    return bool(_logic(plan.steps[number].node))


def _children(plan: Plan) -> list[Sequence[int]]:
    stack: list[int] = []
    found: list[Sequence[int]] = []
    for number, step in enumerate(plan.steps):
        found.append(stack[len(stack) - step.arity :])
        del stack[len(stack) - step.arity :]
        stack.append(number)
    return found


def _constant(plan: Plan, children: Sequence[Sequence[int]]) -> frozenset[int]:
    """The nodes that come to the same for every point."""
    found: set[int] = set()
    for number, step in enumerate(plan.steps):
        if not _varies(step.node, plan.vocabulary) and found.issuperset(children[number]):
            found.add(number)
    return frozenset(found)


def _varies(node: tree.Expression, vocabulary: Vocabulary) -> bool:
    match node:
        case tree.Reference():
            return True
        case tree.Function(name=name):
            function = vocabulary.functions[name]
            return function.volatile or function.initial is not None
        case _:
            return False


class Deciding:
    """A decision at work: is told the values of its operands and, last, what they came to."""

    def __init__(self, decision: Decision, told: Callable[[bool, Ways], None]) -> None:
        self._decision = decision
        self._told = told
        self._slots = {number: index for index, number in enumerate(decision.operands)}
        self._empty: list[object] = [None] * len(decision.operands)
        self._values = list(self._empty)
        self._known: set[tuple[object, ...]] = set()

    @property
    def numbers(self) -> frozenset[int]:
        """The nodes whose values it wants."""
        return frozenset({*self._decision.operands, self._decision.root})

    def see(self, number: int, value: object) -> None:
        """The value of one of the nodes."""
        slot = self._slots.get(number)
        if slot is not None:
            self._values[slot] = value
        if number == self._decision.root and isinstance(value, bool):
            self._decide(value)

    def _decide(self, value: bool) -> None:
        key = tuple(self._values)
        self._values = list(self._empty)
        if key in self._known:
            return
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known.add(key)
        self._told(value, self._responsible(key) if self._decision.joined else frozenset())

    def _responsible(self, seen: Sequence[object]) -> Ways:
        """The operands that decided. What a short circuit left out has no value, and is never looked at."""
        values = dict(zip(self._decision.operands, seen, strict=True))
        reasons: dict[int, Sequence[int]] = {}
        for operator, number, joined in self._decision.joints:
            values[number], reasons[number] = _joined(operator, joined, values)
        found: set[tuple[int, bool]] = set()
        pending = [self._decision.root]
        while pending:
            number = pending.pop()
            if number in reasons:
                pending += reasons[number]
            else:
                found.add((number, values[number] is True))
        return frozenset(found)


def _joined(operator: str, joined: Sequence[int], values: Mapping[int, object]) -> tuple[object, Sequence[int]]:
    """What an operator makes of its operands, and which of them are why."""
    if operator == "NOT":
        return not values[joined[0]], joined
    if operator == "SAME":
        return values[joined[0]], joined
    at_once = operator == "OR"
    for number in joined:
        if values[number] is at_once:
            return at_once, (number,)
    return not at_once, joined
