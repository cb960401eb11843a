"""Values out of a YAML file that know where they stand, so that every mistake in a test file has its place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import yaml

from tickdiscord.config.yaml_nodes import check_size
from tickdiscord.diagnostics import DiagnosticError, Source, Span, did_you_mean, error

SYNTAX = "TD750"
UNKNOWN_KEY = "TD751"
WRONG_TYPE = "TD752"
TWICE = "TD753"
TOO_LARGE = "TD754"

TAG = "tag:yaml.org,2002:"
MERGE = TAG + "merge"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

ResultT = TypeVar("ResultT")

Plain = bool | int | float | str | None | list["Plain"] | dict[str, "Plain"]
"""What JSON has."""


@dataclass(frozen=True, slots=True)
class Item:
    """A value in a file."""

    node: yaml.Node
    source: Source

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.node.start_mark.index, self.node.end_mark.index)

    def wrong(self, code: str, message: str, hint: str = "") -> DiagnosticError:
        """An error that points at it."""
        return error(code, message, self.span, hint, self.source)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_null(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag == TAG + "null"

    @property
    def is_bool(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag == TAG + "bool"

    @property
    def is_number(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag in (TAG + "int", TAG + "float")

    @property
    def raw(self) -> str:
        """The text of a scalar as it is written, without its quotes; empty for anything else."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    def text(self, what: str, hint: str = "") -> str:
        """A text.

        Raises:
            DiagnosticError: it is a list, a mapping, or nothing.
        """
        if not isinstance(self.node, yaml.ScalarNode) or self.is_null:
            raise self.wrong(WRONG_TYPE, f"{what} is a text", hint)
        return self.raw

    def flag(self, what: str) -> bool:
        """A bool."""
        if not self.is_bool:
            raise self.wrong(WRONG_TYPE, f"{what} is true or false")
        return self.raw.lower() in ("true", "yes", "on")

    def count(self, what: str) -> int:
        """A whole number that is not negative."""
        if not self.raw.isdecimal() or len(self.raw) > 18:
            raise self.wrong(WRONG_TYPE, f"{what} is a whole number")
        return int(self.raw)

    def items(self) -> list["Item"]:
        """The items of a list; a value that is no list stands for a list of itself, nothing for an empty one."""
        if isinstance(self.node, yaml.SequenceNode):
            return [Item(each, self.source) for each in cast("list[yaml.Node]", self.node.value)]
        return [] if self.is_null else [self]

    def entries(self, what: str, known: Sequence[str] = ()) -> "dict[str, Entry]":
        """The entries of a mapping, in order; `<<` brings in those of other mappings.

        Raises:
            DiagnosticError: it is no mapping, a key stands twice, or is none of the `known`, if any are given.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong(WRONG_TYPE, f"{what} is a mapping: `key: value`")
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key, value in self._pairs():
            if key.node.tag == MERGE:
                for each in value.items():
                    merged = {**each.entries(what), **merged}
            elif key.raw in own:
                raise key.wrong(TWICE, f"`{key.raw}` stands twice")
            else:
                own[key.raw] = Entry(key, value)
        found = {**merged, **own}
        if known:
            for name, entry in found.items():
                if name not in known:
                    raise entry.key.wrong(UNKNOWN_KEY, f"{what} has no key `{name}`", suggestion(name, known))
        return found

    def _pairs(self) -> "Iterator[tuple[Item, Item]]":
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", self.node.value):
            yield Item(key, self.source), Item(value, self.source)

    def plain(self) -> Plain:
        """The value in the terms of JSON; times stay as they are written."""
        match self.node:
            case yaml.MappingNode():
                return {key.raw: value.plain() for key, value in self._pairs()}
            case yaml.SequenceNode():
                return [each.plain() for each in self.items()]
            case _:
                pass
        if self.node.tag == TAG + "timestamp":
            return self.raw
        try:
            return cast("Plain", _Loader("").construct_object(self.node))
        except (yaml.YAMLError, ValueError):
            return self.raw

    def lines(self) -> Iterator["Line"]:
        """The lines of a text that are not blank, each with its place."""
        at = self.node.start_mark.index
        for line in self.raw.splitlines():
            stripped = line.strip()
            if not stripped:
                continue
            found = self.source.text.find(stripped, at, self.node.end_mark.index)
            span = self.span if found < 0 else Span(found, found + len(stripped))
            at = at if found < 0 else span.end
            yield Line(stripped, span, self.source)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping, and its value."""

    key: Item
    value: Item


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, without the spaces around it."""

    text: str
    span: Span
    source: Source

    def wrong(self, code: str, message: str, hint: str = "", start: int = 0, end: int | None = None) -> DiagnosticError:
        """An error that points at it, or at the characters from `start` to `end` of it."""
        first = min(self.span.start + start, self.span.end)
        last = self.span.end if end is None else min(self.span.start + end, self.span.end)
        return error(code, message, Span(first, max(first, last)), hint, self.source)


def suggestion(name: str, known: Sequence[str]) -> str:
    """What to write instead of an unknown name."""
    return did_you_mean(name, known) or f"it has: {', '.join(known)}"


def composed(source: Source) -> Item | None:
    """The only document of a text; None if it is empty.

    Raises:
        DiagnosticError: it is not YAML, has several documents, or is larger than it may be.
    """
    try:
        root = cast("yaml.Node | None", yaml.compose(source.text, Loader=_Loader))  # pyright: ignore[reportUnknownMemberType]
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = min(mark.index, len(source.text)) if mark else 0
        reason = problem.problem or "it cannot be read"
        raise error(SYNTAX, f"not YAML: {reason}", Span(place, place + 1), _cure(reason), source) from None
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise error(SYNTAX, f"not YAML: {(str(problem) or 'nested too deep').splitlines()[0]}", source=source) from None
    if root is None:
        return None
    check_size(root, source, TOO_LARGE)
    return Item(root, source)


def _cure(reason: str) -> str:
    if "mapping values are not allowed" in reason or "could not find expected ':'" in reason:
        return "a text with `: ` or `#` in it stands in single quotes, or in a block behind `|`"
    if "cannot start any token" in reason:
        return "indent with spaces; a text that begins with a special character stands in quotes"
    return ""


def mapped(item: Item, what: str, read: Callable[[Item], ResultT]) -> Mapping[str, ResultT]:
    """A mapping with every value read."""
    return {name: read(entry.value) for name, entry in item.entries(what).items()}
