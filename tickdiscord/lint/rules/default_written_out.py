"""A property that is given the value which it has anyway.

Nothing is wrong with it. But what stands in a rule is read as something that matters, and this does not.

Bad::

    stream|from().measurement('cpu')|alert()
        .id('{{ .Name }}:{{ .Group }}')
        .history(21)
        .crit(lambda: "usage" > 80)
        .stateChangesOnly()

Good::

    stream|from().measurement('cpu')|alert()
        .crit(lambda: "usage" > 80)
        .stateChangesOnly()
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tickdiscord.diagnostics import Diagnostic, Severity, Span
from tickdiscord.lint.script import Script
from tickdiscord.nodes.alert import Alert
from tickdiscord.properties import properties_of

CODE = "TD726"


def check(script: Script) -> Iterator[Diagnostic]:
    for node in script.pipeline.nodes:
        outside = script.outside.properties(node.span)
        yield from _of(node, {name: span for name, span in node.said.items() if name not in outside})
        if isinstance(node, Alert):
            for handler in node.handlers:
                said = {name: span for name, span in handler.said.items() if not script.outside.named(span)}
                yield from _of(handler, said)


def _of(part: object, said: Mapping[str, Span]) -> Iterator[Diagnostic]:
    """The properties of a node or handler that say what is so without them."""
    for name, declared in properties_of(type(part)).items():
        one_value = len(declared.required) == 1 and not declared.rest and not declared.positional
        value: Any = getattr(part, declared.attribute)
        default = declared.default
        if name in said and one_value and type(value) is type(default) and value == default:
            message = f"`.{name}()` is so without being said"
            yield Diagnostic(CODE, message, said[name], "leave it out", Severity.INFO)
