"""`.exec('/usr/bin/program', 'argument')`: a program that gets the event as JSON on its standard input."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.handlers.handler import Binding, Bound, Handler, Reaction
from tickdiscord.handlers.line import Line, lines
from tickdiscord.outbox.exec import Program
from tickdiscord.outbox.request import Request
from tickdiscord.properties import DURATION, STRING, argument, arguments, value

WRONG = "TD526"
SECOND = 1_000_000_000


def _positive(given: int) -> str:
    return "" if given > 0 else "wants a time longer than 0s"


@dataclass(eq=False)
class Exec(Handler):
    """Kapacitor: `execHandler`; the time-out is our own."""

    kind: ClassVar[str] = "exec"
    doc: ClassVar[str] = "Runs a program with the event as JSON on its standard input; no shell is involved."

    prog: str = argument(STRING, "The program: a path, or a name on the PATH.")
    args: tuple[str, ...] = arguments(STRING, "Its arguments.")
    timeout: int = value(
        DURATION, 60 * SECOND, "After this time a program that has not ended is ended.", check=_positive
    )

    def problems(self) -> Sequence[Diagnostic]:
        place = self.said.get("prog", self.span)
        if not self.prog:
            return (Diagnostic(WRONG, "a program has a name", place),)
        if "\0" in "".join((self.prog, *self.args)):
            return (Diagnostic(WRONG, "no program takes a NUL byte", place),)
        return ()

    def bind(self, binding: Binding) -> Bound:
        program = Program(self.prog, self.args, self.timeout / SECOND)
        binding.destination(program)
        return BoundExec(program.queue.target, lines(binding))


@dataclass(frozen=True, slots=True)
class BoundExec:
    """An exec handler of a known program."""

    target: str
    line: Callable[[Published], Line]

    def react(self, published: Published) -> Reaction:
        return Reaction((Request("exec", self.target, {"event": str(self.line(published))}),))
