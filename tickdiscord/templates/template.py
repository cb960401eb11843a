"""Templates, compiled once when a script is loaded and rendered for every event."""

import copy
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, Span, error
from tickdiscord.templates import codegen, data, tree
from tickdiscord.templates.branches import Branch, Seen, branches
from tickdiscord.templates.check import check
from tickdiscord.templates.escaping.context import EscapeError
from tickdiscord.templates.escaping.contextual import escape
from tickdiscord.templates.failure import Fault, TemplateError
from tickdiscord.templates.literal import Literal
from tickdiscord.templates.parser import parse
from tickdiscord.templates.printf import LONGEST, TooLong
from tickdiscord.templates.resolve import functions_of, resolve
from tickdiscord.templates.running import Run, drive
from tickdiscord.templates.source import Generated, Place, load
from tickdiscord.templates.values import HALF, to_bytes

TOO_DEEP = "TD304"
"""Code of a template that is nested too deep to be compiled."""
HTML = "TD320"
"""Code of a `.details()` whose HTML does not add up."""
RENDER = "TD330"
"""Code of a template that fails on the data of an event."""
ZERO_VALUES = "TD321"
"""Code of an aggregate's message that cannot even be rendered for no events."""

_STRAY = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Sees:
    name: str
    data: type


class Kind(Enum):
    """Where a template stands, which decides what it sees, and under which name Kapacitor knows it."""

    ID = _Sees("id", data.IdData)
    MESSAGE = _Sees("message", data.MessageData)
    DETAILS = _Sees("details", data.DetailsData)
    TITLE = _Sees("embedTitle", data.TitleData)
    AGGREGATE = _Sees("aggregate", data.AggregateData)
    ALERT = _Sees("alert-template", data.AlertData)
    ROW = _Sees("row-template", data.MappedRow)

    @property
    def go_name(self) -> str:
        """The name in Go's messages."""
        return GO_NAMES.get(self, self.value.name)


WITH_JSON = (Kind.DETAILS, Kind.ALERT, Kind.ROW)
GO_NAMES: Mapping[Kind, str] = {Kind.AGGREGATE: "message", Kind.ALERT: "body", Kind.ROW: "body"}


class Template:
    """A compiled template.

    `text` is what was compiled; `constant` says that it holds no action at all, so that it is the same for all data.
    """

    __slots__ = ("_literal", "_main", "_measured", "_places", "_suspended", "_ways", "constant", "kind", "text")

    def __init__(
        self, literal: Literal, kind: Kind, generated: Generated, constant: bool, branches: Sequence[Branch]
    ) -> None:
        self._literal = literal
        self._ways = branches
        self.text = literal.text
        self.kind = kind
        self.constant = constant
        self._main: Callable[..., Any] = load(generated, f"<template {kind.value.name}>")
        self._places = generated.places
        self._suspended = generated.suspended
        self._measured = generated.suspended or generated.bulky

    def placed(self, literal: Literal) -> "Template":
        """The same template, with errors that point to where a literal stands."""
        found = copy.copy(self)
        found._literal = literal
        return found

    @property
    def branches(self) -> Sequence[Branch]:
        """The ways that it can go, with their places in the script."""
        return [replace(each, span=self._literal.over(each.span)) for each in self._ways]

    def render(self, data: data.TemplateData) -> str:
        """The template's text for some data, which must be of the class that its kind sees.

        An aggregate's message that fails is what was written before it failed, as in Kapacitor.

        Raises:
            TemplateError: if the template fails on this data.
        """
        if self._measured:
            text, problem = self.attempt(data)
            if problem and self.kind is not Kind.AGGREGATE:
                raise problem
            return text
        out: list[str] = []
        try:
            self._main(None, out.append, data)
        except Fault as fault:
            if self.kind is Kind.AGGREGATE:
                return _whole("".join(out))
            raise self._error(fault, out) from None
        text = "".join(out)
        return text if text.isascii() else _whole(text)

    def attempt(self, data: data.TemplateData) -> tuple[str, TemplateError | None]:
        """What was written, and what stopped it, if anything did."""
        run = Run()
        try:
            if self._suspended:
                drive(run, self._main(run, run.out.append, data))
            else:
                self._main(run, run.out.append, data)
            run.measure(-1)
        except Fault as fault:
            problem = self._error(fault, run.out)
        except TooLong:
            problem = self._error(Fault(-1, f"a value is longer than {LONGEST} characters"), run.out)
        else:
            return _whole("".join(run.out)), None
        return problem.written, problem

    def _error(self, fault: Fault, out: list[str]) -> TemplateError:
        """Go's words for what went wrong, and the place of it."""
        place = self._places[fault.place] if fault.place >= 0 else Place(self.kind.go_name, "", 0, tree.Node())
        if fault.node:
            place = Place(place.template, str(fault.node), fault.node.span.start, fault.node)
        before = self.text[: place.at]
        line, column = before.count("\n") + 1, len(to_bytes(before[before.rfind("\n") + 1 :]))
        name = place.template.partition("\0")[0]
        where = f"template: {self.kind.go_name}:{line}:{column}: executing {tree.String(name)} at <{place.shown}>"
        written = "".join(out) if sum(map(len, out)) <= LONGEST else ""
        diagnostic = self._literal.point(Diagnostic(RENDER, fault.message, place.node.span))
        return TemplateError(f"{where}: {fault.message}", fault.message, diagnostic, _whole(written))


