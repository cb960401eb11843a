"""`|httpPost()`: posts every point or batch to a URL, as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, cast

from tickdiscord.alert.encoding import data_json
from tickdiscord.alert.event import Row
from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.handlers.endpoints import row_data
from tickdiscord.handlers.sites import Said, posting
from tickdiscord.nodes.layer import with_fields
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.rows import batch_row, point_row
from tickdiscord.nodes.step import Context, Step
from tickdiscord.outbox.request import Entry, Key, Request
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.properties import DURATION, STRING, arguments, flag, repeated, value
from tickdiscord.templates import Kind, TemplateError

WRONG = "TD188"
TEMPLATE = "TD529"
TAKEN = 200
"""The status that is taken for the answer: points do not wait for one."""


@dataclass(eq=False)
class HttpPost(Node):
    """Kapacitor: `HTTPPostNode`."""

    kind: ClassVar[str] = "httpPost"
    described: ClassVar[str] = "http_post"
    doc: ClassVar[str] = "Posts every point or batch to a URL, as JSON, and hands it on."

    urls: tuple[str, ...] = arguments(STRING, "The URL; without one, an endpoint is to be named.")
    endpoint: tuple[tuple[str], ...] = repeated(STRING, doc="The name of an endpoint in the configuration.")
    header: tuple[tuple[str, str], ...] = repeated(STRING, STRING, doc="A header of the request.")
    code_field: str = value(STRING, "", "A field that gets the status of the answer.")
    capture_response: bool = flag("Log what is answered, if it is an error.")
    timeout: int = value(DURATION, 0, "How long to wait for the answer; 0s for as long as usual.")

    def check(self) -> Iterable[Diagnostic]:
        """Kapacitor: `validate`."""
        if len(self.urls) > 1:
            yield Diagnostic(WRONG, f"`|httpPost()` wants one URL, got {len(self.urls)}", self.span)
        if len(self.endpoint) > 1:
            yield Diagnostic(WRONG, f"`.endpoint()` is said {len(self.endpoint)} times", self.said["endpoint"])
        if not self.urls and not self.endpoint:
            yield Diagnostic(
                WRONG, "`|httpPost()` wants a URL or an endpoint", self.span, "`|httpPost('http://localhost:8080/')`"
            )
        if self.urls and self.endpoint:
            yield Diagnostic(WRONG, "a URL and an endpoint exclude each other", self.said["endpoint"])
        if any(name.upper() == "AUTHENTICATE" for name, _ in self.header):
            yield Diagnostic(WRONG, "the header `authenticate` cannot be set", self.said["header"])

    def step(self, context: Context) -> Step:
        return HttpPostStep(self, context)


class HttpPostStep(Step):
    def __init__(self, node: HttpPost, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        said = Said(
            "".join(node.urls),
            "".join(name for (name,) in node.endpoint),
            dict(node.header),
            node.timeout,
            node.capture_response,
            place=node.said.get("endpoint", node.span),
            source=context.source,
        )
        self._posting = posting(said, node.kind, Kind.ROW, context.endpoints)
        context.destination(self._posting.site)
        self._sequence = 0

    def chunk(self, chunk: Chunk) -> None:
        for index in range(len(chunk)):
            point = chunk.point(index)
            self._post(point_row(point.name, point.tags, point.fields, point.time), chunk.order[index])
        self.give(self._with_code(chunk))

    def batch(self, batch: Batch) -> None:
        self._post(batch_row(batch), batch.order)
        rows = self._with_code(batch.rows)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def snapshot(self) -> object:
        return self._sequence

    def restore(self, state: object) -> None:
        self._sequence = cast("int", state)

    def _post(self, row: Row, order: int) -> None:
        found = self._posting
        body = {} if found.body is not None and not found.tells else {"event": data_json([row])}
        if found.body is not None:
            try:
                body["content"] = found.body.render(row_data(row))
            except TemplateError as problem:
                self._failed(problem)
                return
        self._sequence += 1
        key = Key(self._context.lineage, self._context.task, self._node.name, 0, self._sequence)
        self._context.request(order, Entry(key, "", Request(self._node.kind, found.site.queue.target, body)))

    def _failed(self, problem: TemplateError) -> None:
        """Kapacitor: what its template fails on is not posted."""
        node = self._node
        message = f"a point of `|httpPost()` is not posted, the row-template failed: {problem}"
        self._context.trouble(node, "row-template", warning(TEMPLATE, message, node.span, source=self._context.source))

    def _with_code(self, chunk: Chunk) -> Chunk:
        name = self._node.code_field
        return with_fields(chunk, {name: [TAKEN] * len(chunk)}) if name else chunk
