"""What is surely true of the points that come to a node: the conditions that they have passed on their way."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tickdiscord.lambdas.walk import postorder
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.default import Default
from tickdiscord.nodes.delete import Delete
from tickdiscord.nodes.derivative import Derivative
from tickdiscord.nodes.eval import Eval
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state_count import StateCount
from tickdiscord.nodes.state_duration import StateDuration
from tickdiscord.nodes.where import Where
from tickdiscord.syntax import tree

TIME = frozenset({"time"})


class Guard(NamedTuple):
    """A condition that points have passed, and the node that asked for it."""

    node: Node
    condition: tree.Lambda


def guards(node: Node) -> Iterator[Guard]:
    """The conditions in front of a node whose fields and tags no node has changed since, the nearest first.

    Behind a node that makes other points of what it gets, nothing is known.
    """
    changed: frozenset[str] = frozenset()
    while len(node.parents) == 1:
        node = node.parents[0]
        more = _changed(node)
        if more is None:
            return
        changed |= more
        for condition in _conditions(node):
            if not changed & _read(condition):
                yield Guard(node, condition)


def _conditions(node: Node) -> tuple[tree.Lambda, ...]:
    match node:
        case Where(condition=condition):
            return (condition,)
        case From(where=where):
            return tuple(condition for (condition,) in where)
        case _:
            return ()


def _read(condition: tree.Lambda) -> frozenset[str]:
    return frozenset(node.name for node, _ in postorder(condition) if isinstance(node, tree.Reference))


def _changed(node: Node) -> frozenset[str] | None:
    """The fields and tags that a node changes or takes away; None if it makes other points of what it gets."""
    for kind, changes in _CHANGES.items():
        if isinstance(node, kind):
            return changes(node)
    return frozenset() if node.kind in _SAME else None


_SAME = frozenset("stream where groupBy window changeDetect sample log barrier httpOut noOp".split())


def _of_from(node: From) -> frozenset[str]:
    return TIME if node.truncate or node.round else frozenset()


def _of_eval(node: Eval) -> frozenset[str] | None:
    # Without `.keep()` all fields are gone, and a condition that reads one fails.
    return frozenset(node.as_) if node.keeps and not node.keep else None


def _of_alert(node: Alert) -> frozenset[str]:
    return frozenset(
        (
            node.level_tag,
            node.level_field,
            node.message_field,
            node.duration_field,
            node.id_tag,
            node.id_field,
        )
    )


_CHANGES: Mapping[type[Node], Callable[[Any], frozenset[str] | None]] = {
    From: _of_from,
    Eval: _of_eval,
    Alert: _of_alert,
    Default: lambda node: frozenset(name for name, _ in (*node.fields, *node.tags)),
    Delete: lambda node: frozenset(name for (name,) in (*node.fields, *node.tags)),
    Derivative: lambda node: frozenset({node.as_ or node.field}),
    StateDuration: lambda node: frozenset({node.as_}),
    StateCount: lambda node: frozenset({node.as_}),
}
