"""What is done in place of sending to a service that tickdiscord does not send to: nothing, a line, or a message."""

from dataclasses import dataclass
from typing import Literal

from tickdiscord.diagnostics import error

WRONG = "TD530"


@dataclass(frozen=True, slots=True)
class Instead:
    """`--others`: `ignore`, `log`, `discord` or `discord:workspace`."""

    way: Literal["ignore", "log", "discord"]
    workspace: str = ""

    @classmethod
    def named(cls, text: str, what: str) -> "Instead":
        """What a text says; `what` is the option or key it stands in.

        Raises:
            DiagnosticError: it says none of the four.
        """
        way, colon, workspace = text.partition(":")
        match way:
            case "ignore" | "log" if not colon:
                return cls(way)
            case "discord" if workspace or not colon:
                return cls(way, workspace)
            case _:
                raise error(WRONG, f"{what} is one of ignore, log, discord, discord:WORKSPACE; `{text}` is none")
