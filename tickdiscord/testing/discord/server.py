"""The stand-in for Discord: an HTTP server on the loopback interface, with the webhook endpoint behind it."""

import json
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast

from tickdiscord.clock import Clock, WallClock
from tickdiscord.diagnostics import error
from tickdiscord.testing.discord.endpoint import Endpoint, Received, Reply, refuse
from tickdiscord.testing.discord.script import MESSAGES, Answer

if TYPE_CHECKING:
    import ssl

HOST = "127.0.0.1"
LONGEST_BODY = 25 * 1024 * 1024
POLL_S = 0.05
"""How often the server looks whether it is to end."""


class FakeDiscord:
    """A server that takes webhook messages, refuses what Discord would refuse, and remembers them all in order.

    Use it in a `with`, or `start` and `close` it. `port` 0 takes a free one. `script` is what it answers first, to
    whichever webhook; `answer` adds to that for one webhook. Any webhook's id and token are good, unless `only` names
    the good ones as `id/token`. With `rate_limited` it keeps the limit that its headers announce. `on_message` is
    called, from the server's threads, with each message once it is answered. With `tls`, a context for the server's
    side, it speaks https.
    """

    def __init__(
        self,
        port: int = 0,
        script: Sequence[Answer] = (),
        *,
        only: Sequence[str] = (),
        rate_limited: bool = False,
        on_message: Callable[[Received], None] | None = None,
        clock: Clock | None = None,
        tls: "ssl.SSLContext | None" = None,
    ) -> None:
        """Take the port.

        Raises:
            DiagnosticError: TD570, when it cannot be taken.
        """
        self._endpoint = Endpoint(script, only, rate_limited, on_message, clock or WallClock())
        self._server = _listen(port, self._endpoint)
        self._scheme = "http" if tls is None else "https"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="fake Discord", daemon=True
        )

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """End, with every connection."""
        self._endpoint.close()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> "FakeDiscord":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_address[1]

    def url(self, name: str = "1") -> str:
        """A webhook's URL: of the id `name` if that is a number, else of an id made from the name; the token too."""
        return f"{self._scheme}://{HOST}:{self.port}{self._endpoint.path(name)}"

    def answer(self, name: str, *answers: Answer) -> None:
        """Add to what the webhook called `name` answers before it answers as Discord does."""
        self._endpoint.add_script(name, answers)

    @property
    def received(self) -> list[Received]:
        """Everything posted so far, in order, taken or not."""
        return self._endpoint.received()

    @property
    def messages(self) -> list[dict[str, object]]:
        """The messages that are in the channels, in order."""
        return [each.body for each in self.received if each.taken]

    def wait_for(self, count: int, timeout_s: float = 10.0) -> bool:
        """Wait until so many messages were posted, taken or not; returns whether they were, within the time."""
        return self._endpoint.wait_for(count, timeout_s)


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that closing it ends them as the end of a real server would."""

    daemon_threads = True

    def __init__(self, port: int, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._connections: set[socket.socket] = set()
        super().__init__((HOST, port), _Handler)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        self._connections.discard(cast("socket.socket", request))
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "fake-discord"
    sys_version = ""
    # Headers and body are two writes; the second must not wait for the first to be acknowledged.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if self.headers.get("Transfer-Encoding") or not (length.isascii() and length.isdecimal()):
            self._refuse_unread(411, "411: Length Required", 0)
        elif int(length[:20]) > LONGEST_BODY:
            self._refuse_unread(413, *MESSAGES[413])
        else:
            self._answer(self.rfile.read(int(length)))

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: paths hold tokens."""

    def _answer(self, content: bytes) -> None:
        if not self.headers.get("User-Agent"):
            self._send(refuse(403, "internal network error", 40333))
            return
        endpoint = cast("_Server", self.server).endpoint
        reply = endpoint.reply(self.command, self.path, self.headers.get("Content-Type", ""), content)
        if reply is None:
            self.close_connection = True
            return
        try:
            self._send(reply)
        finally:
            if reply.number is not None:
                endpoint.tell(reply.number)

    def _refuse_unread(self, status: int, message: str, code: int) -> None:
        """The body is still on the connection, which can take no further request then."""
        self.close_connection = True
        self._send(refuse(status, message, code))

    def _send(self, reply: Reply) -> None:
        content = b"" if reply.body is None else reply.body
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if reply.status != 204:
            self.wfile.write(content)


def _listen(port: int, endpoint: Endpoint) -> _Server:
    try:
        return _Server(port, endpoint)
    except (OSError, OverflowError) as problem:
        raise error(
            "TD570",
            f"the stand-in for Discord cannot listen on port {port}: {getattr(problem, 'strerror', None) or problem}",
            hint="give another one with `--port`; 0 takes a free one",
        ) from None
