"""What Discord's webhook endpoint answers to a request, apart from HTTP: by script, by its limits, or the message."""

import hashlib
import json
import math
import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qs, urlsplit

from tickdiscord.clock import Clock, elapsed
from tickdiscord.testing.discord.budget import Budget
from tickdiscord.testing.discord.limits import Finding, form_error, validate
from tickdiscord.testing.discord.message import stored_message, webhook_object
from tickdiscord.testing.discord.script import MESSAGES, OK, Answer

PATH = re.compile(r"/api(?:/v[0-9]+)?/webhooks/(?P<id>[^/]+)/(?P<token>[^/]+)/?")
TAKEN = (200, 204)
ELSEWHERE = "https://discord.com/"
"""Where a redirect by script leads."""

NOT_JSON = object()


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was posted, and what was answered."""

    webhook_id: str
    body: dict[str, object]
    """The message as it came; empty if it was no JSON object."""
    status: int
    """Of the answer; 0 when there was none, by script."""
    refusal: dict[str, object] | None = None
    """The error that was answered; None for a message that was taken."""

    @property
    def taken(self) -> bool:
        """Whether it is in the channel now."""
        return self.status in TAKEN


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; the body is JSON, bytes as they are, or nothing."""

    status: int
    body: dict[str, object] | bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    number: int | None = None
    """Of the message it is the answer to, for `tell`."""


class Endpoint:
    """Takes, refuses and remembers messages. Any thread may use it; see `FakeDiscord` for the arguments."""

    def __init__(
        self,
        script: Sequence[Answer],
        only: Sequence[str],
        rate_limited: bool,
        on_message: Callable[[Received], None] | None,
        clock: Clock,
    ) -> None:
        self._script = deque(script)
        self._scripts: dict[str, deque[Answer]] = {}
        self._tokens = dict(each.split("/", 1) for each in only)
        self._rate_limited = rate_limited
        self._on_message = on_message
        self._clock = clock
        self._budgets: dict[str, Budget] = {}
        self._received: list[Received] = []
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._telling = threading.Lock()
        self._answered: set[int] = set()
        self._told = 0

    def close(self) -> None:
        """Let go of the requests that hang by script."""
        self._closing.set()

    def path(self, name: str) -> str:
        """The path of a webhook's URL."""
        id = webhook_id(name)
        token = self._tokens.get(id) or hashlib.sha256(f"token of {name}".encode()).hexdigest()
        return f"/api/webhooks/{id}/{token}"

    def add_script(self, name: str, answers: Sequence[Answer]) -> None:
        """What one webhook answers next."""
        with self._changed:
            self._scripts.setdefault(webhook_id(name), deque()).extend(answers)

    def received(self) -> list[Received]:
        """Everything posted so far, in order."""
        with self._changed:
            return list(self._received)

    def wait_for(self, count: int, timeout_s: float) -> bool:
        """Wait until so many messages were posted."""
        deadline_s = elapsed() + timeout_s
        with self._changed:
            while len(self._received) < count and elapsed() < deadline_s:
                self._changed.wait(max(0.0, deadline_s - elapsed()))
            return len(self._received) >= count

    def reply(self, method: str, target: str, content_type: str, content: bytes) -> Reply | None:
        """The answer to a request, to be sent and then told of; None closes the connection without one."""
        parts = urlsplit(target)
        found = PATH.fullmatch(parts.path)
        if found is None:
            return refuse(404, "404: Not Found", 0)
        if method not in ("GET", "POST"):
            return refuse(405, "405: Method Not Allowed", 0)
        id, token = found["id"], found["token"]
        unknown = self._unknown(id, token)
        if method == "GET":
            return unknown or Reply(200, webhook_object(id, token))
        body = _json(content)
        scripted = self._next_by_script(id)
        if scripted.way != "answer":
            self.tell(self._note(Received(id, _object(body), 0)))
            if scripted.way == "hang":
                self._closing.wait()
            return None
        waits = parse_qs(parts.query).get("wait", [""])[-1].lower() in ("true", "1")
        reply = unknown or _by_script(scripted) or self._judge(id, content_type, body, waits)
        refusal = None if reply.status in TAKEN else _object(reply.body)
        return replace(reply, number=self._note(Received(id, _object(body), reply.status, refusal)))

    def tell(self, number: int) -> None:
        """Pass a message on to whoever listens, in order, and once it is answered: a listener may end the server."""
        with self._telling:
            self._answered.add(number)
            while self._told in self._answered:
                self._answered.remove(self._told)
                if self._on_message is not None:
                    self._on_message(self._received[self._told])
                self._told += 1

    def _unknown(self, id: str, token: str) -> Reply | None:
        if not id.isdecimal():
            finding = Finding(("webhook_id",), "NUMBER_TYPE_COERCE", f'Value "{id}" is not snowflake.')
            return Reply(400, form_error([finding]))
        if self._tokens and id not in self._tokens:
            return refuse(404, *MESSAGES[404])
        if self._tokens and token != self._tokens[id]:
            return refuse(401, *MESSAGES[401])
        return None

    def _next_by_script(self, id: str) -> Answer:
        with self._changed:
            for script in (self._scripts.get(id), self._script):
                if script:
                    return script.popleft()
        return OK

    def _judge(self, id: str, content_type: str, body: object, waits: bool) -> Reply:
        """What Discord would answer."""
        with self._changed:
            budget = self._budgets.setdefault(id, Budget(id, self._clock))
            within = budget.take()
            headers, wait_s = tuple(budget.headers().items()), budget.reset_after_s()
            number = len(self._received) + 1
        if self._rate_limited and not within:
            return _rate_limit(wait_s, headers)
        if "application/json" not in content_type.lower():
            message = "Expected \"Content-Type\" header to be one of {'application/json'}."
            return Reply(400, form_error([Finding((), "CONTENT_TYPE_INVALID", message)]), headers)
        if body is NOT_JSON:
            return Reply(400, {"message": "The request body contains invalid JSON.", "code": 50109}, headers)
        refusal = validate(body)
        if refusal is not None:
            return Reply(400, refusal, headers)
        if not waits:
            return Reply(204, None, headers)
        return Reply(200, stored_message(id, number, _object(body), self._clock.now()), headers)

    def _note(self, received: Received) -> int:
        with self._changed:
            self._received.append(received)
            self._changed.notify_all()
            return len(self._received) - 1


