"""The pages of nodes and of handlers, made of their declarations and of examples that the tests run."""

from tickdiscord.config.handler_options import options_of
from tickdiscord.handlers.others import OTHERS, Other
from tickdiscord.handlers.registry import handler_classes, own_classes
from tickdiscord.manual.declared import anchor, call, example, table
from tickdiscord.manual.examples import Family, families
from tickdiscord.nodes.known import UNSUPPORTED
from tickdiscord.nodes.node import EITHER, Edge, Node
from tickdiscord.nodes.registry import node_classes

NODES = """\
# Nodes

A rule is a chain of nodes: `stream|from()|alert()`. This page has all of them, each with its arguments, its properties
(what is chained with a dot), and an example that does what it says. The times of the examples' points are in seconds,
and `|log()` shows what the node before it gives.

All nodes have the property `.quiet()`: what fails on single points is not reported. `tickdiscord show rule.tick` draws
the nodes of a rule. Where a node differs from Kapacitor on purpose, [it is said here](differences.md).

This page is made by `scripts/docs` out of `tickdiscord/nodes/` and `tickdiscord/manual/examples/nodes.yaml`.
"""

HANDLERS = """\
# Handlers

A handler does something with the events of an alert. In a rule it is a property of `|alert()`, in a handler file it is
the `kind`, with its properties as `options`, and hears what comes to a topic. The times of the examples' points are in
seconds; `--dry-run` sends nothing and `--requests` shows what would be sent.

This page is made by `scripts/docs` out of `tickdiscord/handlers/` and `tickdiscord/manual/examples/handlers.yaml`.
"""

OTHERS_HEAD = """\
## Known, and not sent

Rules and handler files that name these services of Kapacitor load, and are checked. What is done in place of sending is
said by `other-handlers` in the section `[tickdiscord]` of the configuration, or by `--others`: nothing, a line in the
log, or a message in a Discord workspace.
"""


def nodes() -> str:
    """The page of the nodes."""
    classes = node_classes()
    parts = [NODES, _overview()]
    for family in families("nodes"):
        parts += [f"## {family.heading}", family.says]
        for name, shown in family.shown.items():
            found = classes[name]
            made = call(name, found, "|") if found.callable else name
            parts += [f"### {name}", f"`{made}` · {_edges(found)}", found.doc, shown.says]
            parts += [table(found, ("quiet",)), example(shown)]
    parts += ["## Not supported", _unsupported()]
    return _joined(parts)


def handlers() -> str:
    """The page of the handlers."""
    classes = own_classes()
    parts = [HANDLERS]
    for family in families("handlers"):
        parts += [f"## {family.heading}", family.says]
        for name, shown in family.shown.items():
            found = classes[name]
            kind = f"`{call(name, found, '.')}` · in a handler file `kind: {found.in_files or found.kind}`"
            parts += [
                f"### {name}",
                kind,
                found.doc,
                shown.says,
                table(found, options=options_of(found)),
                example(shown),
            ]
    parts.append(OTHERS_HEAD)
    for name, other in OTHERS.items():
        parts += [f"### {name}", _other(name, other), table(other, options=options_of(other))]
    return _joined(parts)


def undescribed() -> list[str]:
    """Nodes and handlers without an example, and examples of what there is not."""
    described = {name for subject in ("nodes", "handlers") for family in families(subject) for name in family.shown}
    return sorted(described ^ (node_classes().keys() | (handler_classes().keys() - OTHERS.keys())))


def _overview() -> str:
    rows = [f"| **{family.heading}** | {_links(family)} |" for family in families("nodes")]
    return "\n".join(["| | |", "|---|---|", *rows])


def _links(family: Family) -> str:
    return ", ".join(f"[{name}](#{anchor(name)})" for name in family.shown)


def _edges(found: type[Node]) -> str:
    """What it takes and gives, in words."""
    if not found.callable:
        return f"gives {_given(found)}"
    if found.followers == ():
        return "takes a stream or batches"
    takes = "a stream or batches" if found.takes == EITHER else _edge(*found.takes)
    return f"takes {takes}, gives {'the same' if found.gives is None and found.takes == EITHER else _given(found)}"


def _given(found: type[Node]) -> str:
    return _edge(found.gives or next(iter(found.takes)))


def _edge(edge: Edge) -> str:
    return "a stream" if edge is Edge.STREAM else "batches"


def _unsupported() -> str:
    rows = [f"| `{name}` | {why} |" for name, why in UNSUPPORTED.items()]
    return "\n".join(["| node of Kapacitor | why not |", "|---|---|", *rows])


def _other(name: str, other: type[Other]) -> str:
    return f"`{call(name, other, '.')}` · {other.service} · in a handler file `kind: {other.in_files}`"


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
