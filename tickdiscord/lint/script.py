"""What a rule looks at: a script's pipeline and tree, with what is known of the points at each of its nodes."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from tickdiscord.diagnostics import Source
from tickdiscord.handlers.discord import Discord
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.lint.outside import Outside
from tickdiscord.lint.regions import Region, region
from tickdiscord.lint.shapes import Shape, after_lambda, shapes
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.eval import Eval
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.stats import Stats
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.properties import properties_of
from tickdiscord.syntax import tree


class Formula(NamedTuple):
    """A lambda, the node that has it, and what it can read."""

    node: Node
    expression: tree.Expression
    shape: Shape


class Script:
    """A script as the rules see it. `pipelines` are all that were loaded with it, itself among them."""

    def __init__(self, pipeline: Pipeline, workspaces: Workspaces, pipelines: Sequence[Pipeline]) -> None:
        self.pipeline = pipeline
        self.workspaces = workspaces
        self.pipelines = pipelines

    @property
    def source(self) -> Source:
        return self.pipeline.source

    @property
    def program(self) -> tree.Program:
        """The script's tree."""
        return self.pipeline.program

    @functools.cached_property
    def shapes(self) -> Mapping[Node, Shape]:
        """What is known of the points that each node gives."""
        return shapes(self.pipeline, self.outside)

    @functools.cached_property
    def outside(self) -> Outside:
        """The vars whose values do not stand in the script."""
        return Outside(self.program, self.source)

    def region(self, expression: tree.Expression) -> Region | None:
        """Where a condition is true, as far as intervals tell."""
        return region(self.outside.restored(expression))

    def shape_at(self, node: Node) -> Shape:
        """What is known of the points that a node gets."""
        return self.shapes[node.parents[0]] if node.parents else Shape()

    @functools.cached_property
    def formulas(self) -> Sequence[Formula]:
        """All lambdas of all nodes."""
        return [each for node in self.pipeline.nodes for each in self._formulas_of(node)]

    @property
    def alerts(self) -> Iterator[Alert]:
        """The alerts, deadmen among them."""
        return (node for node in self.pipeline.nodes if isinstance(node, Alert))

    def _formulas_of(self, node: Node) -> Iterator[Formula]:
        shape = self.shape_at(node)
        if isinstance(node, Eval):
            for name, each in zip(node.as_, node.lambdas, strict=False):
                yield Formula(node, each.expression, shape)
                shape = after_lambda(shape, name, each.expression)
            return
        for declared in properties_of(type(node)).values():
            for each in _lambdas_in(getattr(node, declared.attribute)):
                yield Formula(node, each.expression, shape)


def _lambdas_in(value: Any) -> Iterator[tree.Lambda]:
    if isinstance(value, tree.Lambda):
        yield value
    elif isinstance(value, tuple):
        for each in cast("tuple[Any, ...]", value):
            yield from _lambdas_in(each)


def is_deadman(alert: Alert) -> bool:
    """Whether the alert is the last of the nodes that a `|deadman()` stands for."""
    return watched(alert) is not None


def watched(alert: Alert) -> Node | None:
    """The node that a deadman watches; None if the alert is none."""
    rate = alert.parents[0]
    stats = rate.parents[0] if rate.parents else None
    if isinstance(stats, Stats) and stats.span == rate.span == alert.span:
        return stats.parents[0]
    return None


def posts(alert: Alert) -> bool:
    """Whether the alert has a Discord handler."""
    return any(isinstance(handler, Discord) for handler in alert.handlers)


def ancestors(node: Node) -> list[Node]:
    """The nodes that a node stands behind, near and far, the nearest first."""
    found: dict[Node, None] = {}
    pending = list(node.parents)
    while pending:
        each = pending.pop(0)
        if each not in found:
            found[each] = None
            pending += each.parents
    return list(found)
