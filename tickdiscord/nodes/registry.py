"""The nodes there are: every module beside this one that defines a node class with a kind adds it by being there."""

import functools
import importlib
import pkgutil
from collections.abc import Mapping

import tickdiscord.nodes
from tickdiscord.nodes.node import Node


@functools.cache
def node_classes() -> Mapping[str, type[Node]]:
    """The node classes by the name that a script writes: `alert`, `from`."""
    for module in pkgutil.iter_modules(tickdiscord.nodes.__path__):
        importlib.import_module(f"tickdiscord.nodes.{module.name}")
    return dict(sorted((found.kind, found) for found in _below(Node) if found.kind))


def _below(base: type[Node]) -> list[type[Node]]:
    return [found for each in base.__subclasses__() for found in (each, *_below(each))]
