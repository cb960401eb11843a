"""What is known of the points on an edge before there are any: their fields, tags and groups, as far as nodes tell."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tickdiscord.lambdas import Type
from tickdiscord.lint.outside import OWN, Outside
from tickdiscord.lint.types import Types, types_of
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.default import Default
from tickdiscord.nodes.delete import Delete
from tickdiscord.nodes.derivative import Derivative
from tickdiscord.nodes.eval import Eval
from tickdiscord.nodes.flatten import Flatten
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.group_by import GroupBy
from tickdiscord.nodes.grouping import Grouping
from tickdiscord.nodes.influxql.aggregates import AggregateNode
from tickdiscord.nodes.influxql.function import Function
from tickdiscord.nodes.influxql.lists import Distinct
from tickdiscord.nodes.influxql.selectors import Percentile, SelectorNode
from tickdiscord.nodes.join import Join
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state_count import StateCount
from tickdiscord.nodes.state_duration import StateDuration
from tickdiscord.nodes.stats import Stats
from tickdiscord.nodes.union import Union
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.syntax import tree

INT: Types = frozenset({Type.INT})
FLOAT: Types = frozenset({Type.FLOAT})
NUMBER: Types = INT | FLOAT
STRING: Types = frozenset({Type.STRING})
ANY: Types = frozenset({Type.BOOL, Type.INT, Type.FLOAT, Type.STRING, Type.DURATION})
OF_VALUE: Mapping[type, Types] = {bool: frozenset({Type.BOOL}), int: INT, float: FLOAT, str: STRING}


@dataclass(frozen=True, slots=True)
class Shape:
    """What points have. `closed` says that they have no fields but `fields`; `gone` they had once.

    `tags` is None where there may be any, `group` where the tags that make the groups are not known.
    """

    fields: Mapping[str, Types] = field(default_factory=dict[str, Types])
    closed: bool = False
    gone: frozenset[str] = frozenset()
    tags: frozenset[str] | None = None
    group: frozenset[str] | None = frozenset()
    by_name: bool = False

    def has_field(self, name: str) -> bool:
        """Whether there may be a field of this name."""
        return name in self.fields or not (self.closed or name in self.gone)

    def has_tag(self, name: str) -> bool:
        """Whether there may be a tag of this name."""
        return self.tags is None or name in self.tags

    def types(self, name: str) -> Types | None:
        """The types that a reference may have, None where nothing is known of it."""
        return self.fields.get(name)

    def plus(self, more: Mapping[str, Types], tags: frozenset[str] = frozenset()) -> "Shape":
        """With more fields and tags."""
        return dataclasses.replace(
            self,
            fields={**self.fields, **more},
            gone=self.gone - more.keys(),
            tags=None if self.tags is None else self.tags | tags,
        )

    def only(self, fields: Mapping[str, Types]) -> "Shape":
        """With these fields and no others, and the tags of the group."""
        return dataclasses.replace(self, fields=fields, closed=True, gone=frozenset(), tags=self.group)


UNKNOWN = Shape(group=None)


def shapes(pipeline: Pipeline, outside: Outside) -> Mapping[Node, Shape]:
    """What is known of the points that each node gives; nothing, where its own arguments come from outside."""
    known: dict[Node, Shape] = {}
    for node in pipeline.nodes:
        parents = [known.get(parent, UNKNOWN) for parent in node.parents]
        known[node] = _given(node, parents) if parents else Shape()
        if outside.properties(node.span) & _TELLING:
            known[node] = UNKNOWN
    return known


_TELLING = frozenset({OWN, "groupBy", "as", "keep", "tags", "field", "tag", "exclude", "on", "delimiter"})
"""The properties whose values say what points have."""


def after_lambda(shape: Shape, name: str, expression: tree.Expression) -> Shape:
    """What the lambdas of an `|eval()` can read behind one of them."""
    return shape.plus({name: types_of(expression, shape.types)})


def _given(node: Node, parents: list[Shape]) -> Shape:
    for kind, rule in _RULES.items():
        if isinstance(node, kind):
            return rule(node, parents[0])
    if isinstance(node, Join):
        return _joined(node, parents)
    if isinstance(node, Union):
        return _united(parents)
    return parents[0] if node.kind in _SAME else UNKNOWN


_SAME = frozenset(
    "where window changeDetect sample shift log barrier httpOut httpPost noOp".split()  # what comes in goes out
)


def _grouped(shape: Shape, grouping: Grouping) -> Shape:
    group = None if "*" in grouping.tags else frozenset(grouping.tags)
    return dataclasses.replace(shape, group=group, by_name=grouping.by_name)


def _from(node: From, shape: Shape) -> Shape:
    return _grouped(shape, node.grouping)


def _group_by(node: GroupBy, shape: Shape) -> Shape:
    found = _grouped(shape, node.grouping)
    return dataclasses.replace(found, by_name=shape.by_name or found.by_name)


def _eval(node: Eval, shape: Shape) -> Shape:
    seen = shape
    for name, each in zip(node.as_, node.lambdas, strict=False):
        seen = after_lambda(seen, name, each.expression)
    tags = frozenset(node.tags)
    if node.keeps and not node.keep:
        return seen.plus({}, tags)
    names = node.keep if node.keeps else tuple(name for name in node.as_ if name not in tags)
    kept = {name: seen.fields.get(name, ANY) for name in names}
    return dataclasses.replace(seen.plus({}, tags), fields=kept, closed=True, gone=frozenset())


_OF_AGGREGATE = {"count": INT, "mean": FLOAT, "median": FLOAT, "stddev": FLOAT}


def _aggregate(node: AggregateNode, shape: Shape) -> Shape:
    operand: object = getattr(node, "field", "")
    types = _OF_AGGREGATE.get(node.kind) or shape.fields.get(str(operand), ANY if node.kind == "mode" else NUMBER)
    return shape.only({node.result: types})


def _selector(node: Function, shape: Shape) -> Shape:
    """Kapacitor: a selector hands the chosen point on, with the field renamed."""
    name = str(getattr(node, "field", ""))
    fields = {each: types for each, types in shape.fields.items() if each != name}
    fields[node.result] = shape.fields.get(name, ANY)
    gone = shape.gone | {name} if name != node.result else shape.gone
    return dataclasses.replace(shape, fields=fields, gone=gone - {node.result})


def _distinct(node: Distinct, shape: Shape) -> Shape:
    return shape.only({node.result: ANY})


def _alert(node: Alert, shape: Shape) -> Shape:
    fields = dict.fromkeys(filter(None, (node.level_field, node.message_field, node.id_field)), STRING)
    if node.duration_field:
        fields[node.duration_field] = INT
    return shape.plus(fields, frozenset(filter(None, (node.level_tag, node.id_tag))))


def _default(node: Default, shape: Shape) -> Shape:
    # Points that have the field keep it, of whatever type it is.
    fields = {name: shape.fields.get(name, ANY) | OF_VALUE[type(value)] for name, value in node.fields}
    return shape.plus(fields, frozenset(name for name, _ in node.tags))


def _delete(node: Delete, shape: Shape) -> Shape:
    fields = frozenset(name for (name,) in node.fields)
    tags = frozenset(name for (name,) in node.tags)
    return dataclasses.replace(
        shape,
        fields={name: types for name, types in shape.fields.items() if name not in fields},
        gone=shape.gone | fields,
        tags=None if shape.tags is None else shape.tags - tags,
        group=None if shape.group is None else shape.group - tags,
    )


def _flatten(node: Flatten, shape: Shape) -> Shape:
    return Shape(tags=shape.group, group=shape.group, by_name=shape.by_name)


Given = Callable[[Any, Shape], Shape]

_RULES: Mapping[type[Node], Given] = {
    From: _from,
    GroupBy: _group_by,
    Eval: _eval,
    AggregateNode: _aggregate,
    SelectorNode: _selector,
    Percentile: _selector,
    Distinct: _distinct,
    Alert: _alert,
    Default: _default,
    Delete: _delete,
    Flatten: _flatten,
    Derivative: lambda node, shape: shape.plus({cast("str", node.as_ or node.field): FLOAT}),
    StateDuration: lambda node, shape: shape.plus({cast("str", node.as_): FLOAT}),
    StateCount: lambda node, shape: shape.plus({cast("str", node.as_): INT}),
    Stats: lambda _, shape: shape.only({"emitted": INT}),
}


def _joined(node: Join, parents: list[Shape]) -> Shape:
    """Kapacitor: what is joined has the tags of its group only, and each field its prefix."""
    fields = {
        f"{prefix}{node.delimiter}{name}": types
        for prefix, shape in zip(node.as_, parents, strict=False)
        for name, types in shape.fields.items()
    }
    group = None if node.on else parents[0].group
    closed = all(shape.closed for shape in parents)
    return Shape(fields, closed, tags=group, group=group, by_name=parents[0].by_name)


def _united(parents: list[Shape]) -> Shape:
    fields: dict[str, Types] = {}
    for shape in parents:
        for name, types in shape.fields.items():
            others = (each.fields.get(name, frozenset() if each.closed else ANY) for each in parents)
            fields[name] = types.union(*others)
    tags = [shape.tags for shape in parents]
    groups = {shape.group for shape in parents}
    return Shape(
        fields,
        all(shape.closed for shape in parents),
        parents[0].gone.intersection(*(shape.gone for shape in parents[1:])),
        None if None in tags else frozenset[str]().union(*(each for each in tags if each is not None)),
        groups.pop() if len(groups) == 1 else None,
        any(shape.by_name for shape in parents),
    )
