"""Posts one webhook's messages over HTTP."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tickdiscord.clock import elapsed
from tickdiscord.outbox.answers import Again, Verdict, verdict
from tickdiscord.outbox.webhook import Webhook, mask, tls_context
from tickdiscord.version import __version__

if TYPE_CHECKING:
    import httpx

PROJECT = "https://pypi.org/project/tickdiscord"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
TIMEOUT_S = 10.0
"""For each of: connecting, sending, waiting for a piece of the answer."""

LONGEST_ANSWER = 65_536
LONGEST_ANSWER_S = 30.0


class UnreachableError(Exception):
    """No answer came; the text says why, with the URL masked. The message may have been delivered all the same."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer; names of headers in lower case, the body as far as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Poster:
    """Keeps a connection to one webhook. Used by one thread at a time."""

    def __init__(self, webhook: Webhook, timeout_s: float = TIMEOUT_S) -> None:
        self._webhook = webhook
        self._timeout_s = timeout_s
        self._client: httpx.Client | None = None

    def post(self, body: str) -> Reply:
        """Post a JSON text and give the answer, whatever it is; redirects are not followed.

        Raises:
            UnreachableError: when there is no answer.
        """
        import httpx  # a third of the program's start-up time, and a run without alerts does not need it

        try:
            client = self._client or self._open()
            with client.stream("POST", self._webhook.endpoint(), content=body.encode()) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status_code, headers, read_within(response))
        except httpx.TimeoutException as problem:
            raise UnreachableError(self._say_timeout(problem)) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as problem:
            raise UnreachableError(mask(f"{type(problem).__name__}: {problem}", [self._webhook.url])) from None

    def carry_out(self, body: str) -> Verdict:
        """Post a JSON text, and say what the answer means."""
        try:
            reply = self.post(body)
        except UnreachableError as problem:
            return Again(str(problem))
        return verdict(reply.status, reply.headers, reply.body)

    def close(self) -> None:
        """Close the connection; the next `post` opens another."""
        if self._client is not None:
            self._client.close()
            self._client = None
            logging.getLogger("httpx").removeFilter(self._hides_url)

    def _open(self) -> "httpx.Client":
        import httpx

        context = tls_context(self._webhook)
        self._client = httpx.Client(
            headers={"User-Agent": user_agent(), "Content-Type": "application/json"},
            timeout=self._timeout_s,
            follow_redirects=False,
            # A proxy cannot reach this machine's own stand-in.
            trust_env=self._webhook.host().rpartition(":")[0] not in LOOPBACK,
            verify=True if context is None else context,
        )
        # httpx logs every request with its URL; where this runs as a library, logging may be on.
        logging.getLogger("httpx").addFilter(self._hides_url)
        return self._client

    def _hides_url(self, record: logging.LogRecord) -> bool:
        return self._webhook.endpoint() not in record.getMessage()

    def _say_timeout(self, problem: "httpx.TimeoutException") -> str:
        import httpx

        if isinstance(problem, httpx.ConnectTimeout | httpx.PoolTimeout):
            return f"no connection within {self._timeout_s:g} s"
        return f"no answer within {self._timeout_s:g} s (the message may have arrived)"


def user_agent() -> str:
    """The form that Discord asks for; its edge may block others."""
    return f"DiscordBot ({PROJECT}, {__version__})"


def read_within(response: "httpx.Response") -> bytes:
    """The body, within bounds; the status is known by now, so that a body which fails does not make it unknown."""
    import httpx

    body, deadline = b"", elapsed() + LONGEST_ANSWER_S
    try:
        for piece in response.iter_bytes():
            body += piece
            if len(body) > LONGEST_ANSWER or elapsed() > deadline:
                break
    except httpx.HTTPError:
        pass
    return body
