"""Answers that the stand-in is told to give in place of Discord's: a rate limit, a failure, silence."""

import re
from dataclasses import dataclass
from typing import Literal

from tickdiscord.diagnostics import error

Way = Literal["answer", "hang", "close"]
MESSAGES = {
    401: ("Invalid Webhook Token", 50027),
    403: ("Missing Permissions", 50013),
    404: ("Unknown Webhook", 10015),
    413: ("Request entity too large", 40005),
    429: ("You are being rate limited.", 0),
    500: ("500: Internal Server Error", 0),
    502: ("502: Bad Gateway", 0),
    503: ("503: Service Unavailable", 0),
}
"""What Discord says with a status, and its code (0: none)."""

FORM = re.compile(
    r"(?P<what>[2-5][0-9]{2}|ok|hang|close)(:(?P<seconds>[0-9]{1,6}(\.[0-9]{1,6})?))?(x(?P<times>[0-9]{1,4}))?"
)
HINT = "write answers such as `429:2` (wait 2 s), `500x3` (three times), `404`, `hang`, `close` or `ok`, with commas"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer by script. A status of 0 is the answer that Discord would give."""

    status: int = 0
    retry_after_s: float | None = None
    body: bytes | None = None
    """In place of what Discord says with this status."""
    headers: tuple[tuple[str, str], ...] = ()
    way: Way = "answer"
    """`hang` keeps the connection without a word, `close` closes it."""


OK = Answer()
HANG = Answer(way="hang")
CLOSE = Answer(way="close")


def parse_script(text: str) -> tuple[Answer, ...]:
    """The answers of a script such as `429:2,500x3,ok,404`, in order.

    Raises:
        DiagnosticError: TD571, when it is not one.
    """
    answers: list[Answer] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = FORM.fullmatch(part.lower())
        if found is None:
            raise error("TD571", f"`{part}` is not an answer the stand-in can give", hint=HINT)
        seconds = float(found["seconds"]) if found["seconds"] else None
        answers += [_answer(found["what"], seconds)] * int(found["times"] or 1)
    return tuple(answers)


def _answer(what: str, seconds: float | None) -> Answer:
    match what:
        case "ok" | "200" | "204":
            return OK
        case "hang":
            return HANG
        case "close":
            return CLOSE
        case _:
            # A rate limit without a wait would not be Discord's.
            return Answer(int(what), 1.0 if what == "429" and seconds is None else seconds)
