"""Two literals are compared where a field or tag was meant.

In single quotes stands a text, in double quotes the name of a field or tag: `'host' == 'web1'` compares two texts, and
is false for every point.

Bad::

    stream|from().measurement('cpu')|alert().crit(lambda: 'host' == 'web1' AND "usage" > 80).stateChangesOnly()

Good::

    stream|from().measurement('cpu')|alert().crit(lambda: "host" == 'web1' AND "usage" > 80).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.script import Script
from tickdiscord.syntax import tree

CODE = "TD720"


def check(script: Script) -> Iterator[Diagnostic]:
    for _, expression, _ in script.formulas:
        for node, _ in postorder(expression):
            match node:
                case tree.Binary(left=tree.String() as left, right=tree.String() | tree.Regex()) if node.operator in (
                    "== != < <= > >= =~ !~".split()
                ):
                    # A var in this place stands for whatever it was set to.
                    if script.source.text[left.span.start : left.span.start + 1] == "'":
                        message = "this compares two texts: it has nothing to do with the point"
                        hint = f'a field or tag stands in double quotes: "{left.value}"'
                        yield warning(CODE, message, left.span, hint)
                case _:
                    pass
