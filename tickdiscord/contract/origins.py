"""Which names at a node come from the data as they are, and of which measurements they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from tickdiscord.contract.model import Contract, Field, Measurement, Tag
from tickdiscord.lambdas import Type
from tickdiscord.lint.script import Script, ancestors
from tickdiscord.lint.shapes import Shape
from tickdiscord.lint.types import Types
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.default import Default
from tickdiscord.nodes.delete import Delete
from tickdiscord.nodes.derivative import Derivative
from tickdiscord.nodes.eval import Eval
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.group_by import GroupBy
from tickdiscord.nodes.influxql.function import Function
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.state_count import StateCount
from tickdiscord.nodes.state_duration import StateDuration
from tickdiscord.nodes.union import Union

KEEPS = frozenset("stream where window changeDetect sample shift log barrier httpOut noOp".split())
"""The nodes that hand on points as they are; those of the classes below, points that are known as far as needed."""
KNOWN = (From, GroupBy, Function, Alert, Default, Delete, Derivative, Eval, StateCount, StateDuration, Union)


@dataclass(frozen=True, slots=True)
class Raw:
    """What the data have at a node, under names that no node has made or taken away."""

    measurements: Sequence[Measurement]
    shape: Shape
    made: frozenset[str]
    """Tags that nodes have made."""

    def is_raw(self, name: str) -> bool:
        """Whether a name can only be that of a field or tag of the data."""
        return not (name in self.shape.fields or name in self.shape.gone or name in self.made or name == "time")

    def fields(self, name: str) -> Sequence[Field]:
        """The fields of this name, one for each measurement that has it."""
        if self.shape.closed:
            return ()
        return [each.fields[name] for each in self.measurements if name in each.fields]

    def tags(self, name: str) -> Sequence[Tag]:
        """The tags of this name, one for each measurement that has it."""
        return [each.tags[name] for each in self.measurements if name in each.tags] if self.shape.has_tag(name) else ()

    def types(self, name: str) -> Types | None:
        """The types that a reference may have, None where nothing is known of it."""
        if not self.is_raw(name):
            return self.shape.types(name)
        types = frozenset[Type]().union(*(each.types for each in self.fields(name)))
        return (types | {Type.STRING} if self.tags(name) else types) or None

    @property
    def names(self) -> Sequence[str]:
        """All names that can be read."""
        fields = () if self.shape.closed else (name for each in self.measurements for name in each.fields)
        tags = (name for each in self.measurements for name in each.tags if self.shape.has_tag(name))
        return list(dict.fromkeys([*self.shape.fields, *fields, *tags]))


def raw_at(node: Node, script: Script, contract: Contract) -> Raw | None:
    """What the data have at the points that come to a node; None where that cannot be told, or there are no such data.

    A `|from()` sees the points of its own measurement.
    """
    before = ancestors(node)
    if not all(each.kind in KEEPS or isinstance(each, KNOWN) for each in before):
        return None
    sources = _sources(node)
    if contract.more or any("measurement" in script.outside.properties(each.span) for each in sources):
        return None
    found = contract.of(each.measurement for each in sources) if sources else ()
    return Raw(found, script.shape_at(node), _made(before)) if found else None


def _sources(node: Node) -> Sequence[From]:
    """The nodes that say which measurements the points are of."""
    if isinstance(node, From) and (node.measurement or not any(isinstance(each, From) for each in node.parents)):
        return (node,)
    return [source for parent in node.parents for source in _sources(parent)]


def _made(before: Sequence[Node]) -> frozenset[str]:
    names: set[str] = set()
    for node in before:
        match node:
            case Eval(tags=tags):
                names.update(tags)
            case Default(tags=tags):
                names.update(name for name, _ in tags)
            case Alert():
                names.update(filter(None, (node.level_tag, node.id_tag)))
            case _:
                pass
    return frozenset(names)
