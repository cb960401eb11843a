"""Values for vars that come from outside of a script: as words of a command line, or typed in a vars file."""

import math
import re
from collections.abc import Callable, Mapping
from typing import cast

import yaml

from tickdiscord import regex
from tickdiscord.diagnostics import DiagnosticError, Span, error
from tickdiscord.lambdas import Type
from tickdiscord.lambdas.failure import Mistake
from tickdiscord.lambdas.int64 import GREATEST, LEAST
from tickdiscord.lambdas.library import FUNCTIONS
from tickdiscord.pipeline.variables import constant
from tickdiscord.properties import kind_of
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse, parse_expression

VALUE = "TD430"
"""Code of a value that is none of its type."""

EXAMPLES: Mapping[str, str] = {
    "bool": "true",
    "int": "5",
    "float": "0.5",
    "string": '"text"',
    "duration": '"5m", or nanoseconds',
    "regex": '"^web-"',
    "lambda": '"\\"usage_idle\\" < 5.0"',
    "list": '[{"type": "string", "value": "host"}]',
    "star": '""',
}
"""What the value of each type looks like in a vars file."""

TAG = "tag:yaml.org,2002:"
TRUE_WORDS = frozenset({"true", "yes", "on"})
PREFIX = "lambda:"

_INTEGER = re.compile(r"[-+]?[0-9]{1,20}")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def from_word(type: str, word: str) -> tree.Expression:
    """A word of a command line as a literal of a type of vars.

    A string may stand in single quotes, a regex between slashes, a lambda behind `lambda:`; a list is `['a', 'b']` or
    `a,b`.

    Raises:
        DiagnosticError: it is none of the type.
    """
    try:
        return _READERS[type](word)
    except Mistake as problem:
        raise error(VALUE, problem.message, hint=problem.hint) from None


def guessed(word: str) -> tree.Expression:
    """A word of a command line for which nothing says a type: what a script would take it for, else a string."""
    try:
        return _written(word)
    except DiagnosticError:
        return tree.String(word)


def from_node(type: str, node: yaml.Node) -> tree.Expression | None:
    """A value of a vars file as a literal of its type; None if it is null, so that it is still to be filled.

    Raises:
        DiagnosticError: it is none of the type; with the place.
    """
    span = span_of(node)
    if isinstance(node, yaml.ScalarNode) and node.tag == TAG + "null":
        return tree.Star() if type == "star" else None
    if type == "star":
        return tree.Star()
    if type == "list":
        return _list(node)
    found = _scalar(type, node) if isinstance(node, yaml.ScalarNode) else None
    if found is None:
        raise error(VALUE, f"this is no {type}", span, f'write "value": {EXAMPLES[type]}')
    return found


def span_of(node: yaml.Node) -> Span:
    """Where a value stands."""
    return Span(node.start_mark.index, node.end_mark.index)


def _scalar(type: str, node: yaml.ScalarNode) -> tree.Expression | None:
    """A value that is neither list nor star; None if it is of another type."""
    text, plain = str(node.value), not node.style
    match type:
        case "bool" if node.tag == TAG + "bool":
            return tree.Bool(text.lower() in TRUE_WORDS)
        case "int" if plain and _INTEGER.fullmatch(text):
            return _placed(type, text, node)
        case "float" if plain and _NUMBER.fullmatch(text):
            return _placed(type, text, node)
        case "duration" if plain and _INTEGER.fullmatch(text):
            return tree.Duration(_nanoseconds(text, node))
        case "string" if node.tag in (TAG + "str", TAG + "timestamp"):
            return tree.String(text)
        case "duration" | "lambda" if node.tag == TAG + "str":
            return _placed(type, text, node)
        case "regex" if node.tag == TAG + "str":
            # No slashes here: `/var/` is a pattern like any other.
            return _placed(type, f"/{text}/", node)
        case _:
            return None


def _placed(type: str, text: str, node: yaml.ScalarNode) -> tree.Expression:
    try:
        return from_word(type, text)
    except DiagnosticError as problem:
        first = problem.diagnostics[0]
        raise error(VALUE, first.message, span_of(node), first.hint) from None


def _nanoseconds(text: str, node: yaml.ScalarNode) -> int:
    value = int(text)
    if not LEAST <= value <= GREATEST:
        raise error(VALUE, f"{text} ns do not fit into a duration", span_of(node))
    return value


