"""YAML with places: texts composed to nodes, and their values as the literals that a script would say."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, cast

import yaml

from tickdiscord.diagnostics import Source, Span, error
from tickdiscord.properties import Argument
from tickdiscord.syntax import tree

SYNTAX = "TD420"
TWICE = "TD426"

MOST_LEVELS = 100
MOST_VALUES = 1_000_000
"""Values in a document, each alias counted as what it stands for."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Entry = tuple[Span, yaml.Node]
"""A key's place and its value."""


def documents(source: Source) -> list[yaml.Node]:
    """The documents of a text that are not empty.

    Raises:
        DiagnosticError: it is not YAML.
    """
    try:
        composed = cast("Iterable[yaml.Node | None]", yaml.compose_all(source.text, Loader=LOADER))  # pyright: ignore[reportUnknownMemberType]
        found = [each for each in composed if each is not None]
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = min(mark.index, len(source.text)) if mark else 0
        raise error(SYNTAX, f"not YAML: {problem.problem}", Span(place, place + 1), source=source) from None
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise error(SYNTAX, f"not YAML: {str(problem).splitlines()[0]}", source=source) from None
    for each in found:
        check_size(each, source)
    return found


def check_size(root: yaml.Node, source: Source, code: str = SYNTAX) -> None:
    """Aliases may make a small text endless, or a large tree of it.

    Raises:
        DiagnosticError: they do, or it is nested too deep.
    """
    sizes: dict[int, int] = {}
    open: set[int] = set()

    def size(node: yaml.Node, depth: int) -> int:
        key = id(node)
        if key in open or depth > MOST_LEVELS:
            reason = "this holds itself" if key in open else "nested too deep"
            raise error(code, reason, span_of(node), source=source)
        if key not in sizes:
            open.add(key)
            sizes[key] = 1 + sum(size(each, depth + 1) for each in _within(node))
            open.discard(key)
        return sizes[key]

    if size(root, 0) > MOST_VALUES:
        message = f"more than {MOST_VALUES:,} values, with those that aliases stand for"
        raise error(code, message, span_of(root), source=source)


def _within(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield from chain.from_iterable(cast("list[tuple[yaml.Node, yaml.Node]]", node.value))
    elif isinstance(node, yaml.SequenceNode):
        yield from cast("list[yaml.Node]", node.value)


def entries(node: yaml.Node, what: str) -> dict[str, Entry]:
    """The keys and values of a mapping.

    Raises:
        DiagnosticError: it is none, or has a key twice.
    """
    if not isinstance(node, yaml.MappingNode):
        raise error(SYNTAX, f"{what} is a list of keys with values", span_of(node))
    found: dict[str, Entry] = {}
    for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        if not isinstance(key, yaml.ScalarNode):
            raise error(SYNTAX, f"a key of {what} is a word", span_of(key))
        name = str(key.value)
        if name in found:
            raise error(TWICE, f"`{name}` stands twice", span_of(key))
        found[name] = (span_of(key), value)
    return found


def literal(node: yaml.Node, levels: int = MOST_LEVELS) -> Argument | None:
    """A YAML value as the literal that a script would say; None for an empty one.

    Raises:
        DiagnosticError: it is not a value that YAML knows, or a mapping, or nested too deep.
    """
    span = span_of(node)
    if not levels:
        raise error(SYNTAX, "nested too deep", span)
    if isinstance(node, yaml.SequenceNode):
        items = [literal(each, levels - 1) for each in cast("list[yaml.Node]", node.value)]
        return tree.List(tuple(cast("tree.Expression", each) for each in items if each is not None), span=span)
    if not isinstance(node, yaml.ScalarNode):
        raise error(SYNTAX, "a value is wanted here, not keys with values", span)
    try:
        value: object = LOADER("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError, OverflowError):
        raise error(SYNTAX, "not a value that YAML knows", span) from None
    match value:
        case None:
            return None
        case bool():
            return tree.Bool(value, span=span)
        case int():
            return tree.Integer(value, span=span)
        case float():
            return tree.Float(value, span=span)
        case _:
            return tree.String(str(node.value), span=span)


def is_said(entry: Entry | None) -> bool:
    """Whether a value is there at all: `options:` with nothing behind it is none."""
    if entry is None:
        return False
    node = entry[1]
    return not (isinstance(node, yaml.ScalarNode) and literal(node) is None)


def word(found: Mapping[str, Entry], key: str) -> str:
    """The text of a value; empty if it is not there, or no text."""
    entry = found.get(key)
    if entry is None or not isinstance(entry[1], yaml.ScalarNode) or literal(entry[1]) is None:
        return ""
    return str(entry[1].value)


def span_of(node: yaml.Node) -> Span:
    """Where a node stands."""
    return Span(node.start_mark.index, node.end_mark.index)
