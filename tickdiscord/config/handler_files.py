"""Handler files, as `kapacitor define-topic-handler` takes them: YAML or JSON, one handler a document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from tickdiscord.config.files import listed, read_text
from tickdiscord.diagnostics import (
    Diagnostic,
    DiagnosticError,
    Source,
    Span,
    collecting,
    did_you_mean,
    error,
    warning,
)
from tickdiscord.handlers.handler import Handler
from tickdiscord.handlers.registry import UNSUPPORTED, handler_classes
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.properties import Argument, Property, kind_of, properties_of
from tickdiscord.syntax import tree

SYNTAX = "TD420"
UNKNOWN_KEY = "TD421"
MISSING = "TD422"
KIND = "TD423"
OPTION = "TD424"
AT_THE_TOP = "TD425"
DUPLICATE = "TD426"
LATER = "TD427"

ENDINGS = (".yaml", ".yml", ".json")
KEYS = ("id", "topic", "kind", "match", "options")

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Found:
    """What some handler files say."""

    subscriptions: list[Subscription] = field(default_factory=list[Subscription])
    warnings: list[Diagnostic] = field(default_factory=list[Diagnostic])


def read_handlers(paths: Sequence[Path]) -> Found:
    """The handlers in files and folders.

    Raises:
        DiagnosticError: a file cannot be read, or something in it is wrong; everything that is.
    """
    found = Found()
    problems: list[Diagnostic] = []
    for path in listed(paths, ENDINGS):
        with collecting(problems):
            source = Source(str(path), read_text(path))
            for document in _documents(source):
                with collecting(problems, source):
                    found.subscriptions.append(_handler(document, source, found.warnings))
    problems += _duplicates(found.subscriptions)
    if problems:
        raise DiagnosticError(*problems)
    return found


def _documents(source: Source) -> list[yaml.Node]:
    try:
        composed = cast("Iterable[yaml.Node | None]", yaml.compose_all(source.text, Loader=_Loader))  # pyright: ignore[reportUnknownMemberType]
        found = [each for each in composed if each is not None]
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = min(mark.index, len(source.text)) if mark else 0
        raise error(SYNTAX, f"not YAML: {problem.problem}", Span(place, place + 1), source=source) from None
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise error(SYNTAX, f"not YAML: {str(problem).splitlines()[0]}", source=source) from None
    if not found:
        raise error(MISSING, "the file is empty, a handler is wanted", Span(0, 0), source=source)
    return found


def _handler(document: yaml.Node, source: Source, warnings: list[Diagnostic]) -> Subscription:
    entries = _entries(document, "a handler")
    missing = [key for key in ("id", "topic", "kind") if not _text(entries, key)]
    kind = _text(entries, "kind")
    known = handler_classes().get(kind)
    problems = [
        Diagnostic(MISSING, f"the handler has no `{key}`", _span(document) if key not in entries else entries[key][0])
        for key in missing
    ]
    if kind and known is None:
        problems.append(_unknown_kind(kind, _span(entries["kind"][1])))
    if problems or known is None:
        raise DiagnosticError(*problems)
    handler = known()
    handler.span = _span(entries["kind"][1])
    declared = {kebab(name): each for name, each in properties_of(known).items()}
    options = dict(_entries(entries["options"][1], "`options`")) if _is_said(entries.get("options")) else {}
    for key, entry in entries.items():
        if key in declared and key not in KEYS:
            options.setdefault(key, entry)
            hint = "Kapacitor reads it under `options:` only"
            warnings.append(warning(AT_THE_TOP, f"`{key}` stands beside `kind`", entry[0], hint, source))
        elif key not in KEYS:
            problems.append(_unknown_key(key, entry[0], [*KEYS, *declared]))
    if _is_said(entries.get("match")):
        problems.append(Diagnostic(LATER, "`match` is not supported yet", entries["match"][0]))
    for key, (place, value) in options.items():
        with collecting(problems):
            _set(handler, key, place, value, declared)
    required = [name for name, each in declared.items() if each.positional and name not in options]
    problems += [Diagnostic(MISSING, f"the handler has no option `{name}`", handler.span) for name in required]
    if problems:
        raise DiagnosticError(*problems)
    return Subscription(_text(entries, "id"), _text(entries, "topic"), handler, source)


Entry = tuple[Span, yaml.Node]
"""A key's place and its value."""