def _list(node: yaml.Node) -> tree.List:
    """A list of typed values, as Kapacitor has it: of strings, or a star."""
    if not isinstance(node, yaml.SequenceNode):
        raise error(VALUE, "this is no list", span_of(node), f'write "value": {EXAMPLES["list"]}')
    return tree.List(tuple(map(_item, cast("list[yaml.Node]", node.value))))


def _item(node: yaml.Node) -> tree.Expression:
    hint = 'an item is {"type": "string", "value": "host"}, or {"type": "star", "value": ""}'
    if not isinstance(node, yaml.MappingNode):
        raise error(VALUE, "an item of a list has a type and a value", span_of(node), hint)
    entries = {str(key.value): value for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value)}
    type = entries.get("type")
    named = str(type.value) if isinstance(type, yaml.ScalarNode) else ""
    found = from_node(named, entries["value"]) if named in ("string", "star") and "value" in entries else None
    if found is None:
        raise error(VALUE, "a list holds strings, or a star", span_of(node), hint)
    return found


def _bool(word: str) -> tree.Expression:
    return tree.Bool(cast("bool", _converted("bool", (Type.STRING,), word)))


def _integer(word: str) -> tree.Expression:
    return tree.Integer(cast("int", _converted("int", (Type.STRING,), word)))


def _float(word: str) -> tree.Expression:
    value = cast("float", _converted("float", (Type.STRING,), word))
    if not math.isfinite(value):
        raise Mistake(f"{word} is not a finite number")
    return tree.Float(value)


def _duration(word: str) -> tree.Expression:
    return tree.Duration(cast("int", _converted("duration", (Type.STRING, Type.DURATION), word, 0)), word)


def _converted(function: str, types: tuple[Type, ...], *arguments: object) -> object:
    """What a function of lambdas makes of it: Kapacitor reads these texts in the same way."""
    signature = FUNCTIONS[function].resolve(types)
    assert signature is not None
    return signature.behaviour(*arguments)


def _string(word: str) -> tree.Expression:
    if len(word) > 1 and word.startswith("'") and word.endswith("'"):
        found = guessed(word)
        if isinstance(found, tree.String):
            return tree.String(found.value)
    return tree.String(word)


def _regex(word: str) -> tree.Expression:
    slashed = len(word) > 1 and word.startswith("/") and word.endswith("/")
    pattern = word[1:-1] if slashed else word
    try:
        regex.compile(pattern)
    except regex.RegexError as problem:
        raise Mistake(f"not a regex: {problem}", "regexes are those of Go (RE2)") from None
    return tree.Regex(pattern)


def _lambda(word: str) -> tree.Expression:
    try:
        return tree.Lambda(parse_expression(word.strip().removeprefix(PREFIX)))
    except DiagnosticError as problem:
        first = problem.diagnostics[0]
        raise Mistake(f"not a lambda: {first.message}", first.hint) from None


def _list_of_word(word: str) -> tree.Expression:
    if not word.lstrip().startswith("["):
        return tree.List(tuple(tree.String(each.strip()) for each in word.split(",") if each.strip()))
    found = guessed(word)
    if isinstance(found, tree.List):
        return found
    raise Mistake("not a list", "write ['a', 'b'], or a,b")


def _star(word: str) -> tree.Expression:
    if word.strip() not in ("*", ""):
        raise Mistake("not a star", "write *")
    return tree.Star()


_READERS: Mapping[str, Callable[[str], tree.Expression]] = {
    "bool": _bool,
    "int": _integer,
    "float": _float,
    "string": _string,
    "duration": _duration,
    "regex": _regex,
    "lambda": _lambda,
    "list": _list_of_word,
    "star": _star,
}


def _written(word: str) -> tree.Expression:
    """A word that is the value of a var in a script.

    Raises:
        DiagnosticError: it is not.
    """
    statements = parse(f"var value = {word}").statements
    if len(statements) != 1 or not isinstance(statements[0], tree.Declaration):
        raise error(VALUE, "not a value")
    value = statements[0].value
    match value:
        case tree.Lambda() | tree.Regex() | tree.Star() | tree.Duration():
            return value
        case tree.List(items=items) if all(isinstance(each, tree.String | tree.Star) for each in items):
            return value
        case tree.List() | tree.Identifier() | tree.Chain() | tree.Function():
            raise error(VALUE, f"a {kind_of(value)} is no value")
        case _:
            return constant(value, ())
