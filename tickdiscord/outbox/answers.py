"""What an answer to a posted message means: delivered, again later, never, or that the webhook is no more."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

LONGEST_WAIT_S = 86_400.0
"""An answer that asks to wait longer than a day is taken to ask for a day."""

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Delivered:
    """The message is there."""


@dataclass(frozen=True, slots=True)
class Again:
    """Not now. `after_s` is how many seconds the answer asked to wait at least, None if it did not say."""

    reason: str
    after_s: float | None = None
    counted: bool = True
    """Whether it was a failed attempt; being told to wait is none."""
    everywhere: bool = False
    """Whether the wait concerns the sender's address, so that every webhook of this server must wait."""


@dataclass(frozen=True, slots=True)
class Dead:
    """This message will never be taken."""

    reason: str


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """No message will be taken here, until someone changes something: keep them all."""

    reason: str


Verdict = Delivered | Again | Dead | SwitchOff

GONE = {
    10015: "the webhook was deleted",
    50027: "the webhook's token is not valid",
    40333: "Discord blocks this sender before it reaches the webhook",
}
"""Discord's codes for: nothing will ever be taken here."""

ONLY_FOR_NOW = {40004: "sending is switched off at Discord for the moment"}
ONLY_THE_THREAD_IS_GONE = 10003
TRY_AGAIN = frozenset({408, 425})
"""A proxy's time-outs: 4xx that say nothing about the message."""


def verdict(status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """What an HTTP answer means.

    `headers` have names in lower case; `body` is whatever came, JSON or not.
    """
    answer = _object(body)
    code = answer.get("code")
    reason = in_words(status, answer)
    match status:
        case _ if 200 <= status < 300:
            return Delivered()
        case 429:
            return _wait(headers, answer, reason)
        case _ if isinstance(code, int) and code in GONE:
            return SwitchOff(f"{GONE[code]} ({reason})")
        case _ if isinstance(code, int) and code in ONLY_FOR_NOW:
            return Again(f"{ONLY_FOR_NOW[code]} ({reason})")
        case _ if status >= 500 or status in TRY_AGAIN:
            return Again(reason, seconds(headers.get("retry-after")))
        case _ if 300 <= status < 400:
            return SwitchOff(
                f"the server redirects to another address ({reason}): the configured url is not the right one"
            )
        case 401:
            return SwitchOff(f"the server does not accept the webhook's token ({reason})")
        case 404 if code != ONLY_THE_THREAD_IS_GONE:
            return SwitchOff(f"there is no such webhook ({reason})")
        case _:
            return Dead(reason)


def _wait(headers: Mapping[str, str], answer: Mapping[str, object], reason: str) -> Again:
    stated = [s for s in (seconds(headers.get("retry-after")), seconds(answer.get("retry_after"))) if s is not None]
    everywhere = answer.get("global") is True or headers.get("x-ratelimit-global", "").lower() == "true"
    # A 429 that does not say how long (the edge's ban) is an attempt like any other: only that makes the wait grow.
    return Again(reason, max(stated, default=None), counted=not stated, everywhere=everywhere)


def seconds(value: object) -> float | None:
    """A number of seconds out of a header or JSON; None for what is none (a date, NaN, a negative number)."""
    try:
        given = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return min(given, LONGEST_WAIT_S) if given >= 0 else None


def _object(body: bytes) -> Mapping[str, object]:
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", answer) if isinstance(answer, dict) else {}


def in_words(status: int, answer: Mapping[str, object]) -> str:
    """The answer in one line: `HTTP 400, code 50035: Invalid Form Body; embeds[0].title: Must be 256 or fewer …`."""
    head = f"HTTP {status}"
    if isinstance(answer.get("code"), int) and answer["code"]:
        head += f", code {answer['code']}"
    message = answer.get("message")
    # API versions before 8, which webhook URLs without a version may speak, answer with the bare tree of errors.
    tree = answer.get("errors") if "message" in answer else answer
    said = [message.removeprefix(f"{status}: ")] if isinstance(message, str) else []
    said += [f"{path}: {text}" if path else text for path, text in _errors(tree, "")]
    said = [each.removesuffix(".") for each in said]
    line = _one_line(f"{head}: {'; '.join(said)}" if said else head)
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 1] + "…"


def _errors(tree: object, path: str) -> Iterator[tuple[str, str]]:
    """The messages in Discord's tree of errors, each with the path of the field it is about."""
    if isinstance(tree, dict):
        for name, branch in cast("dict[str, object]", tree).items():
            if name == "_errors":
                yield from _errors(branch, path)
            elif name == "message" and isinstance(branch, str):
                yield path, branch
            elif isinstance(branch, dict | list):
                yield from _errors(cast("object", branch), _step(path, name))
    elif isinstance(tree, list):
        for branch in cast("list[object]", tree):
            if isinstance(branch, str):
                yield path, branch
            else:
                yield from _errors(branch, path)


def _step(path: str, name: str) -> str:
    if name.isdecimal():
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name


def _one_line(text: str) -> str:
    """Control characters would move the cursor of whoever reads the log."""
    return "".join(c if c.isprintable() else " " for c in text)
