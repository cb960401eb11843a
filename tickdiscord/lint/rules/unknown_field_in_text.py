"""A template reads a field that the pipeline does not produce.

Behind a function of InfluxQL there is only its result, behind an `|eval()` without `.keep()` only its results. What is
not there shows as `<no value>`.

Bad::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage')
        |alert().crit(lambda: "mean" > 80.0).stateChangesOnly().message('{{ index .Fields "usage" }} %')

Good::

    stream
        |from().measurement('cpu').groupBy('host')
        |window().period(5m).every(5m)
        |mean('usage').as('usage')
        |alert().crit(lambda: "usage" > 80.0).stateChangesOnly().message('{{ index .Fields "usage" }} %')
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.lint.rules.unknown_reference import instead
from tickdiscord.lint.script import Script
from tickdiscord.lint.texts import reads, texts

CODE = "TD714"


def check(script: Script) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        shape = script.shape_at(alert)
        for text in texts(alert, script):
            for name, span in reads(text).fields:
                if not shape.has_field(name):
                    message = f"there is no field `{name}` here: it shows as `<no value>`"
                    yield text.warning(CODE, message, span, instead(name, shape))
