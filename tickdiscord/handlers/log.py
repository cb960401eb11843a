"""`.log('/path')`: the event as a line of JSON at the end of a file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import error
from tickdiscord.handlers.handler import Binding, Bound, Handler, Reaction
from tickdiscord.handlers.line import Line, lines
from tickdiscord.outbox.request import Request
from tickdiscord.properties import INTEGER, STRING, argument, value

DEFAULT_MODE = 0o600
OWNER_WRITES = 0o200


def _mode(given: int) -> str:
    if not 0 < given <= 0o777:
        return "wants the permissions of a file, such as 0644"
    return "" if given & OWNER_WRITES else f"wants permissions that let the owner write, such as 0644, not {given:#o}"


@dataclass(eq=False)
class Log(Handler):
    """Kapacitor: `LogHandler`."""

    kind: ClassVar[str] = "log"
    doc: ClassVar[str] = "Appends the event to a file, as one line of JSON."

    path: str = argument(STRING, "The file; the path must be absolute.")
    mode: int = value(INTEGER, DEFAULT_MODE, "The permissions of a file that is made, such as 0644.", check=_mode)

    def bind(self, binding: Binding) -> Bound:
        if "\0" in self.path or not PurePath(self.path).is_absolute():
            raise error(
                "TD520",
                f"the path of a log must be absolute, `{self.path}` is not",
                self.said.get("path", self.span),
                source=binding.source,
            )
        return BoundLog(self.path, self.mode, lines(binding))


@dataclass(frozen=True, slots=True)
class BoundLog:
    """A log handler of a known file."""

    path: str
    mode: int
    line: Callable[[Published], Line]

    def react(self, published: Published) -> Reaction:
        return Reaction((Request("log", self.path, {"mode": self.mode, "line": self.line(published)}),))
