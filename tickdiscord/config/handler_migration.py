"""Handler files that tell Slack, email and the like, rewritten to tell Discord; the rest of the text stays as it is."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from tickdiscord.config.files import read_text
from tickdiscord.config.handler_files import KEYS, read_handlers
from tickdiscord.config.yaml_nodes import LOADER, documents, entries, span_of, word
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, Span, error, warning
from tickdiscord.handlers.others import OTHERS, Other
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.syntax.formatter import format_expression

NOT_BY_ITSELF = "TD536"
SAME_TWICE = "TD537"

KINDS = frozenset(each.in_files for each in OTHERS.values())

Pair = tuple[yaml.Node, yaml.Node]


class Edit(NamedTuple):
    """A piece of a text, and what comes in its place."""

    start: int
    end: int
    text: str


class Migrated(NamedTuple):
    """The text of a handler file before and after, and its handlers that tell other services."""

    before: str
    after: str
    others: Sequence[Subscription]


def migrated_handlers(path: Path, workspace: str, *, asked: bool) -> Migrated:
    """A handler file with `kind: discord` in place of the kinds that nothing is sent for.

    Their options go, comments on lines of their own and behind options stay. Without a workspace it is the default
    one. If the file was not `asked` for by name, it is left alone when it has no such handler, whatever else it is.

    Raises:
        DiagnosticError: it cannot be read, a handler is wrong, or it is written in a way that cannot be rewritten.
    """
    text = read_text(path)
    source = Source(str(path), text)
    if not asked and not _tells_others(source):
        return Migrated(text, text, ())
    found = [each for each in read_handlers([path]).subscriptions if isinstance(each.handler, Other)]
    after = _applied(text, [edit for each in _telling_others(source) for edit in _edits(source, each, workspace)])
    _check(source, after, workspace)
    return Migrated(text, after, found)


def same_twice(subscriptions: Sequence[Subscription]) -> Iterator[Diagnostic]:
    """Warnings for handlers that told several services of the same events, and now tell Discord several times."""
    alike: defaultdict[tuple[str, str], list[Subscription]] = defaultdict(list)
    for each in subscriptions:
        condition = "" if each.condition is None else format_expression(each.condition.expression)
        alike[each.topic, condition].append(each)
    for first, *more in alike.values():
        for each in more:
            message = f"`{each.id}` now tells Discord of the events of `{each.topic}`, and so does `{first.id}`"
            yield warning(SAME_TWICE, message, each.handler.span, "remove one of them", each.source)


def _tells_others(source: Source) -> bool:
    """Whether a file is one of handlers at all, and one of them tells another service."""
    if not any(kind in source.text for kind in KINDS):
        return False
    try:
        return bool(_telling_others(source))
    except DiagnosticError:
        return False


def _telling_others(source: Source) -> list[yaml.MappingNode]:
    """The handlers in a file that tell another service.

    Raises:
        DiagnosticError: it is not YAML, or a document in it is no mapping.
    """
    found: list[yaml.MappingNode] = []
    for document in documents(source):
        said = entries(document, "a handler")
        if isinstance(document, yaml.MappingNode) and word(said, "kind") in KINDS and "topic" in said:
            found.append(document)
    return found


def _edits(source: Source, document: yaml.MappingNode, workspace: str) -> Iterator[Edit]:
    """What changes in a handler."""
    text, pairs = source.text, _pairs(document)
    flow = bool(document.flow_style)
    for number, (key, value) in enumerate(pairs):
        if value.start_mark.index < key.end_mark.index:
            raise error(NOT_BY_ITSELF, "an alias stands here, write it out", span_of(key), source=source)
        if key.value == "kind":
            quote = text[value.start_mark.index] if text[value.start_mark.index] in "'\"" else ""
            yield Edit(value.start_mark.index, value.end_mark.index, f"{quote}discord{quote}")
            if workspace and not any(other.value == "options" for other, _ in pairs):
                yield _options_behind(text, key, value, workspace, flow)
        elif key.value == "options" and isinstance(value, yaml.MappingNode) and not value.flow_style:
            yield from _block_options(text, key, value, workspace)
        elif key.value == "options":
            yield from _flow_options(text, key, value, workspace, flow)
        elif key.value not in KEYS:
            yield _without_entry(pairs, number) if flow else _without_lines(text, key, _end(text, value))


def _options_behind(text: str, key: yaml.Node, value: yaml.Node, workspace: str, flow: bool) -> Edit:
    """Options for a handler that has none, behind its kind."""
    if flow:
        quote = '"' if text[key.start_mark.index] == '"' else ""
        end = value.end_mark.index
        return Edit(end, end, f", {quote}options{quote}: {_mapping(text, key, workspace)}")
    end = _line_end(text, value.end_mark.index)
    breaks, indent = _line_break(text), " " * key.start_mark.column
    before = "" if text[:end].endswith("\n") else breaks
    return Edit(end, end, f"{before}{indent}options:{breaks}{indent}  workspace: {_quoted(workspace)}{breaks}")


def _flow_options(text: str, key: yaml.Node, value: yaml.Node, workspace: str, flow: bool) -> Iterator[Edit]:
    """Options between braces, or empty ones."""
    if not workspace and not flow:
        yield _without_lines(text, key, _end(text, value))
        return
    start, end = value.start_mark.index, value.end_mark.index
    space = "" if text[start - 1].isspace() else " "
    yield Edit(start, end, space + (_mapping(text, key, workspace) if workspace else "{}"))


def _block_options(text: str, key: yaml.Node, value: yaml.MappingNode, workspace: str) -> Iterator[Edit]:
    """Options on lines of their own."""
    if not workspace:
        yield _without_lines(text, key, key.end_mark.index + 1)
    for number, (option, said) in enumerate(_pairs(value)):
        edit = _without_lines(text, option, _end(text, said))
        if workspace and number == 0:
            told = f"{' ' * option.start_mark.column}workspace: {_quoted(workspace)}{_line_break(text)}"
            edit = edit._replace(text=edit.text + told)
        yield edit


def _without_lines(text: str, key: yaml.Node, end: int) -> Edit:
    """Takes away the lines of an entry that ends at a place, but for a comment behind it."""
    start, stop = text.rfind("\n", 0, key.start_mark.index) + 1, _line_end(text, end)
    behind = text[end:stop].strip()
    return Edit(start, stop, f"{' ' * key.start_mark.column}{behind}{_line_break(text)}" if behind else "")


def _without_entry(pairs: Sequence[Pair], number: int) -> Edit:
    """Takes away an entry between braces, with the comma that it has no need of any more; it is never the only one."""
    key, value = pairs[number]
    if number + 1 < len(pairs):
        return Edit(key.start_mark.index, pairs[number + 1][0].start_mark.index, "")
    return Edit(pairs[number - 1][1].end_mark.index, value.end_mark.index, "")


def _mapping(text: str, key: yaml.Node, workspace: str) -> str:
    quote = '"' if text[key.start_mark.index] == '"' else ""
    return f"{{{quote}workspace{quote}: {_quoted(workspace)}}}"


def _quoted(workspace: str) -> str:
    """A workspace's name in YAML and JSON alike."""
    return json.dumps(workspace, ensure_ascii=False)


