"""A lambda reads a field that the pipeline does not hand on.

The field's name is that of the function's result, not that of the field it was made from: behind `|mean('usage')` it
is `"mean"`. A condition that reads what is not there fails at every point, and counts as false.

Bad::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "usage" > 80.0).stateChangesOnly()

Good::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, did_you_mean, warning
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.script import Script
from tickdiscord.lint.shapes import Shape
from tickdiscord.syntax import tree

CODE = "TD715"


def check(script: Script) -> Iterator[Diagnostic]:
    for _, expression, shape in script.formulas:
        told: set[str] = set()
        for node, _ in postorder(expression):
            if isinstance(node, tree.Reference) and node.name not in told and _is_absent(node.name, shape):
                told.add(node.name)
                yield warning(CODE, f'no point has `"{node.name}"` here', node.span, instead(node.name, shape))


def instead(name: str, shape: Shape) -> str:
    """What to read in place of a field that is not there."""
    fields = list(shape.fields)
    if len(fields) == 1:
        return f"the field is called `{fields[0]}` here; `.as('{name}')` gives it another name"
    hint = did_you_mean(name, fields)
    return hint or (f"the fields here are: {', '.join(f'`{each}`' for each in fields)}" if fields else "")


def _is_absent(name: str, shape: Shape) -> bool:
    """Whether no point has it. What is known to have been a field, and not to be a tag, is no tag either."""
    no_tag = not shape.has_tag(name) or (shape.tags is None and name in shape.gone)
    return name != "time" and not shape.has_field(name) and no_tag
