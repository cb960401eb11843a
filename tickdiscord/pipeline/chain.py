"""Chains: `|node()` makes a node behind another, `.property()` sets what the node or its last handler declares."""

from collections.abc import Sequence
from typing import cast

from tickdiscord.diagnostics import Span, did_you_mean, error
from tickdiscord.nodes.known import UNSUPPORTED
from tickdiscord.nodes.node import Edge, Node
from tickdiscord.nodes.registry import node_classes
from tickdiscord.pipeline.variables import Cursor
from tickdiscord.properties import (
    Argument,
    apply,
    apply_positional,
    properties_of,
    script_name,
    unknown_property,
)
from tickdiscord.syntax import tree

UNKNOWN_NODE = "TD120"
NOT_SUPPORTED = "TD121"
WRONG_PLACE = "TD122"
WRONG_EDGE = "TD123"
TOO_DEEP = "TD124"

DEEPEST = 150
"""More nodes in a row are refused: each hands on to the next, one call within the other."""


def chained(left: Cursor, call: tree.Function, given: Sequence[Argument]) -> Node:
    """The node that `|name(arguments)` makes.

    Raises:
        DiagnosticError: there is no such node, it may not stand here, or its arguments are wrong.
    """
    name = script_name(call.name)
    wanted = node_classes().get(name)
    if wanted is None or not wanted.callable:
        raise _unknown(left, name, call)
    _may_stand(wanted, left.node, call.name_span)
    node = wanted()
    node.span = call.name_span
    node.link(left.node)
    apply_positional(node, call, given, f"|{name}()")
    for other in node.others():
        parent = cast("Node", other.node)
        _may_stand(wanted, parent, other.span)
        if parent.edge is not left.node.edge:
            message = (
                f"`|{name}()` stands behind edges of one kind: "
                f"`{left.node.name}` gives a {left.node.edge.value}, `{parent.name}` a {parent.edge.value}"
            )
            raise error(WRONG_EDGE, message, other.span)
        node.link(parent)
    if node.depth > DEEPEST:
        message = f"more than {DEEPEST} nodes stand in a row"
        raise error(TOO_DEEP, message, call.name_span, "split the rule in two")
    return node


def _may_stand(wanted: type[Node], parent: Node, span: Span) -> None:
    name = wanted.kind
    if parent.followers is not None and name not in parent.followers:
        follow = ", ".join(f"`|{each}()`" for each in parent.followers)
        hint = f"use {follow}" if follow else f"`|{parent.kind}()` hands nothing on"
        raise error(WRONG_PLACE, f"`|{name}()` cannot stand behind `{parent.kind}`", span, hint)
    if wanted.sources and parent.kind not in wanted.sources:
        places = " or ".join(f"`{each}`" for each in wanted.sources)
        raise error(WRONG_PLACE, f"`|{name}()` stands behind {places} only", span)
    if parent.edge not in wanted.takes:
        message = f"`|{name}()` does not take a {parent.edge.value} edge, which `|{parent.kind}()` gives"
        between = "a function such as `|mean()` between them makes points of batches"
        raise error(WRONG_EDGE, message, span, between if parent.edge is Edge.BATCH else "")


def with_property(left: Cursor, call: tree.Function, given: Sequence[Argument], place: Span) -> Cursor:
    """Carry out `.name(arguments)`; where the next property belongs.

    Kapacitor: a property that a handler does not have is looked up on its alert. `place` is where the value stands.

    Raises:
        DiagnosticError: there is no such property, or its arguments are wrong.
    """
    name = script_name(call.name)
    part, node = left.part, left.node
    if part is not None:
        found = properties_of(type(part)).get(name)
        if found is not None and not found.positional:
            apply(part, found, call, given)
            part.said[name] = place
            return left
    found = properties_of(type(node)).get(name)
    if found is not None and not found.positional:
        apply(node, found, call, given)
        node.said[name] = place
        return Cursor(node)
    made = node.part(name)
    if made is None:
        raise _no_property(left, name, call)
    made.span = call.name_span
    apply_positional(made, call, given, f".{name}()")
    for positional in properties_of(type(made)).values():
        if positional.positional:
            made.said[positional.name] = place
    return Cursor(node, made)


def _unknown(left: Cursor, name: str, call: tree.Function) -> Exception:
    if name in UNSUPPORTED:
        return error(NOT_SUPPORTED, f"the node `|{name}()` is not supported yet", call.name_span, UNSUPPORTED[name])
    if name in _property_names(left):
        message = f"`{call.name}` is a property, not a node"
        return error(UNKNOWN_NODE, message, call.name_span, f"write `.{call.name}(…)`")
    names = [kind for kind, found in node_classes().items() if found.callable]
    return error(
        UNKNOWN_NODE,
        f"there is no node `|{call.name}()`",
        call.name_span,
        did_you_mean(name, [*names, *UNSUPPORTED]),
    )


def _no_property(left: Cursor, name: str, call: tree.Function) -> Exception:
    if name in left.node.unsupported_parts():
        message = f"the handler `.{name}()` is not supported yet"
        return error(
            NOT_SUPPORTED, message, call.name_span, "Kapacitor has it; tickdiscord has `.discord()` and `.log()`"
        )
    hint = ""
    if name in node_classes() or name in UNSUPPORTED:
        hint = f"`{call.name}` is a node: write `|{call.name}(…)`"
    return unknown_property(call, f"`{_owner(left)}`", _property_names(left), hint)


def _owner(left: Cursor) -> str:
    if left.part is not None:
        return f".{left.part.kind}()"
    return f"|{left.node.kind}()" if left.node.callable else left.node.kind


def _property_names(left: Cursor) -> list[str]:
    owners = [type(left.node)] if left.part is None else [type(left.part), type(left.node)]
    declared = [name for owner in owners for name, found in properties_of(owner).items() if not found.positional]
    return [*declared, *left.node.parts()]