def _entries(node: yaml.Node, what: str) -> dict[str, Entry]:
    if not isinstance(node, yaml.MappingNode):
        raise error(SYNTAX, f"{what} is a list of keys with values", _span(node))
    entries: dict[str, Entry] = {}
    for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        name = str(key.value)
        if name in entries:
            raise error(DUPLICATE, f"`{name}` stands twice", _span(key))
        entries[name] = (_span(key), value)
    return entries


def _set(handler: Handler, key: str, place: Span, value: yaml.Node, declared: Mapping[str, Property]) -> None:
    """Give an option to a handler."""
    found = declared.get(key)
    if found is None:
        raise DiagnosticError(_unknown_key(key, place, list(declared)))
    argument = literal(value)
    if argument is None:
        return
    handler.said[found.name] = _span(value)
    if not found.required:
        if isinstance(argument, tree.Bool):
            setattr(handler, found.attribute, argument.value)
            return
        raise error(OPTION, f"`{key}` wants a bool, got a {kind_of(argument)}", _span(value))
    wanted = found.required[0]
    read = wanted.read(argument)
    if read is None:
        raise error(OPTION, f"`{key}` wants a {wanted.name}, got a {kind_of(argument)}", _span(value))
    wrong = found.check(read) if found.check else ""
    if wrong:
        raise error(OPTION, f"`{key}` {wrong}", _span(value))
    setattr(handler, found.attribute, found.fold(getattr(handler, found.attribute), (read,)))


def literal(node: yaml.Node) -> Argument | None:
    """A YAML value as the literal that a script would say; None for an empty one."""
    span = _span(node)
    if isinstance(node, yaml.SequenceNode):
        items = [literal(each) for each in cast("list[yaml.Node]", node.value)]
        return tree.List(tuple(cast("tree.Expression", each) for each in items if each is not None), span=span)
    try:
        value: object = _Loader("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
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
            return (
                tree.String(str(node.value), span=span) if isinstance(node, yaml.ScalarNode) else tree.Star(span=span)
            )


def kebab(name: str) -> str:
    """The name of an option in a file: `avatarUrl` is `avatar-url`."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def _unknown_kind(kind: str, span: Span) -> Diagnostic:
    kinds = [*handler_classes(), *(kebab(name) for name in UNSUPPORTED)]
    if kind in kinds or kind.lower() in (name.lower() for name in UNSUPPORTED):
        hint = f"Kapacitor has it; tickdiscord has: {', '.join(handler_classes())}"
        return Diagnostic(LATER, f"the kind of handler `{kind}` is not supported yet", span, hint)
    return Diagnostic(KIND, f"there is no kind of handler `{kind}`", span, did_you_mean(kind, kinds))


def _unknown_key(key: str, span: Span, known: Sequence[str]) -> Diagnostic:
    hint = did_you_mean(key, known) or f"it has: {', '.join(known)}"
    return Diagnostic(UNKNOWN_KEY, f"a handler has no key `{key}`", span, hint)


def _duplicates(subscriptions: Sequence[Subscription]) -> list[Diagnostic]:
    seen: dict[tuple[str, str], Subscription] = {}
    found: list[Diagnostic] = []
    for each in subscriptions:
        first = seen.setdefault((each.topic, each.id), each)
        if first is not each:
            message = f"the topic `{each.topic}` has a handler `{each.id}` already, in {first.source.name}"
            found.append(Diagnostic(DUPLICATE, message, each.handler.span, source=each.source))
    return found


def _is_said(entry: Entry | None) -> bool:
    return entry is not None and literal_or_mapping(entry[1])


def literal_or_mapping(node: yaml.Node) -> bool:
    """Whether a value is there at all: `options:` with nothing behind it is none."""
    return not (isinstance(node, yaml.ScalarNode) and literal(node) is None)


def _text(entries: Mapping[str, Entry], key: str) -> str:
    entry = entries.get(key)
    if entry is None or not isinstance(entry[1], yaml.ScalarNode) or literal(entry[1]) is None:
        return ""
    return str(entry[1].value)


def _span(node: yaml.Node) -> Span:
    return Span(node.start_mark.index, node.end_mark.index)
