"""A condition that no value fulfils.

Bad::

    stream|from().measurement('cpu')|alert().crit(lambda: "usage" > 90 AND "usage" < 10).stateChangesOnly()

Good::

    stream|from().measurement('cpu')|alert().crit(lambda: "usage" > 90 OR "usage" < 10).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.regions import never
from tickdiscord.lint.script import Script

CODE = "TD706"


def check(script: Script) -> Iterator[Diagnostic]:
    for _, expression, _ in script.formulas:
        found = script.region(expression)
        if found and never(found):
            yield warning(CODE, "no value fulfils this condition", expression.span, "is `OR` meant in place of `AND`?")
