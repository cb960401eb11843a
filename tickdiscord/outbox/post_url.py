"""Posts events to any server over HTTP."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tickdiscord.outbox.answers import Again, Dead, Delivered, SwitchOff, Verdict, seconds
from tickdiscord.outbox.journal import Queue
from tickdiscord.outbox.post import LOOPBACK, PROJECT, TIMEOUT_S, read_within
from tickdiscord.outbox.webhook import HIDDEN, SHORTEST_TOKEN, Secret, mask

if TYPE_CHECKING:
    import ssl

    import httpx

KIND = "post"
MOST_SHOWN = 300
JSON = "application/json"
BUSY = frozenset({408, 425, 429})
"""4xx that say nothing about the message."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a post handler or `|httpPost()` posts to, and how. URL, headers and password are never shown or kept.

    `name` is the endpoint's, or stands for a URL that a rule says. `url` gives the URL for an event, told as JSON.
    """

    name: str
    url: Callable[[str], str] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 0.0
    """How long to wait for the answer; 0 for as long as usual."""
    capture: bool = False
    """Whether an answer that refuses is shown."""
    insecure: bool = False
    """Whether the server's certificate is not verified."""
    kind: str = KIND
    """That of the requests: a handler's or a node's."""

    @property
    def queue(self) -> Queue:
        return Queue(self.kind, self.name)

    @property
    def shown(self) -> str:
        return f"the site `{self.name}`"

    @property
    def cure(self) -> str:
        return "correct its URL in the rule, the handler file or the `[[httppost]]` section"

    def host(self) -> str:
        return ""

    def hide(self, text: str) -> str:
        for secret in (*self.headers.values(), self.password):
            if len(secret) >= SHORTEST_TOKEN:
                text = text.replace(secret, HIDDEN)
        return text

    def performer(self) -> "Postman":
        return Postman(self)


class Postman:
    """Keeps a connection to one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._client: httpx.Client | None = None
        self._url = Secret("")

    def carry_out(self, body: str) -> Verdict:
        """Post an event. Kapacitor: every 2xx is good, and a POST is tried once; here also later, if that may help."""
        import httpx

        site = self._site
        request = json.loads(body)
        event = str(request.get("event", ""))
        content = request.get("content")
        try:
            self._url = Secret(site.url(event))
        except ValueError as problem:
            return Dead(f"its URL could not be made: {problem}")
        headers = {name: said for name, said in site.headers.items() if content or name.lower() != "content-type"}
        if content is None:
            headers["Content-Type"] = JSON
        try:
            client = self._client or self._open()
            text = f"{event}\n" if content is None else str(content)
            with client.stream(
                "POST", self._url.reveal(), content=text.encode("utf-8", "replace"), headers=headers
            ) as response:
                return self._verdict(response)
        except httpx.TimeoutException:
            return Again(f"no answer within {self._patience_s:g} s (the event may have arrived)")
        except httpx.InvalidURL as problem:
            return SwitchOff(self._hidden(f"its URL is none: {problem}"))
        except httpx.UnsupportedProtocol:
            return SwitchOff("its URL begins with neither http:// nor https://")
        except (httpx.HTTPError, OSError, ValueError) as problem:
            return Again(self._hidden(f"{type(problem).__name__}: {problem}"))

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
            logging.getLogger("httpx").removeFilter(self._hides_url)

    @property
    def _patience_s(self) -> float:
        return self._site.timeout_s or TIMEOUT_S

    def _open(self) -> "httpx.Client":
        import httpx

        site = self._site
        self._client = httpx.Client(
            headers={"User-Agent": f"tickdiscord ({PROJECT})"},
            timeout=self._patience_s,
            auth=(site.user, site.password) if site.user and site.password else None,
            follow_redirects=False,
            # A proxy cannot reach what listens on this machine.
            trust_env=(urlsplit(self._url.reveal()).hostname or "") not in LOOPBACK,
            verify=_unverified() if site.insecure else True,
        )
        logging.getLogger("httpx").addFilter(self._hides_url)
        return self._client

    def _verdict(self, response: "httpx.Response") -> Verdict:
        status = response.status_code
        reason = f"HTTP {status}"
        if 200 <= status < 300:
            read_within(response)
            return Delivered()
        said = " ".join(read_within(response).decode("utf-8", "replace").split())
        if self._site.capture and said:
            reason += f": {''.join(each if each.isprintable() else ' ' for each in said)[:MOST_SHOWN]}"
        reason = self._hidden(reason)
        after_s = seconds(response.headers.get("retry-after"))
        if status in BUSY:
            return Again(reason, after_s, counted=after_s is None)
        if status >= 500:
            return Again(reason, after_s)
        if 300 <= status < 400:
            return SwitchOff(f"the server redirects to another address ({reason})")
        return Dead(reason)

    def _hidden(self, text: str) -> str:
        return self._site.hide(mask(text, [self._url]))

    def _hides_url(self, record: logging.LogRecord) -> bool:
        url = self._url.reveal()
        return not url or url not in record.getMessage()


def _unverified() -> "ssl.SSLContext":
    import ssl

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
