"""Something is divided by a zero that stands in the script.

Of an int that is an error at every point, and the alert never fires; of a float it is an infinity, or no number at all.

Bad::

    stream|from().measurement('jobs')|alert().crit(lambda: "failed" / 0 > 1).stateChangesOnly()

Good::

    stream|from().measurement('jobs')|alert().crit(lambda: "failed" > 1).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lambdas.text import text_of
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.script import Script
from tickdiscord.syntax import tree

CODE = "TD740"


def check(script: Script) -> Iterator[Diagnostic]:
    for _, expression, _ in script.formulas:
        for node, _ in postorder(expression):
            match node:
                case tree.Binary(operator="/" | "%", right=tree.Integer(value=0)):
                    message = f"`{text_of(node)}` divides by zero: it fails at every point"
                    yield warning(CODE, message, node.span, "ask first whether what you divide by is zero")
                case tree.Binary(operator="/", right=tree.Float(value=0.0)):
                    message = f"`{text_of(node)}` divides by zero: it is infinite, or no number"
                    yield warning(CODE, message, node.span, "ask first whether what you divide by is zero")
                case _:
                    pass
