"""The nodes there are: each module beside this one, or below, adds the node classes with a kind that it defines."""

import functools
import importlib
import pkgutil
from collections.abc import Mapping

import tickdiscord.nodes
from tickdiscord.nodes.node import Node


@functools.cache
def node_classes() -> Mapping[str, type[Node]]:
    """The node classes by the name that a script writes: `alert`, `from`."""
    for module in pkgutil.walk_packages(tickdiscord.nodes.__path__, "tickdiscord.nodes."):
        importlib.import_module(module.name)
    return dict(sorted((found.kind, found) for found in _below(Node) if found.kind))


def _below(base: type[Node]) -> list[type[Node]]:
    return [found for each in base.__subclasses__() for found in (each, *_below(each))]