def _whole(shown: str) -> str:
    """The text with U+FFFD for each byte that is no UTF-8, after halves of characters have found each other."""
    if shown.isascii() or not _STRAY.search(shown):
        return shown
    return _STRAY.sub("\ufffd", to_bytes(shown).decode("utf-8", "surrogateescape"))


def compile_template(
    text: str,
    kind: Kind,
    span: Span | None = None,
    source: Source | None = None,
    *,
    strict: bool = True,
    seen: Seen | None = None,
) -> Template:
    """Compile a template. What was compiled is remembered: tests compile the same rules again and again.

    `span` is where its string literal stands in `source`, so that errors point into the script. With `strict`, what is
    sure to fail when it is reached (a field that the data never has, a wrong number of arguments, a template that is
    not defined) is an error already; without, only when it is reached, as in Kapacitor. With `seen`, what decides each
    of its branches is seen, by code that is made for it.

    Raises:
        DiagnosticError: if it is no template, with all that could be found wrong.
    """
    text = HALF.sub("\ufffd", text)
    literal = Literal(text, span, source or Source(f"template {kind.value.name}", text))
    try:
        return _of_text(text, kind, strict, seen).placed(literal)
    except DiagnosticError as problem:
        raise DiagnosticError(*map(literal.point, problem.diagnostics)) from None


@functools.lru_cache(maxsize=1024)
def _of_text(text: str, kind: Kind, strict: bool, seen: Seen | None) -> Template:
    """The template wherever it stands: its places are those of the text."""
    templates = parse(text, kind.go_name)
    resolve(templates, functions_of(json=kind in WITH_JSON))
    if strict and (found := check(templates, kind.value.data)):
        raise DiagnosticError(*found)
    return _compiled(Literal(text, None, Source("", text)), kind, templates, seen)


def _compiled(literal: Literal, kind: Kind, templates: tree.TemplateSet, seen: Seen | None) -> Template:
    whole = Span(0, len(literal.text))
    found = branches(templates)
    if kind is Kind.DETAILS:
        try:
            templates = escape(templates)
        except EscapeError as problem:
            span = problem.span or whole
            raise error(HTML, problem.message, span, "Kapacitor fails on it at the first alert") from None
    constant = all(isinstance(item, tree.Text) for item in templates.bodies[templates.name].items)
    try:
        generated = codegen.generate(templates, kind.value.data, seen, found)
        template = Template(literal, kind, generated, constant, found)
    except (SyntaxError, RecursionError, MemoryError):
        raise error(TOO_DEEP, "the template is nested too deep", whole) from None
    if kind is Kind.AGGREGATE and seen is None:  # a trial is not to be seen
        _try_on_nothing(template)
    return template


def _try_on_nothing(template: Template) -> None:
    """Kapacitor tries an aggregate's message on zero values when it is loaded.

    Raises:
        DiagnosticError: if that fails.
    """
    problem = template.attempt(data.AggregateData(0, 0))[1]
    if problem:
        d = problem.diagnostic
        raise DiagnosticError(Diagnostic(ZERO_VALUES, f"it fails on no events: {d.message}", d.span, source=d.source))
