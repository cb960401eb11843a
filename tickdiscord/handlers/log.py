"""`.log('/path')`: the event as a line of JSON at the end of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from tickdiscord.alert.encoding import event_json
from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import error
from tickdiscord.handlers.handler import Binding, Bound, Handler
from tickdiscord.outbox.request import Request
from tickdiscord.properties import INTEGER, STRING, argument, value

DEFAULT_MODE = 0o600


def _mode(given: int) -> str:
    return "" if 0 < given <= 0o777 else "wants the permissions of a file, such as 0644"


@dataclass(eq=False)
class Log(Handler):
    """Kapacitor: `LogHandler`."""

    kind: ClassVar[str] = "log"
    doc: ClassVar[str] = "Appends the event to a file, as one line of JSON."

    path: str = argument(STRING, "The file; the path must be absolute.")
    mode: int = value(INTEGER, DEFAULT_MODE, "The permissions of a file that is made, such as 0644.", check=_mode)

    def bind(self, binding: Binding) -> Bound:
        if not PurePath(self.path).is_absolute():
            raise error(
                "TD520",
                f"the path of a log must be absolute, `{self.path}` is not",
                self.said.get("path", self.span),
                source=binding.source,
            )
        return BoundLog(self.path, self.mode)


@dataclass(frozen=True, slots=True)
class BoundLog:
    """A log handler of a known file."""

    path: str
    mode: int

    def requests(self, published: Published) -> Sequence[Request]:
        return (Request("log", self.path, {"mode": self.mode, "line": event_json(published)}),)
