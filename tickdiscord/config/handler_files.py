"""Handler files, as `kapacitor define-topic-handler` takes them: YAML or JSON, one handler a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tickdiscord.alert.match import Condition
from tickdiscord.config.files import listed, read_text
from tickdiscord.config.handler_options import MISSING, known_as, missing_options, options_of, set_option, unknown_key
from tickdiscord.config.yaml_nodes import Entry, documents, entries, is_said, span_of, word
from tickdiscord.diagnostics import (
    Diagnostic,
    DiagnosticError,
    Source,
    Span,
    collecting,
    did_you_mean,
    error,
    nearest,
    warning,
)
from tickdiscord.handlers.registry import file_kinds, handler_classes
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.properties import Property
from tickdiscord.syntax.parser import parse_expression

KIND = "TD423"
AT_THE_TOP = "TD425"
DUPLICATE = "TD426"
NO_FILES = "TD428"
BAD_MATCH = "TD429"

ENDINGS = (".yaml", ".yml", ".json")
KEYS = ("id", "topic", "kind", "match", "options")


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
            read = handlers_in(Source(str(path), read_text(path)))
            found.subscriptions += read.subscriptions
            found.warnings += read.warnings
    for path in paths:
        if path.is_dir() and not listed([path], ENDINGS):
            hint = f"handler files end in {', '.join(ENDINGS)}"
            found.warnings.append(warning(NO_FILES, f"there are no handler files in `{path}`", hint=hint))
    problems += _duplicates(found.subscriptions)
    if problems:
        raise DiagnosticError(*problems)
    return found


def handlers_in(source: Source) -> Found:
    """The handlers in the text of a file.

    Raises:
        DiagnosticError: something in it is wrong; everything that is.
    """
    found = Found()
    problems: list[Diagnostic] = []
    read = documents(source)
    if not read:
        raise error(MISSING, "the file is empty, a handler is wanted", Span(0, 0), source=source)
    for document in read:
        with collecting(problems, source):
            found.subscriptions.append(_subscription(document, source, found.warnings))
    if problems:
        raise DiagnosticError(*problems)
    return found


def _subscription(document: yaml.Node, source: Source, warnings: list[Diagnostic]) -> Subscription:
    said = entries(document, "a handler")
    problems = [
        Diagnostic(MISSING, f"the handler has no `{key}`", said[key][0] if key in said else span_of(document))
        for key in ("id", "topic", "kind")
        if not word(said, key)
    ]
    kind = word(said, "kind")
    known = file_kinds().get(kind)
    if kind and known is None:
        problems.append(_unknown_kind(kind, span_of(said["kind"][1])))
    condition: Condition | None = None
    with collecting(problems):
        condition = _condition(said, source)
    if known is None:
        raise DiagnosticError(*problems)
    handler = known()
    handler.span = span_of(said["kind"][1])
    options = options_of(known)
    given = dict(entries(said["options"][1], "`options`")) if is_said(said.get("options")) else {}
    given |= _beside_kind(said, given, options, source, warnings, problems)
    for key, entry in given.items():
        with collecting(problems):
            set_option(handler, options, key, entry)
    problems += missing_options(handler, options)
    problems += () if problems else handler.problems()
    if problems:
        raise DiagnosticError(*problems)
    return Subscription(word(said, "id"), word(said, "topic"), handler, source, condition, span_of(said["topic"][1]))


def _beside_kind(
    said: Mapping[str, Entry],
    given: Mapping[str, Entry],
    options: Mapping[str, Property],
    source: Source,
    warnings: list[Diagnostic],
    problems: list[Diagnostic],
) -> dict[str, Entry]:
    """The options that stand beside `kind`, as Kapacitor's page shows them; where they stand twice, not these."""
    found: dict[str, Entry] = {}
    for key, entry in said.items():
        if key in KEYS:
            continue
        name = known_as(options, key)
        if name is None:
            problems.append(unknown_key(key, entry[0], [*KEYS, *options]))
        elif any(known_as(options, other) == name for other in given):
            message = f"`{key}` stands beside `kind` and under `options:`, which counts"
            warnings.append(warning(AT_THE_TOP, message, entry[0], "remove one of them", source))
        else:
            hint = "Kapacitor reads it under `options:` only"
            warnings.append(warning(AT_THE_TOP, f"`{key}` stands beside `kind`", entry[0], hint, source))
            found[key] = entry
    return found


def _condition(said: Mapping[str, Entry], source: Source) -> Condition | None:
    """The `match`, with places in the file, as far as it stands there as it is meant.

    Raises:
        DiagnosticError: it is no expression.
    """
    entry = said.get("match")
    if entry is None or not is_said(entry):
        return None
    text, span = word(said, "match"), span_of(entry[1])
    if not text:
        raise error(BAD_MATCH, "`match` is an expression, such as `changed() == TRUE`", span)
    if not text.strip():
        return None
    quoted = source.text[span.start : span.start + 1] in ("'", '"')
    start = span.start + quoted
    if source.text[start : start + len(text)] == text:
        # Blanks in front put every place of the expression where it stands in the file.
        text = " " * start + text
    else:
        source = Source(f"{source.name}: match", text)
    try:
        return Condition(parse_expression(text, source.name), source)
    except DiagnosticError as problem:
        found = (Diagnostic(d.code, d.message, d.span, d.hint, d.severity, source) for d in problem.diagnostics)
        raise DiagnosticError(*found) from None


def _unknown_kind(kind: str, span: Span) -> Diagnostic:
    kinds = file_kinds()
    script_kind = handler_classes().get(kind)
    if script_kind is not None:
        hint = f"in a handler file it is called `{script_kind.in_files or script_kind.kind}`"
    else:
        near = nearest(kind, [*kinds, *handler_classes()])
        same = handler_classes().get(near or "")
        meant = (same.in_files or same.kind) if same and near not in kinds else near
        hint = did_you_mean(meant or kind, kinds) or f"kinds are: {', '.join(kinds)}"
    return Diagnostic(KIND, f"there is no kind of handler `{kind}`", span, hint)


def _duplicates(subscriptions: Sequence[Subscription]) -> list[Diagnostic]:
    seen: dict[tuple[str, str], Subscription] = {}
    found: list[Diagnostic] = []
    for each in subscriptions:
        first = seen.setdefault((each.topic, each.id), each)
        if first is not each:
            message = f"the topic `{each.topic}` has a handler `{each.id}` already, in {first.source.name}"
            found.append(Diagnostic(DUPLICATE, message, each.handler.span, source=each.source))
    return found
