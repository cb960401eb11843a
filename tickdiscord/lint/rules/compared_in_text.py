"""A template compares a field with a number of another type.

Go's `eq`, `lt`, `gt` and their kin do not mix int and float: `gt (index .Fields "mean") 90` fails, and the message is
the default one.

Bad::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly()
            .message('{{ if gt (index .Fields "mean") 95 }}very {{ end }}busy')

Good::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly()
            .message('{{ if gt (index .Fields "mean") 95.0 }}very {{ end }}busy')
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.lambdas import Type
from tickdiscord.lint.script import Script
from tickdiscord.lint.texts import known_field, texts
from tickdiscord.templates import tree

CODE = "TD722"

COMPARISONS = frozenset("eq ne lt le gt ge".split())


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        fields = script.shape_at(alert).fields
        for text in texts(alert, script):
            for command, _ in text.commands:
                match command.operands:
                    case (tree.Function(name=name), *given) if name in COMPARISONS and len(given) >= 2:
                        field = known_field(given[0])
                        types = fields.get(field, frozenset()) if field else frozenset[Type]()
                        for other in given[1:]:
                            kind = _kind(other)
                            if kind and types and kind not in types:
                                is_a = next(iter(types)).value
                                message = (
                                    f"`{name}` does not compare the field `{field}`, {_a(is_a)}, with {_a(kind.value)}"
                                )
                                yield text.warning(CODE, message, other.span, _instead(other, types))
                    case _:
                        pass


def _kind(operand: tree.Operand) -> Type | None:
    match operand:
        case tree.String():
            return Type.STRING
        case tree.Bool():
            return Type.BOOL
        case tree.Number(text=written):
            return Type.FLOAT if any(mark in written for mark in ".eEpP") else Type.INT
        case _:
            return None


def _instead(other: tree.Operand, types: frozenset[Type]) -> str:
    if isinstance(other, tree.Number) and types == frozenset({Type.FLOAT}) and other.integer is not None:
        return f"write `{other.integer}.0`"
    return ""


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
