"""From what a rule says about posting to the site that is posted to."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tickdiscord.diagnostics import Source, Span, did_you_mean, error
from tickdiscord.handlers.endpoints import Endpoint, is_url, urls, without_secrets
from tickdiscord.outbox.post_url import Site
from tickdiscord.templates import Kind, Template, compile_template

WRONG = "TD528"
SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says: a URL or the name of an endpoint, and more. `timeout` is in ns, 0 for the usual one."""

    url: str = field(default="", repr=False)
    endpoint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    timeout: int = 0
    capture: bool = False
    insecure: bool = False
    place: Span | None = None
    """Where the URL or the endpoint is said."""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """A site, and the template of what is posted there, if there is one. `tells`: the URL depends on what is posted."""

    site: Site
    body: Template | None
    tells: bool


def posting(said: Said, kind: str, sees: Kind, endpoints: Mapping[str, Endpoint]) -> Posting:
    """Where is posted to. `kind` is that of the requests; `sees` says whether templates see an event or a series.

    Raises:
        DiagnosticError: there is no such endpoint, or its URL is none.
    """
    endpoint = _endpoint(said, endpoints)
    template = compile_template(endpoint.url, sees, said.place if said.url else None, said.source)
    if template.constant and not is_url(endpoint.url):
        raise error(WRONG, "the URL of a post begins with http:// or https:// and names a server", said.place)
    own = (said.url, *said.headers.items(), said.timeout, said.capture, said.insecure)
    digest = hashlib.sha256(repr(own).encode("utf-8", "replace")).hexdigest()[:8]
    name = said.endpoint or without_secrets(said.url)
    site = Site(
        name=f"{name} ({digest})" if any(own) else name,
        url=urls(template),
        headers={**endpoint.headers, **said.headers},
        user=endpoint.user,
        password=endpoint.password,
        timeout_s=max(0, said.timeout) / SECOND,
        capture=said.capture,
        insecure=said.insecure,
        kind=kind,
    )
    return Posting(site, endpoint.row_template if sees is Kind.ROW else endpoint.alert_template, not template.constant)


def _endpoint(said: Said, endpoints: Mapping[str, Endpoint]) -> Endpoint:
    """The endpoint that is meant, or one for the URL."""
    if not said.endpoint:
        return Endpoint("", said.url)
    found = endpoints.get(said.endpoint)
    if found is not None:
        return found
    if not endpoints:
        hint = "the configuration has no [[httppost]] section: --config kapacitor.conf"
    else:
        hint = did_you_mean(said.endpoint, endpoints) or f"configured are: {', '.join(endpoints)}"
    raise error(WRONG, f"there is no endpoint `{said.endpoint}`", said.place, hint, said.source)
