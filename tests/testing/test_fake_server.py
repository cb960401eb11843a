"""The stand-in for Discord, as an HTTP client finds it."""

import queue
import socket
from collections.abc import Iterator

import httpx
import pytest

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.testing.discord import CLOSE, HANG, Answer, FakeDiscord, Received, parse_script

SECOND = 1_000_000_000
HELLO = {"content": "hello", "username": "AlertBot"}


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=10) as opened:
        yield opened


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord(clock=ManualClock(1_700_000_000 * SECOND)) as fake:
        yield fake


def test_a_message_is_taken_in_silence(discord, client):
    answer = client.post(discord.url(), json=HELLO)
    assert (answer.status_code, answer.content) == (204, b"")
    assert discord.messages == [HELLO]


def test_a_message_is_given_back_when_asked_for(discord, client):
    body = {"content": " x ", "embeds": [{"title": " T "}]}
    answer = client.post(discord.url("1"), params={"wait": "true"}, json=body)
    assert answer.status_code == 200
    message = answer.json()
    assert (message["content"], message["embeds"]) == ("x", [{"type": "rich", "title": "T"}])
    assert (message["webhook_id"], message["timestamp"]) == ("1", "2023-11-14T22:13:20.000000+00:00")
    ids = [message["id"], client.post(discord.url(), params={"wait": "true"}, json=body).json()["id"]]
    assert ids[0] < ids[1]
    assert discord.messages == [body, body]


def test_a_message_is_refused_in_discords_form(discord, client):
    answer = client.post(discord.url(), json={"content": ""})
    assert (answer.status_code, answer.json()["code"]) == (400, 50006)
    answer = client.post(discord.url(), json={"content": "x" * 2001})
    assert answer.json()["errors"]["content"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"
    assert discord.messages == []
    assert [received.status for received in discord.received] == [400, 400]
    assert discord.received[0].refusal == {"message": "Cannot send an empty message", "code": 50006}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"content": }'])
def test_what_is_no_json_is_refused(discord, client, content):
    answer = client.post(discord.url(), content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, 50109)


def test_another_content_type_is_refused(discord, client):
    answer = client.post(discord.url(), data={"content": "hello"})
    assert answer.json()["errors"]["_errors"][0]["code"] == "CONTENT_TYPE_INVALID"


def test_every_webhook_is_known_unless_some_are_named(client):
    with FakeDiscord(only=["11/aaa", "22/bbb"]) as discord:
        base = f"http://127.0.0.1:{discord.port}/api"
        codes = {}
        for path in ("webhooks/11/aaa", "v10/webhooks/22/bbb", "webhooks/33/aaa", "webhooks/11/bbb"):
            answer = client.post(f"{base}/{path}", json=HELLO)
            codes[path] = (answer.status_code, answer.json()["code"] if answer.content else None)
        assert codes == {
            "webhooks/11/aaa": (204, None),
            "v10/webhooks/22/bbb": (204, None),
            "webhooks/33/aaa": (404, 10015),
            "webhooks/11/bbb": (401, 50027),
        }
        assert discord.url("22") == f"{base}/webhooks/22/bbb"


@pytest.mark.parametrize("path", ["/", "/api", "/api/webhooks/1", "/api/webhooks/1/t/slack", "/webhooks/1/t", "//"])
def test_other_paths_are_not_found(discord, client, path):
    answer = client.post(f"http://127.0.0.1:{discord.port}{path}", json=HELLO)
    assert (answer.status_code, answer.json()) == (404, {"message": "404: Not Found", "code": 0})


def test_an_id_that_is_none(discord, client):
    answer = client.post(f"http://127.0.0.1:{discord.port}/api/webhooks/ops/token", json=HELLO)
    assert answer.json()["errors"]["webhook_id"]["_errors"][0]["message"] == 'Value "ops" is not snowflake.'


def test_a_webhook_tells_what_it_is(discord, client):
    webhook = client.get(discord.url("7")).json()
    assert (webhook["id"], webhook["type"]) == ("7", 1)
    assert discord.url("7").endswith(webhook["token"])
    assert discord.received == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(discord, client, method):
    assert client.request(method, discord.url()).json() == {"message": "405: Method Not Allowed", "code": 0}


def test_a_client_without_a_name_is_blocked(discord, client):
    answer = client.post(discord.url(), json=HELLO, headers={"User-Agent": ""})
    assert (answer.status_code, answer.json()["code"]) == (403, 40333)


def test_a_body_of_unknown_length_is_not_read(discord, client):
    answer = client.post(discord.url(), content=iter([b"{}"]), headers={"Content-Type": "application/json"})
    assert answer.status_code == 411


def test_a_body_beyond_all_bounds_is_not_read(discord):
    request = f"POST {discord.url()} HTTP/1.1\r\nUser-Agent: x\r\nContent-Length: {10**30}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", discord.port)) as connection:
        connection.sendall(request.encode())
        assert connection.makefile("rb").readline() == b"HTTP/1.1 413 Request Entity Too Large\r\n"


