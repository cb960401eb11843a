"""Mutations of templates: what they say of an event, and when."""

from collections.abc import Iterator
from dataclasses import replace

from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import DiagnosticError, Span
from tickdiscord.syntax import tree
from tickdiscord.syntax.formatter import format_expression
from tickdiscord.templates import tree as templates
from tickdiscord.templates.parser import parse
from tickdiscord.testing.mutation.edits import Edit, Edits, edited
from tickdiscord.testing.mutation.places import Argument, Place

FIELDS = {
    "ID": "Level",
    "Name": "Group",
    "TaskName": "Group",
    "Group": "Name",
    "Level": "ID",
    "Message": "Level",
    "Details": "Message",
    "Time": "Duration",
    "Duration": "Time",
    "Count": "Interval",
    "Interval": "Count",
}
"""What a template may say by mistake in place of a field; where it has no such field it does not load."""
LEVELS = {level.name: Level((level + 1) % len(Level)).name for level in Level}


def in_script(place: Place) -> Iterator[tuple[str, tree.String]]:
    """The template that a literal of a script is, if it is one."""
    if isinstance(place, Argument) and isinstance(place.node, tree.String) and "{{" in place.node.value:
        yield place.node.value, place.node


def field_exchanged(place: Place) -> Iterator[Edits]:
    """Another field of the event: `.ID` in place of `.Level`."""
    for text, literal in in_script(place):
        yield from (_written(literal, text, edits) for edits in fields_exchanged(text))


def value_left_out(place: Place) -> Iterator[Edits]:
    """A text without one of the values that it shows."""
    for text, literal in in_script(place):
        yield from (_written(literal, text, edits) for edits in values_left_out(text))


def condition_negated(place: Place) -> Iterator[Edits]:
    """The other branch of an `{{if}}`."""
    for text, literal in in_script(place):
        yield from (_written(literal, text, edits) for edits in conditions_negated(text))


def _written(literal: tree.String, text: str, edits: Edits) -> Edits:
    return (Edit(literal.span, format_expression(replace(literal, value=edited(text, edits)))),)


def fields_exchanged(text: str) -> Iterator[Edits]:
    """The edits of a template that exchange a field, or a level that one is compared with."""
    for operand in _operands(text):
        match operand:
            case templates.Field(names=(name, *_), span=span) if name in FIELDS:
                yield (Edit(Span(span.start + 1, span.start + 1 + len(name)), FIELDS[name]),)
            case templates.String(value=value, span=span) if value in LEVELS:
                yield (Edit(span, f'"{LEVELS[value]}"'),)
            case _:
                pass


def values_left_out(text: str) -> Iterator[Edits]:
    """The edits of a template that leave out an action."""
    for item in _items(text):
        if isinstance(item, templates.Action) and not item.pipeline.names:
            start, end = text.rfind("{{", 0, item.span.start), text.find("}}", item.span.end)
            yield (Edit(Span(start, end + 2)),)


def conditions_negated(text: str) -> Iterator[Edits]:
    """The edits of a template that negate a condition."""
    for item in _items(text):
        for pipeline, _ in item.branches if isinstance(item, templates.If) else ():
            if not pipeline.names:
                span = pipeline.span
                yield (Edit(span, f"not ({text[span.start : span.end]})"),)


def _items(text: str) -> Iterator[templates.Item]:
    try:
        found = parse(text, "")
    except DiagnosticError:
        return
    for body in found.bodies.values():
        yield from templates.walk(body)


def _operands(text: str) -> Iterator[templates.Operand]:
    pending = [pipeline for item in _items(text) for pipeline in _pipelines(item)]
    while pending:
        pipeline = pending.pop(0)
        for command in pipeline.commands:
            for operand in command.operands:
                if isinstance(operand, templates.Parenthesised):
                    pending.append(operand.pipeline)
                else:
                    yield operand


def _pipelines(item: templates.Item) -> Iterator[templates.Pipeline]:
    match item:
        case (
            templates.Action(pipeline=pipeline)
            | templates.Range(pipeline=pipeline)
            | templates.Block(pipeline=pipeline)
        ):
            yield pipeline
        case templates.If(branches=branches) | templates.With(branches=branches):
            yield from (pipeline for pipeline, _ in branches)
        case templates.Call(pipeline=pipeline) if pipeline is not None:
            yield pipeline
        case _:
            pass
