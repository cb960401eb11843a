"""The sender's threads: none waits for another, what is left stays, and the URL is nowhere."""

import logging
import queue
import sqlite3
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.outbox.journal import Outbox, Queue
from tickdiscord.outbox.sender import Sender, Tally
from tickdiscord.outbox.webhook import Secret, Webhook
from tickdiscord.testing.discord import HANG, Answer, FakeDiscord, parse_script

TLS = Path(__file__).parent / "tls"
LONG = 30.0
"""More than any test takes: a drain that ends before that ended by itself."""

Start = Callable[..., Sender]


@pytest.fixture
def troubles() -> list[Diagnostic]:
    return []


@pytest.fixture
def start(outbox: Outbox, troubles: list[Diagnostic]) -> Iterator[Start]:
    """Makes and starts a sender; it is stopped before the outbox is closed."""
    made: list[Sender] = []

    def make(*webhooks: Webhook, timeout_s: float = 10.0) -> Sender:
        made.append(Sender(outbox, webhooks, on_trouble=troubles.append, random=lambda: 0.0, timeout_s=timeout_s))
        made[-1].start()
        return made[-1]

    yield make
    for sender in made:
        sender.stop(patience_s=0.1)


def texts(discord: FakeDiscord) -> list[object]:
    return [message["content"] for message in discord.messages]


def test_what_an_earlier_run_left_is_sent_first(path, webhook, discord, entry, troubles):
    with Outbox(path) as outbox:
        outbox.put([entry(1), entry(2)])
    with Outbox(path) as outbox:
        outbox.put([entry(1, lineage="another run")])
        sender = Sender(outbox, [webhook()], on_trouble=troubles.append)
        sender.start()
        assert sender.drain(LONG)
        sender.stop()
    assert texts(discord) == ["message 1", "message 2", "message 1"]
    assert troubles == []


def test_what_comes_while_it_runs_is_sent(start, outbox, webhook, discord, entry):
    sender = start(webhook())
    for n in range(1, 21):
        outbox.put([entry(n)])
        sender.wake()
    assert sender.drain(LONG)
    assert texts(discord) == [f"message {n}" for n in range(1, 21)]
    assert sender.statistics().total == Tally(sent=20)


def test_a_webhook_in_trouble_never_holds_up_another(start, outbox, webhook, discord, entry):
    discord.answer("ops", HANG)
    discord.answer("gone", Answer(404))
    discord.answer("slow", Answer(429, retry_after_s=600))
    for n, workspace in enumerate(["ops", "ops", "gone", "gone", "slow", "slow", *["dev"] * 6]):
        outbox.put([entry(n, workspace)])
    start(*map(webhook, ("ops", "gone", "slow", "dev")))
    assert discord.wait_for(9)
    assert texts(discord) == [f"message {n}" for n in range(6, 12)]
    waiting = outbox.waiting()
    assert [waiting[Queue("discord", name)] for name in ("ops", "gone", "slow")] == [2, 2, 2]


def test_a_limit_of_the_address_holds_for_every_webhook_of_the_server(start, outbox, webhook, discord, entry):
    discord.answer("ops", Answer(429, body=b'{"retry_after": 600, "global": true}'))
    outbox.put([entry(1)])
    with FakeDiscord() as elsewhere:
        sender = start(webhook(), webhook("dev"), Webhook("other", Secret(elsewhere.url())))
        assert not sender.drain(LONG)
        outbox.put([entry(2, "dev"), entry(3, "other")])
        assert not sender.drain(LONG)
        assert texts(elsewhere) == ["message 3"]
    assert len(discord.received) == 1


def test_draining_ends_when_nothing_more_can_be_sent_in_time(start, outbox, webhook, discord, entry, troubles):
    discord.answer("ops", *parse_script("429:3600"))
    outbox.put([entry(1), entry(2, "nowhere")])
    sender = start(webhook())
    assert not sender.drain(LONG)
    assert dict(sender.statistics().workspaces) == {"ops": Tally(retried=1, left=1), "nowhere": Tally(left=1)}
    assert sorted(trouble.code for trouble in troubles) == ["TD567", "TD569"]


def test_draining_ends_when_the_time_is_over(start, outbox, webhook, discord, entry):
    discord.answer("ops", HANG)
    outbox.put([entry(1)])
    sender = start(webhook())
    assert discord.wait_for(1)
    assert not sender.drain(0.0)