def test_answers_by_script_come_first(client):
    with FakeDiscord(script=parse_script("500,429:1.5,404,503:7,ok,301")) as discord:
        answers = [client.post(discord.url(), json=HELLO) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [500, 429, 404, 503, 204, 301, 204]
    limited = answers[1]
    assert limited.json() == {"message": "You are being rate limited.", "retry_after": 1.5, "global": False}
    assert (limited.headers["Retry-After"], limited.headers["Via"]) == ("2", "1.1 fake-discord")
    assert answers[2].json() == {"message": "Unknown Webhook", "code": 10015}
    assert answers[3].headers["Retry-After"] == "7"
    assert discord.messages == [HELLO, HELLO]


def test_a_script_for_one_webhook(discord, client):
    discord.answer("ops", Answer(418, body=b"teapot", headers=(("X-Brew", "tea"),)))
    assert client.post(discord.url("dev"), json=HELLO).status_code == 204
    answer = client.post(discord.url("ops"), json=HELLO)
    assert (answer.status_code, answer.content, answer.headers["X-Brew"]) == (418, b"teapot", "tea")
    assert [received.status for received in discord.received] == [204, 418]


def test_closing_the_connection(discord, client):
    discord.answer("1", CLOSE)
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(discord.url(), json=HELLO)
    assert [received.status for received in discord.received] == [0]


def test_saying_nothing(discord, client):
    discord.answer("1", HANG)
    with pytest.raises(httpx.ReadTimeout):
        client.post(discord.url(), json=HELLO, timeout=httpx.Timeout(10, read=0.05))
    assert [received.status for received in discord.received] == [0]


def test_the_end_of_the_server_is_the_end_of_its_connections(client):
    discord = FakeDiscord()
    discord.start()
    client.post(discord.url(), json=HELLO)
    discord.close()
    with pytest.raises(httpx.TransportError):
        client.post(discord.url(), json=HELLO)


def test_the_headers_tell_the_budget(client):
    clock = ManualClock(1_000 * SECOND)
    with FakeDiscord(clock=clock) as discord:
        remaining = [client.post(discord.url(), json=HELLO).headers["X-RateLimit-Remaining"] for _ in range(7)]
        clock.set(1_001 * SECOND + SECOND // 2)
        headers = client.post(discord.url(), json=HELLO).headers
        other = client.post(discord.url("2"), json=HELLO).headers
        clock.set(1_002 * SECOND)
        fresh = client.post(discord.url(), json=HELLO).headers
    assert remaining == ["4", "3", "2", "1", "0", "0", "0"]
    told = [headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset-After", "Reset")]
    assert told == ["5", "0", "0.500", "1002.000"]
    assert (other["X-RateLimit-Remaining"], fresh["X-RateLimit-Remaining"]) == ("4", "4")
    assert headers["X-RateLimit-Bucket"] == fresh["X-RateLimit-Bucket"] != other["X-RateLimit-Bucket"]


def test_the_limit_is_kept_when_asked_for(client):
    clock = ManualClock(1_000 * SECOND)
    with FakeDiscord(clock=clock, rate_limited=True) as discord:
        answers = [client.post(discord.url(), json=HELLO) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [204] * 5 + [429]
        assert answers[-1].json()["retry_after"] == 2.0
        clock.set(1_002 * SECOND)
        assert client.post(discord.url(), json=HELLO).status_code == 204
    assert len(discord.messages) == 6


def test_a_listener_gets_each_message(client):
    heard = queue.SimpleQueue[Received]()
    with FakeDiscord(on_message=heard.put) as discord:
        found: list[Received] = []
        for body in (HELLO, {}):
            client.post(discord.url("5"), json=body)
            found.append(heard.get(timeout=10))
    assert [(each.webhook_id, each.body, each.taken) for each in found] == [("5", HELLO, True), ("5", {}, False)]


def test_waiting_for_messages(discord, client):
    assert not discord.wait_for(1, timeout_s=0)
    client.post(discord.url(), json=HELLO)
    assert discord.wait_for(1, timeout_s=0)


def test_a_port_that_is_taken(discord):
    with pytest.raises(DiagnosticError) as caught:
        FakeDiscord(discord.port)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "TD570"
    assert str(discord.port) in diagnostic.message


@pytest.mark.parametrize(
    ("script", "answers"),
    [
        ("", ()),
        ("429:2.5", (Answer(429, 2.5),)),
        ("429", (Answer(429, 1.0),)),
        (" 500x2 , OK,hang,close", (Answer(500), Answer(500), Answer(), HANG, CLOSE)),
        ("503:3x2,204", (Answer(503, 3.0), Answer(503, 3.0), Answer())),
    ],
)
def test_scripts(script, answers):
    assert parse_script(script) == answers


@pytest.mark.parametrize("script", ["600", "42", "later", "429:", "429:soon", "500x", "500:1:2", "-1", "٥٠٠"])
def test_scripts_that_are_none(script):
    with pytest.raises(DiagnosticError) as caught:
        parse_script(f"ok,{script}")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "TD571"
    assert f"`{script}`" in diagnostic.message
