"""What a rule compares points with, and for how long: the values at which it may behave otherwise."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from tickdiscord.alert.match import with_constants
from tickdiscord.lambdas.walk import postorder
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.stats import Stats
from tickdiscord.points.model import Value
from tickdiscord.properties import DURATION, Property, properties_of
from tickdiscord.syntax import tree
from tickdiscord.testing.rules.loading import Loaded

MINUTE = 60_000_000_000


@dataclass(slots=True)
class Constants:
    """`numbers` and `texts` by the name that they are compared with, empty for no name; `durations` in ns."""

    numbers: dict[str, set[float]] = field(default_factory=dict[str, set[float]])
    texts: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    durations: set[int] = field(default_factory=set[int])
    counts: set[int] = field(default_factory=set[int])
    """Whole numbers that nodes are given: points of a window, levels of a history."""
    waits: bool = False
    """Whether something may happen though no point comes."""

    def all_numbers(self) -> set[float]:
        """All numbers, whatever they are compared with."""
        return {number for found in self.numbers.values() for number in found}


def constants_of(loaded: Loaded) -> Constants:
    """The constants of some rules, with the values of their vars in their places, and of their handlers' matches."""
    found = Constants()
    for subscription in loaded.handlers.subscriptions:
        if subscription.condition is not None:
            _of_lambda(with_constants(subscription.condition.expression), found)
    for pipeline in loaded.pipelines:
        for node in pipeline.nodes:
            found.waits = found.waits or isinstance(node, Stats) or node.kind == "barrier"
            for declared in properties_of(type(node)).values():
                _of_property(node, declared, found)
    return found


def _of_property(node: Node, declared: Property, found: Constants) -> None:
    value: Any = getattr(node, declared.attribute)
    types = (*declared.required, *declared.optional)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        if DURATION in types:
            found.durations.add(value)
        elif value != declared.default:
            found.counts.add(value)
    for expression in _lambdas(value):
        _of_lambda(expression, found)


def _lambdas(value: Any) -> Iterator[tree.Expression]:
    if isinstance(value, tree.Lambda):
        yield value.expression
    elif isinstance(value, tuple):
        for each in cast("tuple[Any, ...]", value):
            yield from _lambdas(each)


def _of_lambda(expression: tree.Expression, found: Constants) -> None:
    for node, _ in postorder(expression):
        if isinstance(node, tree.Duration) and node.value > 0:
            found.durations.add(node.value)
        if not isinstance(node, tree.Binary) or tree.PRECEDENCE[node.operator] not in (2, 3):
            continue
        names = _names((node.left, node.right))
        for side in (node.left, node.right):
            literal = constant_of(side)
            if isinstance(literal, str):
                for name in names:
                    found.texts.setdefault(name, set()).add(literal)
            elif literal is not None and not isinstance(literal, bool):
                for name in names or [""]:
                    found.numbers.setdefault(name, set()).add(float(literal))


def _names(expressions: Iterable[tree.Expression]) -> Sequence[str]:
    return [node.name for each in expressions for node, _ in postorder(each) if isinstance(node, tree.Reference)]


def constant_of(expression: tree.Expression) -> Value | None:
    """The value of a literal, with its sign; None for anything else."""
    match expression:
        case tree.Integer(value=value) | tree.Float(value=value) | tree.String(value=value) | tree.Bool(value=value):
            return value
        case tree.Unary(operator="-", operand=tree.Integer(value=number) | tree.Float(value=number)):
            return -number
        case tree.Lambda(expression=inner):
            return constant_of(inner)
        case _:
            return None
