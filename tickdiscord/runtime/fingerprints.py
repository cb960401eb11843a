"""What makes a node the same node in another run: what is said of it, and of all nodes before it."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from tickdiscord.nodes.node import Node
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.properties import NodeRef, properties_of
from tickdiscord.syntax import tree
from tickdiscord.syntax.formatter import format_expression

LENGTH = 16


def declaration(declared: object) -> str:
    """What a script or file says of a node or handler, as text; what it leaves at the default is left out."""
    properties = properties_of(type(declared)).values()
    values = [(each.name, each.default, getattr(declared, each.attribute)) for each in properties]
    said = [f".{name}({_text(value)})" for name, default, value in values if value != default]
    return "".join([type(declared).__name__, *said])


def fingerprints(pipeline: Pipeline) -> Mapping[Node, str]:
    """The fingerprints of all nodes of a pipeline.

    They depend neither on the numbers of nodes nor on what stands behind them or beside them, nor on the handlers of
    alerts. Nodes that are the same in all of that are told apart by their order.
    """
    found: dict[Node, str] = {}
    same: Counter[str] = Counter()
    dbrps = " ".join(map(str, pipeline.dbrps))
    for node in pipeline.nodes:
        before = [found[parent] for parent in node.parents] or [dbrps]
        text = "\n".join([*before, declaration(node)])
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
        same[digest] += 1
        found[node] = digest if same[digest] == 1 else f"{digest}-{same[digest]}"
    return found


def _text(value: object) -> str:
    match value:
        case tree.Node():
            return format_expression(value)  # pyright: ignore[reportArgumentType]  (properties hold expressions)
        case NodeRef():
            return "node"
        case list() | tuple():
            return ", ".join(f"[{_text(each)}]" for each in cast("Sequence[object]", value))
        case _:
            return repr(value)
