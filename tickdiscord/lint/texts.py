"""The templates of an alert: what they read of the point, and where in the script they do."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity, Span
from tickdiscord.handlers.discord import Discord
from tickdiscord.lint.script import Script
from tickdiscord.nodes.alert import Alert
from tickdiscord.templates import Kind, tree
from tickdiscord.templates.literal import Literal
from tickdiscord.templates.parser import parse


@dataclass(frozen=True, slots=True)
class Text:
    """A template of an alert: the property that it is the value of, its tree, and how to point into it."""

    label: str
    kind: Kind
    literal: Literal
    bodies: Sequence[tree.Body]

    def warning(self, code: str, message: str, span: Span, hint: str = "") -> Diagnostic:
        """A warning about a piece of the template."""
        return self.literal.point(Diagnostic(code, message, span, hint, Severity.WARNING))

    @property
    def commands(self) -> Iterator[tuple[tree.Command, tree.Command | None]]:
        """All commands, also the nested ones, each with the one whose result it is given."""
        for pipeline in self._pipelines():
            before: tree.Command | None = None
            for command in pipeline.commands:
                yield command, before
                before = command

    @property
    def plain(self) -> str:
        """What stands outside of all actions."""
        items = (item for body in self.bodies for item in tree.walk(body))
        return "\0".join(item.text for item in items if isinstance(item, tree.Text))

    def _pipelines(self) -> Iterator[tree.Pipeline]:
        pending = [each for body in self.bodies for item in tree.walk(body) for each in _of_item(item)]
        while pending:
            pipeline = pending.pop(0)
            yield pipeline
            for command in pipeline.commands:
                pending += [each.pipeline for each in command.operands if isinstance(each, tree.Parenthesised)]


class Read(NamedTuple):
    """A tag or field that a template reads by its name."""

    name: str
    span: Span


@dataclass(slots=True)
class Reads:
    """What a template reads. `all_tags`: the map of tags as a whole; `everything`: all of its data."""

    tags: list[Read] = field(default_factory=list[Read])
    fields: list[Read] = field(default_factory=list[Read])
    names: set[str] = field(default_factory=set[str])
    """The names of the data itself: `Group`, `Tags`."""
    all_tags: bool = False
    everything: bool = False


def texts(alert: Alert, script: Script) -> Iterator[Text]:
    """The templates that a script gives to an alert, and the id, even if it gives none."""
    for label, kind, text in (
        ("id", Kind.ID, alert.id),
        ("message", Kind.MESSAGE, alert.message),
        ("details", Kind.DETAILS, alert.details),
    ):
        if (label in alert.said or kind is Kind.ID) and not script.outside.named(alert.said.get(label, alert.span)):
            yield from _parsed(label, kind, text, alert.said.get(label, alert.span), script)
    for handler in alert.handlers:
        if isinstance(handler, Discord) and handler.embed_title:
            span = handler.said.get("embedTitle", handler.span)
            if script.outside.named(span):
                continue
            yield from _parsed("embedTitle", Kind.TITLE, handler.embed_title, span, script)


def reads(text: Text) -> Reads:
    """What a template reads, as far as that shows in its text."""
    found = Reads()
    for command, before in text.commands:
        head, *arguments = command.operands
        indexed = isinstance(head, tree.Function) and head.name == "index"
        for position, operand in enumerate(command.operands):
            name = arguments[1] if indexed and position == 1 and len(arguments) > 1 else None
            _note(operand, name, found)
        if indexed and before is not None and len(arguments) == 1:
            # `"host" | index .Tags`: which tag it is, does not show here.
            found.all_tags = True
    return found


def known_field(operand: tree.Operand) -> str | None:
    """The field that an operand is: `.Fields.v`, or `(index .Fields "v")`."""
    names = _data_names(operand)
    if len(names) == 2 and names[:1] == ("Fields",):
        return names[-1]
    if isinstance(operand, tree.Parenthesised) and not operand.names and len(operand.pipeline.commands) == 1:
        return indexed_field(operand.pipeline.commands[0])
    return None


def indexed_field(command: tree.Command) -> str | None:
    """The field that a command gives: `index .Fields "v"`, or `.Fields.v`."""
    match command.operands:
        case (operand,):
            return known_field(operand)
        case (tree.Function(name="index"), operand, tree.String(value=name)) if _data_names(operand) == ("Fields",):
            return name
        case _:
            return None


def _note(operand: tree.Operand, key: tree.Operand | None, found: Reads) -> None:
    if isinstance(operand, tree.Dot) or (isinstance(operand, tree.Variable) and operand == tree.Variable("$")):
        found.everything = True
    names = _data_names(operand)
    if not names:
        return
    first = names[0]
    found.names.add(first)
    into = {"Tags": found.tags, "Fields": found.fields}.get(first)
    if into is None:
        return
    if len(names) > 1:
        into.append(Read(names[1], operand.span))
    elif isinstance(key, tree.String):
        into.append(Read(key.value, key.span))
    elif first == "Tags":
        found.all_tags = True


def _data_names(operand: tree.Operand) -> tuple[str, ...]:
    """The names behind the dot of the whole data."""
    match operand:
        case tree.Field(names=names) | tree.Variable(name="$", names=names):
            return names
        case _:
            return ()


def _of_item(item: tree.Item) -> list[tree.Pipeline]:
    match item:
        case tree.Action(pipeline=pipeline) | tree.Range(pipeline=pipeline) | tree.Block(pipeline=pipeline):
            return [pipeline]
        case tree.If(branches=branches) | tree.With(branches=branches):
            return [pipeline for pipeline, _ in branches]
        case tree.Call(pipeline=pipeline) if pipeline is not None:
            return [pipeline]
        case _:
            return []


def _parsed(label: str, kind: Kind, text: str, span: Span, script: Script) -> Iterator[Text]:
    with suppress(DiagnosticError):
        parsed = parse(text, kind.go_name)
        yield Text(label, kind, Literal(text, span, script.source), tuple(parsed.bodies.values()))
