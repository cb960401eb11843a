"""`.post('http://host/path')` or `.post().endpoint('name')`: the event as JSON to a server."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import Diagnostic, did_you_mean, error, warning
from tickdiscord.handlers.endpoints import Endpoint, alert_data, is_url, url_template, urls
from tickdiscord.handlers.handler import NOTHING, Binding, Bound, Handler, Reaction
from tickdiscord.handlers.line import Line, lines
from tickdiscord.outbox.post_url import Site
from tickdiscord.outbox.request import Request
from tickdiscord.properties import DURATION, STRING, arguments, flag, repeated, value
from tickdiscord.templates import Template, TemplateError

WRONG = "TD528"
TEMPLATE = "TD529"
SECOND = 1_000_000_000


@dataclass(eq=False)
class Post(Handler):
    """Kapacitor: `AlertHTTPPostHandler` and `services/httppost`."""

    kind: ClassVar[str] = "post"
    doc: ClassVar[str] = "Posts the event as JSON to a URL, or to an endpoint of the configuration."
    options: ClassVar = {"header": "headers"}

    url: tuple[str, ...] = arguments(STRING, "The URL; without one, an endpoint is to be named.")
    endpoint: str = value(STRING, "", "The name of an [[httppost]] section of the configuration.")
    header: tuple[tuple[str, str], ...] = repeated(STRING, STRING, doc="A header of the request.")
    capture_response: bool = flag("Show what is answered, if the answer is no 2xx.")
    timeout: int = value(DURATION, 0, "How long to wait for the answer; 0s for as long as usual.")
    skip_ssl_verification: bool = flag("Do not verify the server's certificate.", name="skipSSLVerification")

    def problems(self) -> Sequence[Diagnostic]:
        """Kapacitor: `validate`."""
        found: list[Diagnostic] = []
        if not self.endpoint and not "".join(self.url):
            hint = "`.post('http://localhost:8080/')` or `.post().endpoint('name')`"
            found.append(Diagnostic(WRONG, "a post wants a URL or an endpoint", self.span, hint))
        if len(self.url) > 1:
            found.append(
                Diagnostic(WRONG, f"a post wants one URL, got {len(self.url)}", self.said.get("url", self.span))
            )
        if self.endpoint and "".join(self.url):
            place = self.said.get("endpoint", self.span)
            found.append(Diagnostic(WRONG, "a URL and an endpoint exclude each other", place))
        if any(name.upper() == "AUTHENTICATE" for name, _ in self.header):
            place = self.said.get("header", self.span)
            found.append(Diagnostic(WRONG, "the header `authenticate` cannot be set", place))
        for name, said in self.header:
            if not name or not name.isascii() or any(each in f"{name}{said}" for each in "\r\n\0"):
                place = self.said.get("header", self.span)
                found.append(Diagnostic(WRONG, f"`{name}` is no header", place))
        return found

    def bind(self, binding: Binding) -> Bound:
        endpoint = self._endpoint(binding)
        digest = hashlib.sha256(repr((self.url, self.header, self.timeout)).encode("utf-8", "replace")).hexdigest()[:8]
        name = self.endpoint or _site(endpoint.url.text)
        site = Site(
            name=f"{name} ({digest})" if self.url or self.header or self.timeout else name,
            url=urls(endpoint.url),
            headers={**endpoint.headers, **dict(self.header)},
            user=endpoint.user,
            password=endpoint.password,
            timeout_s=max(0, self.timeout) / SECOND,
            capture=self.capture_response,
            insecure=self.skip_ssl_verification,
        )
        binding.destination(site)
        return BoundPost(site.queue.target, endpoint.alert_template, not endpoint.url.constant, binding)

    def _endpoint(self, binding: Binding) -> Endpoint:
        """The endpoint that is meant, or one for the URL."""
        place, source = self.said.get("endpoint", self.span), binding.source
        if not self.endpoint:
            template = url_template(self.url[0], self.said.get("url"), source)
            if template.constant and not is_url(self.url[0]):
                message = "the URL of a post begins with http:// or https:// and names a server"
                raise error(WRONG, message, self.said.get("url", self.span), source=source)
            return Endpoint("", template)
        found = binding.endpoints.get(self.endpoint)
        if found is not None:
            return found
        known = list(binding.endpoints)
        if not known:
            hint = "the configuration has no [[httppost]] section: --config kapacitor.conf"
        else:
            hint = did_you_mean(self.endpoint, known) or f"configured are: {', '.join(known)}"
        raise error(WRONG, f"there is no endpoint `{self.endpoint}`", place, hint, source)


class BoundPost:
    """A post handler of a known site."""

    def __init__(self, target: str, template: Template | None, tells: bool, binding: Binding) -> None:
        self._target = target
        self._template = template
        self._tells = tells
        """Whether the URL depends on the event."""
        self._line: Callable[[Published], Line] = lines(binding)
        self._trouble = binding.trouble

    def react(self, published: Published) -> Reaction:
        if self._template is None:
            return self._reaction({"event": str(self._line(published))})
        try:
            content = self._template.render(alert_data(published))
        except TemplateError as problem:
            # Kapacitor drops the event, too: no default can stand in for a template of a server's own form.
            id = published.event.state.id
            self._trouble(warning(TEMPLATE, f"`{id}` is not posted, its alert-template failed: {problem}"))
            return NOTHING
        event = {"event": str(self._line(published))} if self._tells else {}
        return self._reaction({**event, "content": content})

    def _reaction(self, body: dict[str, str]) -> Reaction:
        return Reaction((Request("post", self._target, body),))


def _site(url: str) -> str:
    """The scheme and the server of a URL: the rest may be secret."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    except ValueError:
        return "a URL"
