"""Types that do not go together, where the pipeline itself says what type a field has.

A mean is always a float, a count always an int, and Kapacitor never mixes the two: `"mean" * 100` fails at every
point, and a condition that fails counts as false.

Bad::

    stream
        |from().measurement('mem').groupBy('host')
        |window().period(5m).every(5m)
        |mean('used')
        |alert().crit(lambda: "mean" * 100 > 95).stateChangesOnly()

Good::

    stream
        |from().measurement('mem').groupBy('host')
        |window().period(5m).every(5m)
        |mean('used')
        |alert().crit(lambda: "mean" * 100.0 > 95.0).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.script import Script
from tickdiscord.lint.types import typed

CODE = "TD702"


def check(script: Script) -> Iterator[Diagnostic]:
    for _, expression, shape in script.formulas:
        for each in typed(expression, shape.types):
            if each.problem:
                found = each.problem
                yield warning(CODE, f"{found.message}: it fails at every point", found.span, found.hint)