def test_failures_on_the_way_are_overcome(start, outbox, webhook, discord, entry):
    discord.answer("ops", *parse_script("429:0.01,close,ok,500"))
    outbox.put([entry(1)])
    sender = start(webhook())
    assert sender.drain(LONG)
    assert texts(discord) == ["message 1"]
    assert sender.statistics().total.retried == 2


def test_a_request_on_its_way_when_it_stops_stays(start, outbox, webhook, discord, entry):
    discord.answer("ops", HANG)
    outbox.put([entry(1)])
    sender = start(webhook())
    assert discord.wait_for(1)
    sender.stop(patience_s=0)
    outbox.close()
    discord.close()  # the thread gets its answer now, and finds the outbox closed
    for thread in threading.enumerate():
        if thread.name == "tickdiscord sender ops":
            thread.join()


def test_a_sender_that_cannot_write_says_so_once_and_ends(start, outbox, webhook, discord, entry, troubles, path):
    outbox.put([entry(1), entry(2)])
    with sqlite3.connect(path) as other:
        other.execute("CREATE TRIGGER no BEFORE UPDATE ON request BEGIN SELECT raise(FAIL, 'no room'); END")
    other.close()
    sender = start(webhook())
    assert not sender.drain(LONG)
    assert [trouble.code for trouble in troubles] == ["TD555"]
    assert len(discord.received) == 1
    assert sender.statistics().workspaces["ops"].off == troubles[0].message


def test_a_listener_that_fails_does_not_end_the_sending(outbox, webhook, discord, entry):
    def closed(_: Diagnostic) -> None:
        raise BrokenPipeError

    outbox.put([entry(1, content=""), entry(2)])
    sender = Sender(outbox, [webhook()], on_trouble=closed)
    sender.start()
    sender.drain(LONG)
    sender.stop()
    assert texts(discord) == ["message 2"]


def test_the_url_is_in_no_log_and_no_file(start, outbox, webhook, discord, entry, path, caplog, troubles):
    caplog.set_level(logging.DEBUG)
    discord.answer("ops", *parse_script("500,400"))
    outbox.put([entry(1), entry(2)])
    sender = start(webhook())
    assert sender.drain(LONG)
    token = webhook().url.reveal().rpartition("/")[2]
    assert caplog.records
    assert token not in caplog.text
    assert token not in "".join(map(str, troubles))
    assert all(token.encode() not in file.read_bytes() for file in path.parent.iterdir())


def test_how_a_request_looks_on_the_wire(outbox, entry, troubles):
    seen: list[tuple[str, str, str | None, str | None, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.command, self.path, self.headers["Content-Type"], self.headers["User-Agent"], body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/api/webhooks/1/secret?thread_id=5"
    outbox.put([entry(1, content="größer als 5 €")])
    sender = Sender(outbox, [Webhook("ops", Secret(url))], on_trouble=troubles.append)
    sender.start()
    assert sender.drain(LONG)
    sender.stop()
    server.shutdown()
    thread.join()
    server.server_close()
    ((method, path, content_type, agent, body),) = seen
    assert (method, path) == ("POST", "/api/webhooks/1/secret?thread_id=5&wait=true")
    assert content_type == "application/json"
    assert body.decode() == '{"content":"größer als 5 €"}'
    assert agent is not None
    assert agent.startswith("DiscordBot (https://")


@pytest.mark.parametrize(
    ("options", "arrives"),
    [({"ca": TLS / "server.pem"}, True), ({"insecure_skip_verify": True}, True), ({}, False)],
    ids=["known authority", "not verified", "unknown authority"],
)
def test_tls(outbox, entry, options, arrives):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "server.pem", TLS / "server.key")
    said = queue.SimpleQueue[Diagnostic]()
    with FakeDiscord(tls=context) as discord:
        outbox.put([entry(1)])
        sender = Sender(outbox, [Webhook("ops", Secret(discord.url()), **options)], on_trouble=said.put)
        sender.start()
        if arrives:
            assert sender.drain(LONG)
        else:
            assert "CERTIFICATE_VERIFY_FAILED" in said.get(timeout=LONG).message
        sender.stop()
        assert len(discord.messages) == int(arrives)
