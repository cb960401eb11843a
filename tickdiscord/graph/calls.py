"""How a script would say what a node is: its name, its arguments, and each property that is not at its default."""

import re
from collections.abc import Iterator, Sequence
from typing import cast

from tickdiscord.lambdas.text import duration_text, text_of
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.node import Node
from tickdiscord.properties import DURATION, NodeRef, Property, TimeDimension, Type, properties_of
from tickdiscord.syntax import tree

LONGEST = 90
"""Characters of a call; what is longer is cut."""

_BEHIND_THE_HOST = re.compile(r"(?<=://)(?:[^/\s'\"@]*@)?([^/\s'\"]*)[^\s'\"]*")


def own_call(node: Node) -> str:
    """The node itself: `from1`, `mean3('usage')`."""
    positional = [found for found in properties_of(type(node)).values() if found.positional]
    given = [written(found, value) for found in positional for call in _calls(node, found) for value in call]
    return _short(f"{node.name}({', '.join(given)})") if given else node.name


def property_calls(node: Node) -> Sequence[str]:
    """Its properties in the order of their declaration: `.groupBy('host')`; of an alert's handlers the names alone."""
    return [_short(call) for call in _properties(node)]


def _properties(node: Node) -> Iterator[str]:
    for name, found in properties_of(type(node)).items():
        if not found.positional:
            for call in _calls(node, found):
                yield f".{name}({', '.join(written(found, value) for value in call)})"
    if isinstance(node, Alert):
        yield from (f".{handler.kind}()" for handler in node.handlers)


def _calls(node: Node, found: Property) -> Sequence[Sequence[object]]:
    value = getattr(node, found.attribute)
    silent = value == found.default and found.name not in node.said
    return () if silent else found.calls(value)


def written(found: Property, value: object) -> str:
    """An argument of a property as a script would write it."""
    types: Sequence[Type[object] | None] = (*found.required, *found.optional, found.rest)
    return _text(value, duration=DURATION in types)


def _text(value: object, *, duration: bool) -> str:
    match value:
        case NodeRef():
            return value.node.name if isinstance(value.node, Node) else "…"
        case tree.Lambda():
            return f"lambda: {text_of(value.expression)}"
        case tree.String() | tree.Integer() | tree.Float() | tree.Bool() | tree.Duration() | tree.Star():
            return text_of(value)
        case bool():
            return text_of(tree.Bool(value))
        case int():
            return duration_text(value) if duration else str(value)
        case float():
            return text_of(tree.Float(value))
        case str():
            return "*" if value == "*" else text_of(tree.String(_without_paths(value)))
        case TimeDimension(length=length, offset=offset):
            return f"time({', '.join(duration_text(each) for each in (length, *([offset] if offset else [])))})"
        case tuple():
            items = cast("tuple[object, ...]", value)
            return ", ".join(_text(each, duration=duration) for each in items)
        case _:
            return "…"


def _without_paths(text: str) -> str:
    """The text without what stands in URLs behind the host: it may be a password."""
    return _BEHIND_THE_HOST.sub(r"\1/…", text)


def _short(call: str) -> str:
    line = " ".join(call.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 2]}…)"