def _pairs(node: yaml.Node) -> list[Pair]:
    return cast("list[Pair]", node.value)


def _end(text: str, node: yaml.Node) -> int:
    """Where the last of a value stands: the end of a block, as YAML sees it, is where the next thing begins."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = cast("list[object]", node.value)[-1]
        node = cast("Pair", last)[1] if isinstance(node, yaml.MappingNode) else cast("yaml.Node", last)
    return len(text[: node.end_mark.index].rstrip())


def _line_end(text: str, place: int) -> int:
    """Where the line behind the one of a place begins."""
    return (text.find("\n", place) + 1) or len(text)


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _applied(text: str, edits: Sequence[Edit]) -> str:
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _check(source: Source, after: str, workspace: str) -> None:
    """Read it again: YAML has more ways to say a thing than anybody thinks of.

    Raises:
        DiagnosticError: it does not say what it should.
    """
    try:
        same = [_meaning(each) for each in _values(after)] == [
            _wanted(each, workspace) for each in _values(source.text)
        ]
    except yaml.YAMLError:
        same = False
    if not same:
        message = "this handler file is written in a way that is not understood well enough to rewrite it"
        raise error(NOT_BY_ITSELF, message, Span(0, 0), "write `kind: discord` by hand", source)


def _values(text: str) -> list[Any]:
    return [each for each in yaml.load_all(text, LOADER) if each is not None]


def _wanted(handler: Mapping[str, Any], workspace: str) -> Mapping[str, Any]:
    """What is to become of a handler."""
    if str(handler["kind"]) not in KINDS:
        return _meaning(handler)
    kept = {key: value for key, value in handler.items() if key in KEYS}
    return _meaning({**kept, "kind": "discord", "options": {"workspace": workspace} if workspace else None})


def _meaning(handler: Mapping[str, Any]) -> Mapping[str, Any]:
    """A handler as it is read: no options are the same as empty ones."""
    return {key: value for key, value in handler.items() if key != "options" or value}
