"""Mutations of handler files: their `match:`, and what stands under `options:`."""

from collections.abc import Callable, Iterator, Mapping

import yaml

from tickdiscord.config.yaml_nodes import Entry, documents, entries, is_said, span_of, word
from tickdiscord.diagnostics import DiagnosticError, Source, Span
from tickdiscord.gotext import duration_text, parse_duration
from tickdiscord.syntax.parser import parse_expression
from tickdiscord.testing.mutation import in_templates
from tickdiscord.testing.mutation.edits import Edit, Edits, edited
from tickdiscord.testing.mutation.grain import Grain
from tickdiscord.testing.mutation.mutations import MUTATIONS
from tickdiscord.testing.mutation.places import Script, terms

TEMPLATES: Mapping[str, Callable[[str], Iterator[Edits]]] = {
    "template field": in_templates.fields_exchanged,
    "template value left out": in_templates.values_left_out,
    "template condition negated": in_templates.conditions_negated,
}


def changes(source: Source) -> Iterator[tuple[str, Edits]]:
    """The mutations of all handlers in a file, each with its kind."""
    for document in documents(source):
        said = entries(document, "a handler")
        if is_said(said.get("match")):
            yield from _match(said["match"], word(said, "match"))
        options = said.get("options")
        if options is not None and is_said(options):
            yield from _options(options[1], source)


def _match(entry: Entry, text: str) -> Iterator[tuple[str, Edits]]:
    span = span_of(entry[1])
    yield "match negated", (_scalar(span, f"!({text})"),)
    yield "match dropped", (_scalar(span, "TRUE"),)
    try:
        expression = parse_expression(text)
    except DiagnosticError:
        return
    script = Script(Source("match", text), Grain())
    for mutation in MUTATIONS:
        for term in terms(expression, script):
            for edits in mutation.edits(term):
                yield mutation.name, (_scalar(span, edited(text, edits)),)


def _options(options: yaml.Node, source: Source) -> Iterator[tuple[str, Edits]]:
    for key, node in entries(options, "`options`").values():
        span = span_of(node)
        if isinstance(node, yaml.ScalarNode):
            text = str(node.value)
            for kind, mutate in TEMPLATES.items():
                yield from ((kind, (_scalar(span, edited(text, edits)),)) for edits in mutate(text))
            yield from (("duration halved or doubled", (Edit(span, other),)) for other in _durations(text))
        line = source.text.rfind("\n", 0, key.start) + 1
        if not source.text[line : key.start].strip():
            yield "option dropped", (Edit(Span(line, _line_end(source.text, span.end))),)


def _line_end(text: str, at: int) -> int:
    """Behind the line break that ends a value: a block text holds it already."""
    if at and text[at - 1] == "\n":
        return at
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _durations(text: str) -> Iterator[str]:
    try:
        length = parse_duration(text)
    except ValueError:
        return
    if length:
        yield duration_text(length // 2)
        yield duration_text(length * 2)


def _scalar(span: Span, text: str) -> Edit:
    """A text as YAML has it in any place."""
    escaped = text.replace("'", "''")
    return Edit(span, f"'{escaped}'" if "\n" not in text else _block(text))


def _block(text: str) -> str:
    return str(yaml.safe_dump(text, default_style='"', width=1_000_000)).rstrip("\n")
