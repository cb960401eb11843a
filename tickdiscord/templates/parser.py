"""Reads the text of a template into its tree."""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn, cast

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from tickdiscord import gotext
from tickdiscord.diagnostics import Span, error
from tickdiscord.syntax.grammar import machine
from tickdiscord.templates import tree
from tickdiscord.templates.build import Build, Misuse

SYNTAX = "TD300"
"""Code of a template that cannot be read."""
LONGEST = 1 << 16
"""Characters of the longest template."""

_BLOCK = re.compile(r"\{\{-?\s*(if|with|range|define|block|end)\b")
_OPERATOR = re.compile(r"[=!<>&+*/%^~-]+")


@functools.cache
def _parser() -> Any:
    return machine("template.lark", Build(), start="template", maybe_placeholders=True)


def parse(text: str, name: str) -> tree.TemplateSet:
    """Read a template's text; `name` is what Kapacitor calls it.

    Raises:
        DiagnosticError: if it is no template; the span counts from the start of the text.
    """
    if len(text) > LONGEST:
        raise error(SYNTAX, f"the template is longer than {LONGEST} characters", Span(0, 1))
    try:
        body, definitions = _read(text)
        return _collect(name, body, definitions)
    except Misuse as problem:
        raise error(SYNTAX, problem.message, problem.span, problem.hint) from None


def _read(text: str) -> tuple[tree.Body, list[tree.Definition]]:
    try:
        return _parser().parse(text)
    except UnexpectedCharacters as problem:
        _explain(text, cast("int", problem.pos_in_stream), cast("Iterable[str]", problem.allowed))
    except UnexpectedToken as problem:
        token = cast("Token", problem.token)
        at = len(text) if token.type == "$END" else token.start_pos or 0
        _explain(text, at, cast("Iterable[str]", problem.accepts or problem.expected))
    except UnexpectedInput:
        _explain(text, len(text), ())


def _explain(text: str, at: int, expected: Iterable[str]) -> NoReturn:
    wanted = set(expected)
    at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n"))
    outside = bool({"_OPEN", "_END"} & wanted)
    if at >= len(text):
        raise _unfinished(text, outside)
    rest = text[at:]
    if outside:
        raise _misplaced(rest, at)
    if rest.startswith("{{"):
        raise Misuse(Span(at, at + 2), "the action before this one is not closed", "`}}` is missing")
    if rest.startswith(("}}", "-}}")):
        what = "a parenthesis is not closed" if "_CLOSE_PAREN" in wanted else "a value is missing before the `}}`"
        raise Misuse(Span(at, at + 2), what)
    if rest[0] in "\"'`":
        raise _string(rest, at)
    operator = _OPERATOR.match(rest)
    if operator and not rest.startswith("/*"):
        hint = "templates have no operators: write `eq a b`, `ne a b`, `lt a b`, `and a b`, `not a`"
        raise Misuse(Span(at, at + operator.end()), f"unexpected `{operator[0][:20]}` in the action", hint)
    raise _word(rest, at)


def _unfinished(text: str, outside: bool) -> Misuse:
    if not outside:
        at = text.rfind("{{")
        return Misuse(Span(at, at + 2), "this action is not closed", "`}}` is missing")
    opened: list[re.Match[str]] = []
    for found in _BLOCK.finditer(text):
        if found[1] != "end":
            opened.append(found)
        elif opened:
            opened.pop()
    if not opened:
        return Misuse(Span(len(text) - 1, len(text)), "the template ends too early")
    last = opened[-1]
    return Misuse(Span(*last.span()), f"this `{{{{{last[1]}}}}}` has no `{{{{end}}}}`")


def _misplaced(rest: str, at: int) -> Misuse:
    keyword = re.match(r"\s*\{\{-?\s*(\w+)", rest)
    if keyword is None:
        return Misuse(Span(at, at + 2), "this action cannot be read")
    span = Span(at, at + keyword.end())
    if keyword[1] == "define":
        return Misuse(span, "`{{define}}` can only stand outside of all other actions")
    return Misuse(span, f"unexpected `{{{{{keyword[1]}}}}}`", "nothing is open here that it could belong to")


def _string(rest: str, at: int) -> Misuse:
    mark = rest[0]
    closed = re.match(r"`[^`]*`" if mark == "`" else rf"{mark}(?:[^{mark}\\\n]|\\[^\n])*{mark}", rest)
    if closed:
        return Misuse(Span(at, at + closed.end()), "a space is missing beside this string")
    what = "this character" if mark == "'" else "this string"
    hint = "strings stand between double quotes or backquotes" if mark == "'" else ""
    return Misuse(Span(at, at + 1), f"{what} is not closed", hint)


def _word(rest: str, at: int) -> Misuse:
    if dashed := re.match(r"((?:[$.]\w+)*)\.(\w+-[\w-]+)", rest):
        hint = f'write `index {dashed[1] or "."} "{dashed[2]}"`' if dashed[1] else ""
        return Misuse(Span(at, at + dashed.end()), f"`{dashed[2]}` cannot be taken as a field: it has a dash", hint)
    word = re.match(r"/\*|\.?\w+|.", rest, re.S)
    shown = word[0][:40] if word else rest[0]
    hint = "a comment is written `{{/* … */}}`, without spaces" if shown == "/*" else ""
    if shown in ("if", "else", "end", "range", "with", "define", "block", "template", "break", "continue"):
        hint = "keywords stand first in an action"
    return Misuse(Span(at, at + len(shown)), f"unexpected {gotext.quote(shown)} in the action", hint)


def _collect(name: str, body: tree.Body, definitions: Sequence[tree.Definition]) -> tree.TemplateSet:
    """All templates by name; Go: of two with one name, one must be empty, and gives way to the other."""
    bodies: dict[str, tree.Body] = {}
    for definition in (*definitions, *_blocks(definitions, body), tree.Definition(name, body, span=Span(0, 1))):
        known = bodies.get(definition.name)
        if known is None or _is_empty(known):
            bodies[definition.name] = definition.body
        elif not _is_empty(definition.body):
            raise Misuse(definition.span, f"the template {gotext.quote(definition.name)} is defined twice")
    return tree.TemplateSet(name, bodies)


def _blocks(definitions: Sequence[tree.Definition], body: tree.Body) -> Iterator[tree.Definition]:
    for outer in (*(definition.body for definition in definitions), body):
        for item in tree.walk(outer):
            if isinstance(item, tree.Block):
                yield tree.Definition(item.name, item.body, span=item.span)


def _is_empty(body: tree.Body) -> bool:
    return all(isinstance(item, tree.Text) and not item.text.strip() for item in body.items)
