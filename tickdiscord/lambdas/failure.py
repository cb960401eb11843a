"""What a lambda gives where it has no value: a `Failure`, which says why and where."""

from dataclasses import dataclass
from typing import Literal

from tickdiscord.diagnostics import Diagnostic, Severity, Source, Span

EVALUATION = "TD220"
"""Code of a lambda that failed on the values of a point."""
TYPES = "TD221"
"""Code of a lambda that failed on the types of a point's values."""

Kind = Literal["parse", "compile", "type", "eval"]
"""The stage at which a lambda failed; nodes only ever see the last two, as the others end the loading."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Stands in place of a value; the nodes see it in result columns, it is never raised to them."""

    message: str
    span: Span
    kind: Kind = "eval"
    hint: str = ""

    def diagnostic(self, source: Source | None = None) -> Diagnostic:
        """The failure as a warning: it concerns one point, the task goes on."""
        code = TYPES if self.kind == "type" else EVALUATION
        return Diagnostic(code, self.message, self.span, self.hint, Severity.WARNING, source)


class EvalError(Exception):
    """Carries a failure out of generated code, as far as the generated function; never further."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Mistake(ValueError):
    """Raised by functions of the library and by operators that cannot work on the values they got."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
