"""`printf` in a template is given other values than its verbs want.

Go writes a note into the text instead: `%!d(float64=97.1)`, `%!f(MISSING)`, `%!(EXTRA int=3)`.

Bad::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly().message('{{ index .Fields "mean" | printf "%d" }} %')

Good::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly().message('{{ index .Fields "mean" | printf "%.1f" }} %')
"""

import re
from collections.abc import Iterator, Sequence

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.lambdas import Type
from tickdiscord.lint.script import Script
from tickdiscord.lint.shapes import Shape
from tickdiscord.lint.texts import Text, indexed_field, known_field, texts
from tickdiscord.lint.types import Types
from tickdiscord.templates import tree

CODE = "TD721"

_VERB = re.compile(r"%(?P<flags>[#0+ -]*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*))?(?P<verb>\[|.)?", re.S)

FITTING = {
    Type.INT: "vTbcdoOqxXU",
    Type.FLOAT: "vTbeEfFgGxX",
    Type.STRING: "vTsqxX",
    Type.BOOL: "vTt",
    Type.DURATION: "vTbcdoOqxXUs",
}
BETTER = {Type.INT: "%d", Type.FLOAT: "%.2f", Type.STRING: "%s", Type.BOOL: "%t", Type.DURATION: "%s"}

Value = tuple[str, Types]
"""A field that is printed, and what types it may have; both empty where that is not known."""


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        shape = script.shape_at(alert)
        for text in texts(alert, script):
            for command, before in text.commands:
                yield from _printf(command, before, text, shape)


def _printf(command: tree.Command, before: tree.Command | None, text: Text, shape: Shape) -> Iterator[Diagnostic]:
    match command.operands:
        case (tree.Function(name="printf", names=()), tree.String() as format, *given):
            values = [_value(known_field(each), shape) for each in given]
            if before is not None:
                values.append(_value(indexed_field(before), shape))
            yield from _compared(format, values, text)
        case _:
            pass


def _value(name: str | None, shape: Shape) -> Value:
    return (name, shape.fields.get(name, frozenset())) if name else ("", frozenset())


def _compared(format: tree.String, values: Sequence[Value], text: Text) -> Iterator[Diagnostic]:
    verbs = _verbs(format.value)
    if verbs is None:
        return
    if len(verbs) != len(values):
        wants, has = _count(len(verbs), "verb"), _count(len(values), "value")
        yield text.warning(CODE, f"`printf` has {wants} and {has}", format.span, "each verb takes one value")
        return
    for verb, (name, types) in zip(verbs, values, strict=True):
        if types and verb.isalpha() and all(verb not in FITTING.get(each, verb) for each in types):
            kind = next(iter(types)).value
            message = f"`%{verb}` does not print the field `{name}`, which is of type {kind}"
            yield text.warning(CODE, message, format.span, f"write `{BETTER[next(iter(types))]}`, or `%v` for any type")


def _verbs(format: str) -> list[str] | None:
    """What takes a value: verbs, and `*` for a width; None where values are numbered."""
    found: list[str] = []
    at = 0
    while (match := _VERB.search(format, at)) is not None:
        at = match.end()
        verb = match["verb"]
        if verb is None or verb == "[":
            return None
        found += ["*"] * ((match["width"] == "*") + (match["precision"] == "*"))
        if verb != "%":
            found.append(verb)
    return found


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
