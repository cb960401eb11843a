"""`.post('http://host/path')` or `.post().endpoint('name')`: the event as JSON to a server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.handlers.endpoints import alert_data
from tickdiscord.handlers.handler import NOTHING, Binding, Bound, Handler, Reaction
from tickdiscord.handlers.line import Line, lines
from tickdiscord.handlers.sites import WRONG, Said, posting
from tickdiscord.outbox.request import Request
from tickdiscord.properties import DURATION, STRING, arguments, flag, repeated, value
from tickdiscord.templates import Kind, Template, TemplateError

TEMPLATE = "TD529"


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
        said = Said(
            "".join(self.url),
            self.endpoint,
            dict(self.header),
            self.timeout,
            self.capture_response,
            self.skip_ssl_verification,
            self.said.get("endpoint" if self.endpoint else "url", self.span),
            binding.source,
        )
        found = posting(said, self.kind, Kind.ALERT, binding.endpoints)
        binding.destination(found.site)
        return BoundPost(found.site.queue.target, found.body, found.tells, binding)


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