def webhook_id(name: str) -> str:
    """The id behind a name: itself if it is a number, else eighteen digits made from it, as Discord's ids look."""
    if name.isdecimal():
        return name
    return str(10**17 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:7]))


def refuse(status: int, message: str, code: int) -> Reply:
    """An error in Discord's plain form."""
    return Reply(status, {"message": message, "code": code})


def _by_script(answer: Answer) -> Reply | None:
    """The answer by script; None for Discord's own."""
    if not answer.status:
        return None
    if answer.status == 429 and answer.retry_after_s is not None and answer.body is None:
        return _rate_limit(answer.retry_after_s, answer.headers)
    headers = list(answer.headers)
    if answer.retry_after_s is not None:
        headers.append(("Retry-After", str(math.ceil(answer.retry_after_s))))
    if 300 <= answer.status < 400:
        headers.append(("Location", ELSEWHERE))
    said = refuse(answer.status, *MESSAGES.get(answer.status, (f"{answer.status}: {_phrase(answer.status)}", 0)))
    return Reply(answer.status, said.body if answer.body is None else answer.body, tuple(headers))


def _rate_limit(wait_s: float, headers: tuple[tuple[str, str], ...]) -> Reply:
    body: dict[str, object] = {"message": MESSAGES[429][0], "retry_after": wait_s, "global": False}
    # The header is in whole seconds, the body in fractions of them.
    after = ("Retry-After", str(math.ceil(wait_s)))
    return Reply(429, body, (*headers, after, ("X-RateLimit-Scope", "user"), ("Via", "1.1 fake-discord")))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return NOT_JSON


def _object(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
