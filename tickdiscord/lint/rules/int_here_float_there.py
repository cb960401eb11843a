"""A field is calculated with as an int in one place and as a float in another.

Nothing mixes int and float, so one of the two fails at every point, whatever the field is.

Bad::

    stream
        |from().measurement('disk').groupBy('host')
        |eval(lambda: "used" / 1024.0, lambda: "used" * 8).as('kib', 'bits')
        |alert().crit(lambda: "kib" > 1000.0).stateChangesOnly()

Good::

    stream
        |from().measurement('disk').groupBy('host')
        |eval(lambda: float("used") / 1024.0, lambda: float("used") * 8.0).as('kib', 'bits')
        |alert().crit(lambda: "kib" > 1000.0).stateChangesOnly()
"""

from collections.abc import Iterator, Sequence

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lambdas import Type
from tickdiscord.lint.script import Script, ancestors
from tickdiscord.lint.types import Types, typed
from tickdiscord.nodes.from_ import From
from tickdiscord.syntax import tree

CODE = "TD703"

ONLY_NUMBER: tuple[Types, ...] = (frozenset({Type.INT}), frozenset({Type.FLOAT}))


def check(script: Script) -> Iterator[Diagnostic]:
    first: dict[tuple[frozenset[int], str], tuple[Type, tree.Reference]] = {}
    for node, expression, shape in script.formulas:
        sources = frozenset(each.number for each in (node, *ancestors(node)) if isinstance(each, From))
        for each in typed(expression, shape.types):
            for reference, wanted in _demands(each.node, each.operands):
                if reference.name in shape.fields:
                    continue
                before, place = first.setdefault((sources, reference.name), (wanted, reference))
                if before is not wanted:
                    line = script.source.place(place.span.start)[0]
                    message = f'`"{reference.name}"` must be {_a(wanted)} here, and {_a(before)} in line {line}'
                    hint = f'ints and floats do not mix: write `{wanted.value}("{reference.name}")`'
                    yield warning(CODE, message, reference.span, hint)


def _demands(node: tree.Expression, operands: Sequence[Types]) -> Iterator[tuple[tree.Reference, Type]]:
    """The references that the operand beside them makes an int or a float."""
    if not isinstance(node, tree.Binary) or node.operator not in ("+", "-", "*", "/"):
        return
    pairs = ((node.left, operands[1]), (node.right, operands[0]))
    for operand, beside in pairs:
        if isinstance(operand, tree.Reference) and operand.name != "time" and beside in ONLY_NUMBER:
            yield operand, next(iter(beside))


def _a(type: Type) -> str:
    return "an int" if type is Type.INT else "a float"
