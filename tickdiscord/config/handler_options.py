"""The options of handler files: what a script says by properties, in YAML.

`workspace: ops` is `.workspace('ops')`, `args: [a, b]` gives all arguments, `headers: {a: b}` is a call for each key,
and a list of mappings one for each of them. As in Kapacitor the case of an option's name does not matter.
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast

import yaml

from tickdiscord.config.yaml_nodes import Entry, entries, literal, span_of
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Span, did_you_mean, error
from tickdiscord.gotext import parse_duration
from tickdiscord.handlers.handler import Handler
from tickdiscord.properties import DURATION, Argument, Property, kind_of, properties_of
from tickdiscord.syntax import tree
from tickdiscord.syntax.literals import UNITS

UNKNOWN_KEY = "TD421"
OPTION = "TD424"
MISSING = "TD422"

_WORDS = re.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where a word ends and the next begins; capitals in a row are one word, but for the last if it begins another."""


def options_of(kind: type[Handler]) -> Mapping[str, Property]:
    """The options of a kind of handler, by name."""
    named = {kind.options.get(name, kebab(name)): found for name, found in properties_of(kind).items()}
    return {name: found for name, found in named.items() if name}


def known_as(options: Mapping[str, Property], key: str) -> str | None:
    """The option that a key means."""
    return next((name for name in options if name.lower() == key.lower()), None)


def set_option(handler: Handler, options: Mapping[str, Property], key: str, entry: Entry) -> None:
    """Give an option to a handler.

    Raises:
        DiagnosticError: there is no such option, or its value is not what it wants.
    """
    place, value = entry
    name = known_as(options, key)
    if name is None:
        raise DiagnosticError(unknown_key(key, place, list(options)))
    found = options[name]
    calls = _calls(value, found, key, type(handler).items.get(found.name, ()))
    for given in calls:
        _apply(handler, found, key, given, span_of(value))
    if calls:
        handler.said[found.name] = span_of(value)


def missing_options(handler: Handler, options: Mapping[str, Property]) -> list[Diagnostic]:
    """What has to be said, and was not."""
    wanted = [name for name, each in options.items() if each.positional and each.required]
    return [
        Diagnostic(MISSING, f"the handler has no option `{name}`", handler.span)
        for name in wanted
        if options[name].name not in handler.said
    ]


def unknown_key(key: str, span: Span, known: Sequence[str]) -> Diagnostic:
    """A key that a handler does not have."""
    hint = did_you_mean(key, known) or f"it has: {', '.join(known)}"
    return Diagnostic(UNKNOWN_KEY, f"a handler has no key `{key}`", span, hint)


def kebab(name: str) -> str:
    """The name of an option: `avatarUrl` is `avatar-url`, `skipSSLVerification` is `skip-ssl-verification`."""
    return _WORDS.sub("-", name).lower()


def _calls(value: yaml.Node, found: Property, key: str, items: Sequence[str]) -> list[list[Argument]]:
    """The calls that an option stands for, each with its arguments."""
    several = len(found.required) > 1 or (found.rest is not None and bool(items))
    if isinstance(value, yaml.MappingNode) and len(found.required) == 2 and not items:
        return [
            [tree.String(name, span=place), *_said(literal(inner))]
            for name, (place, inner) in entries(value, f"`{key}`").items()
        ]
    if isinstance(value, yaml.SequenceNode) and several and items:
        return [_item(each, key, items) for each in cast("list[yaml.Node]", value.value)]
    given = literal(value)
    if given is None:
        return []
    if isinstance(given, tree.List) and found.rest is not None and not several:
        return [list(given.items)]
    if several:
        shape = f"a list of {', '.join(items)}" if items else "keys with values"
        raise error(OPTION, f"`{key}` wants {shape}, got {_a(kind_of(given))}", span_of(value))
    return [[given]]


def _item(node: yaml.Node, key: str, items: Sequence[str]) -> list[Argument]:
    found = entries(node, f"an item of `{key}`")
    for name, (place, _) in found.items():
        if name not in items:
            raise DiagnosticError(unknown_key(name, place, items))
    return [argument for name in items if name in found for argument in _said(literal(found[name][1]))]


def _said(argument: Argument | None) -> list[Argument]:
    return [] if argument is None else [argument]


def _apply(handler: Handler, found: Property, key: str, given: Sequence[Argument], span: Span) -> None:
    if not found.required and found.rest is None:
        _switch(handler, found, key, given, span)
        return
    types = [*found.required, *found.optional]
    if len(given) < len(found.required):
        raise error(OPTION, f"`{key}` lacks a value", span)
    converted: list[object] = []
    for position, argument in enumerate(given):
        wanted = types[position] if position < len(types) else found.rest
        if wanted is None:
            raise error(OPTION, f"`{key}` has too many values", span)
        meant = _duration(argument, span) if wanted is DURATION else argument
        read = wanted.read(meant)
        if read is None:
            hint = _hint(argument, wanted.read(tree.String("")) is not None)
            raise error(OPTION, f"`{key}` wants {_a(wanted.name)}, got {_a(kind_of(argument))}", argument.span, hint)
        converted.append(read)
    wrong = found.check(converted[0] if len(found.required) == 1 else tuple(converted)) if found.check else ""
    if wrong:
        raise error(OPTION, f"`{key}` {wrong}", span)
    setattr(handler, found.attribute, found.fold(getattr(handler, found.attribute), tuple(converted)))


def _switch(handler: Handler, found: Property, key: str, given: Sequence[Argument], span: Span) -> None:
    """A property without arguments is an option that is true or false."""
    (argument,) = given
    if not isinstance(argument, tree.Bool):
        raise error(OPTION, f"`{key}` wants a bool, got {_a(kind_of(argument))}", span)
    setattr(handler, found.attribute, argument.value)


def _duration(argument: Argument, span: Span) -> Argument:
    """A duration is a text, in Go's form or TICKscript's (`24h`, `1h30m`, `1d`), or a number of nanoseconds.

    Raises:
        DiagnosticError: it is a text, and no duration.
    """
    if isinstance(argument, tree.Integer):
        return tree.Duration(argument.value, span=argument.span)
    if not isinstance(argument, tree.String):
        return argument
    text = argument.value
    number, unit = text.rstrip("wdhmsuµn"), text.lstrip("0123456789")
    try:
        size = UNITS.get(unit)
        whole = size is not None and number.isascii() and number.isdecimal() and f"{number}{unit}" == text
        ns = int(number) * cast("int", size) if whole else parse_duration(text)
    except ValueError:
        raise error(OPTION, f"`{text}` is no duration", span, "for example 24h") from None
    return tree.Duration(ns, span=argument.span)


def _hint(argument: Argument, text_wanted: bool) -> str:
    return "put it in quotes" if text_wanted and isinstance(argument, tree.Integer | tree.Float | tree.Bool) else ""


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
