"""Two references are compared where a text was meant.

In double quotes stands the name of a field or tag, in single quotes a text. `"host" == "web1"` compares the tag `host`
with a field or tag called `web1`, which no point has: the condition is an error at every point, and never true.

Bad::

    stream|from().measurement('cpu')|alert().crit(lambda: "host" == "web1" AND "usage" > 80).stateChangesOnly()

Good::

    stream|from().measurement('cpu')|alert().crit(lambda: "host" == 'web1' AND "usage" > 80).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.script import Script
from tickdiscord.syntax import tree

CODE = "TD701"


def check(script: Script) -> Iterator[Diagnostic]:
    for _, expression, shape in script.formulas:
        for node, _ in postorder(expression):
            match node:
                case tree.Binary(operator="==" | "!=", left=tree.Reference() as left, right=tree.Reference() as right):
                    if left.name not in shape.fields and right.name not in shape.fields and not _joined(left, right):
                        message = f'`"{left.name}" {node.operator} "{right.name}"` compares two fields or tags'
                        yield warning(CODE, message, right.span, f"a text stands in single quotes: '{right.name}'")
                case _:
                    pass


def _joined(left: tree.Reference, right: tree.Reference) -> bool:
    """Whether both have the prefixes that a `|join()` gives."""
    return "." in left.name and "." in right.name
