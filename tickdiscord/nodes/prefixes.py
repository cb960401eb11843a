"""The prefixes of `.as()`, by which `|join()` and `|combine()` keep apart what comes from different points."""

from collections.abc import Iterator, Sequence

from tickdiscord.diagnostics import Diagnostic, Span
from tickdiscord.nodes.node import Node

PREFIXES = "TD170"
"""Code of prefixes that cannot be."""


def prefix_problems(node: Node, names: Sequence[str], delimiter: str, wanted: int, what: str) -> Iterator[Diagnostic]:
    """What is wrong with the prefixes of a node that needs `wanted` of them, one for each of `what`."""
    if not names:
        example = ", ".join(f"'{chr(ord('a') + number % 26)}'" for number in range(wanted))
        message = f"`|{node.kind}()` needs `.as()`: a prefix for each of its {wanted} {what}"
        yield Diagnostic(PREFIXES, message, node.span, f"for example `.as({example})`")
        return
    place = node.said.get("as")
    if len(names) != wanted:
        message = f"`.as()` gives {len(names)} of the {wanted} prefixes that `|{node.kind}()` needs"
        yield Diagnostic(PREFIXES, message, place, f"it needs one for each of its {what}")
    yield from (Diagnostic(PREFIXES, *problem) for problem in _wrong(names, delimiter, place))


def _wrong(names: Sequence[str], delimiter: str, place: Span | None) -> Iterator[tuple[str, Span | None, str]]:
    for position, name in enumerate(names):
        if not name:
            yield "a prefix of `.as()` cannot be empty", place, ""
        elif delimiter and delimiter in name:
            hint = "choose another prefix, or another `.delimiter()`"
            yield f"the prefix '{name}' holds the delimiter '{delimiter}'", place, hint
        if name in names[:position]:
            yield f"`.as()` gives the prefix '{name}' twice", place, ""
