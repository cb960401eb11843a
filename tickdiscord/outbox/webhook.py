"""A webhook: where the requests of one workspace go, and its URL, which is a secret and is never shown."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.outbox.journal import Queue

if TYPE_CHECKING:
    import ssl

KIND = "discord"
HIDDEN = "****"
WEBHOOK_PATH = re.compile(r"/webhooks/([^/?#]+)/[^/?#]")
SHORTEST_TOKEN = 4
"""A shorter token is hidden only together with its path: on its own it would be found in half of all words."""


class Secret:
    """A webhook's URL. However it is printed, it shows only which webhook it is: `…/webhooks/123…/****`."""

    __slots__ = ("_url",)

    def __init__(self, url: str) -> None:
        self._url = url

    def reveal(self) -> str:
        """The URL itself: to be posted to, never to be printed."""
        return self._url

    def __str__(self) -> str:
        found = WEBHOOK_PATH.search(self._url)
        return f"…/webhooks/{found[1][:3]}…/{HIDDEN}" if found else f"…/{HIDDEN}"

    def __repr__(self) -> str:
        return f"Secret('{self}')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._url == self._url

    def __hash__(self) -> int:
        return hash(self._url)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a workspace's requests are posted, and how the server is known for what it says it is.

    `ca`, `cert` and `key` are files in PEM form; with `ca` only the authorities in it are trusted.
    """

    workspace: str
    url: Secret
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    insecure_skip_verify: bool = False

    def endpoint(self) -> str:
        """The URL that is posted to, with `wait=true`: only then Discord says what is wrong with a message."""
        address, _, query = self.url.reveal().partition("#")[0].partition("?")
        kept = [part for part in query.split("&") if part and part.partition("=")[0] != "wait"]
        return f"{address}?{'&'.join([*kept, 'wait=true'])}"

    def host(self) -> str:
        """The server, which limits that hold for the sender's address are shared on."""
        return _parts(self.url).netloc.rpartition("@")[2].lower()

    @property
    def queue(self) -> Queue:
        """Under which kind and name the outbox keeps its requests."""
        return Queue(KIND, self.workspace)

    @property
    def shown(self) -> str:
        """How messages call it."""
        return named(self.workspace)

    @property
    def cure(self) -> str:
        """What a user can do when nothing is taken there."""
        return "correct its url in the `[[discord]]` section"

    def hide(self, text: str) -> str:
        """The text without the URL."""
        return mask(text, [self.url])

    def problems(self) -> list[Diagnostic]:
        """What is wrong with it, found without the network: TD560 (URL), TD561 (TLS files), TD562 (not verified)."""
        found = [Diagnostic("TD560", message, hint=hint) for message, hint in _url_problems(self)]
        if self.insecure_skip_verify:
            found.append(
                warning(
                    "TD562",
                    f"{named(self.workspace)} posts without verifying the server's certificate",
                    hint="whoever is in between can read the webhook's URL: name the authority with `ssl-ca` instead",
                )
            )
        try:
            tls_context(self)
        except (OSError, ValueError) as problem:
            files = ", ".join(f"`{file}`" for file in (self.ca, self.cert, self.key) if file is not None)
            found.append(
                Diagnostic(
                    "TD561",
                    f"the TLS files of {named(self.workspace)} ({files}) cannot be used: {problem}",
                    hint="`ssl-ca`, `ssl-cert` and `ssl-key` name PEM files; the key must not need a passphrase",
                )
            )
        return found


def tls_context(webhook: Webhook) -> "ssl.SSLContext | None":
    """How the server is to be verified; None for the usual way.

    Raises:
        OSError: a file cannot be read, or holds no certificate or key (`ssl.SSLError` is one).
        ValueError: a key without a certificate.
    """
    if not (webhook.ca or webhook.cert or webhook.key or webhook.insecure_skip_verify):
        return None
    import ssl  # 10 ms of start-up that few configurations need

    context = ssl.create_default_context(cafile=webhook.ca)
    if webhook.cert is not None:
        # A passphrase given here keeps OpenSSL from asking for one on the terminal.
        context.load_cert_chain(webhook.cert, webhook.key, password="")
    elif webhook.key is not None:
        raise ValueError("a key without a certificate (`ssl-cert`)")
    if webhook.insecure_skip_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def named(workspace: str) -> str:
    """How a workspace is called in messages; the only one may have an empty name (Kapacitor)."""
    return f"workspace `{workspace}`" if workspace else "the workspace without a name"


def mask(text: str, secrets: Iterable[Secret]) -> str:
    """The text with every URL among the secrets hidden, and with every part of one that would give it away."""
    for secret in secrets:
        url, parts = secret.reveal(), _parts(secret)
        path_and_query = f"{parts.path}?{parts.query}" if parts.query else parts.path
        for piece in (url, url.partition("?")[0], path_and_query, parts.path):
            if len(piece) > 1:
                text = text.replace(piece, str(secret))
        for token in (parts.path.rpartition("/")[2], parts.password or "", parts.username or ""):
            if len(token) >= SHORTEST_TOKEN:
                text = re.sub(rf"(?<![\w-]){re.escape(token)}(?![\w-])", HIDDEN, text)
    return text


def _parts(secret: Secret) -> SplitResult:
    url = secret.reveal()
    try:
        return urlsplit(url)
    except ValueError:  # `http://[1`: no URL, but a secret all the same
        return SplitResult("", "", url, "", "")


def _url_problems(webhook: Webhook) -> Iterator[tuple[str, str]]:
    """Messages and hints; none of them quotes the URL, even when it is wrong."""
    url, parts, owner = webhook.url.reveal(), _parts(webhook.url), named(webhook.workspace)
    copy = "copy the webhook's URL from the channel's settings: `https://discord.com/api/webhooks/ID/TOKEN`"
    if not url:
        yield f"{owner} has no url", copy
    elif not re.match(r"https?://", url, re.IGNORECASE):
        yield f"the url of {owner} does not begin with `https://` or `http://`", copy
    elif not parts.hostname or not _port_is_good(parts):
        yield f"the url of {owner} names no server, or a port that is none", copy
    elif re.search(r"[\s\x00-\x1f\x7f]", url):
        yield f"the url of {owner} has a blank or a control character in it", copy
    elif re.search(r"(^|\.)discord(app)?\.com$", parts.hostname) and not WEBHOOK_PATH.search(parts.path):
        yield f"the url of {owner} is not that of a webhook", copy


def _port_is_good(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False
