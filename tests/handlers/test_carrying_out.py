"""What programs, servers and databases get, for real: processes, sockets and HTTP on loopback."""

import base64
import json
import os
import resource
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from command import tickdiscord
from inprocess import Outcome, outcome

from tickdiscord.outbox.answers import Again, Dead, Delivered, SwitchOff
from tickdiscord.outbox.exec import Program
from tickdiscord.outbox.influxdb import InfluxDB
from tickdiscord.outbox.post_url import Site
from tickdiscord.outbox.tcp import Address
from tickdiscord.runtime.log_files import LogFiles

CERTIFICATE = Path(__file__).parent.parent / "outbox" / "tls"
EVENT = json.dumps({"event": '{"id":"x","level":"OK"}'})


@dataclass
class Got:
    """A request that a server got."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Server:
    """An HTTP server that answers with `status` and `said`, and remembers what it got."""

    status: int = 200
    said: bytes = b""
    got: list[Got] = field(default_factory=list)
    url: str = ""
    hangs: threading.Event | None = None


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as state:
        yield state


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if state.hangs is not None:
                state.hangs.wait()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(state.said)))
            self.end_headers()
            self.wfile.write(state.said)

        def log_message(self, *_: object) -> None: ...

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        made.socket = tls.wrap_socket(made.socket, server_side=True)
    state.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield state
    if state.hangs is not None:
        state.hangs.set()
    made.shutdown()
    made.server_close()
    thread.join()


def program(tmp_path: Path, text: str) -> str:
    path = tmp_path / "program"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_program_gets_the_event_on_its_input_and_its_arguments_as_they_are(tmp_path: Path) -> None:
    path = program(tmp_path, f'cat > {tmp_path}/in; printf "%s" "$1" > {tmp_path}/arg')
    assert Program(path, ("$(id); `id` *",)).performer().carry_out(EVENT) == Delivered()
    assert (tmp_path / "in").read_text() == '{"id":"x","level":"OK"}\n'
    assert (tmp_path / "arg").read_text() == "$(id); `id` *"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("echo no space left >&2; exit 3", Dead("it failed with exit code 3: no space left")),
        ("exit 75", Again("it failed with exit code 75")),
        ("kill -9 $$", Dead("it was ended by signal 9")),
        ("true", Delivered()),
        ("head -c 100000000 /dev/zero", Delivered()),
    ],
)
def test_what_becomes_of_a_program(text: str, verdict: object, tmp_path: Path) -> None:
    assert Program(program(tmp_path, text)).performer().carry_out(EVENT) == verdict


def test_a_program_that_is_missing_keeps_its_events() -> None:
    verdict = Program("/nowhere/program").performer().carry_out(EVENT)
    assert verdict == SwitchOff("it cannot be run: No such file or directory")


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    path = program(tmp_path, "sleep 600 & echo started; wait")
    verdict = Program(path, timeout_s=0.3).performer().carry_out(EVENT)
    assert verdict == Dead("it had not ended after 0.3 s, and was stopped: started")


def test_a_tcp_server_gets_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        assert Address(address).performer().carry_out(EVENT) == Delivered()
        connection, _ = listening.accept()
        with connection:
            assert connection.makefile().read() == '{"id":"x","level":"OK"}\n'
    assert isinstance(Address(address).performer().carry_out(EVENT), Again)


def test_a_post_has_headers_and_a_password(server: Server) -> None:
    site = Site("s", lambda _: f"{server.url}/a?b=c", {"X-Key": "hidden-key"}, "me", "pass word")
    assert site.performer().carry_out(EVENT) == Delivered()
    (got,) = server.got
    assert (got.path, got.body, got.headers["content-type"]) == (
        "/a?b=c",
        '{"id":"x","level":"OK"}\n',
        "application/json",
    )
    assert got.headers["x-key"] == "hidden-key"
    assert base64.b64decode(got.headers["authorization"].removeprefix("Basic ")) == b"me:pass word"


@pytest.mark.parametrize(
    ("status", "said", "verdict"),
    [
        (204, b"", Delivered()),
        (400, b"no such\nfield in hidden-key", Dead("HTTP 400: no such field in ****")),
        (503, b"", Again("HTTP 503")),
        (429, b"", Again("HTTP 429")),
        (302, b"", SwitchOff("the server redirects to another address (HTTP 302)")),
    ],
)
def test_what_a_server_answers(server: Server, status: int, said: bytes, verdict: object) -> None:
    server.status, server.said = status, said
    site = Site("s", lambda _: server.url, {"X-Key": "hidden-key"}, capture=True)
    assert site.performer().carry_out(EVENT) == verdict


def test_a_server_that_hangs_is_waited_for_as_long_as_the_handler_says(server: Server) -> None:
    server.hangs = threading.Event()
    verdict = Site("s", lambda _: server.url, timeout_s=0.2).performer().carry_out(EVENT)
    assert verdict == Again("no answer within 0.2 s (the event may have arrived)")


def points(create: bool = False, policy: str = "") -> str:
    return json.dumps(
        {"database": 'd"b', "retentionPolicy": policy, "create": create, "points": 1, "lines": "m v=1 1\n"}
    )


def test_an_influxdb_gets_points_and_makes_a_database_once(server: Server) -> None:
    writer = InfluxDB.at(server.url.replace("//", "//me:secret@"), {"INFLUX_TOKEN": "unused"}).performer()
    assert [writer.carry_out(points(True, "p")) for _ in range(2)] == [Delivered()] * 2
    assert [got.path for got in server.got] == [
        "/query?q=CREATE+DATABASE+%22d%5C%22b%22+WITH+NAME+%22p%22",
        "/write?db=d%22b&rp=p&precision=ns",
        "/write?db=d%22b&rp=p&precision=ns",
    ]
    assert [got.body for got in server.got] == ["", "m v=1 1\n", "m v=1 1\n"]
    assert server.got[0].headers["authorization"].startswith("Basic ")
    writer.close()


@pytest.mark.parametrize("given", [{"INFLUX_TOKEN": "secret"}, {}])
def test_an_influxdb_2_takes_a_token(server: Server, given: dict[str, str]) -> None:
    address = server.url if given else server.url.replace("//", "//:secret@")
    influxdb = InfluxDB.at(address, given)
    assert influxdb.performer().carry_out(points()) == Delivered()
    assert server.got[0].headers["authorization"] == "Token secret"
    assert "secret" not in repr(influxdb) + influxdb.shown + influxdb.queue.target


@pytest.mark.parametrize(
    ("status", "said", "verdict"),
    [
        (404, b'{"error":"database not found: \\"d\\""}', Dead('HTTP 404: database not found: "d"')),
        (401, b'{"code":"unauthorized","message":"unauthorized access"}', SwitchOff),
        (500, b"<html>", Again("HTTP 500: <html>")),
        (429, b"", Again("HTTP 429")),
    ],
)
def test_what_an_influxdb_answers(server: Server, status: int, said: bytes, verdict: object) -> None:
    server.status, server.said = status, said
    answer = InfluxDB.at(server.url, {}).performer().carry_out(points())
    assert isinstance(answer, SwitchOff) if verdict is SwitchOff else answer == verdict


def test_a_log_is_opened_again_when_it_was_rotated(tmp_path: Path) -> None:
    path = tmp_path / "alerts.log"
    files = LogFiles()
    files.append(str(path), 0o640, ["one"])
    path.rename(tmp_path / "alerts.log.1")
    files.append(str(path), 0o600, ["two", "three"])
    files.close()
    assert path.read_text() == "two\nthree\n"
    assert (tmp_path / "alerts.log.1").read_text() == "one\n"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("path", "why"), [("/nowhere/alerts.log", "No such file or directory"), ("FOLDER", "Is a directory")]
)
def test_a_log_that_cannot_be_written_is_known_before_anything_is_sent(tmp_path: Path, path: str, why: str) -> None:
    path = path.replace("FOLDER", str(tmp_path))
    handler = f"{{id: a, topic: t, kind: log, options: {{path: '{path}'}}}}"
    (tmp_path / "h.yaml").write_text(handler, encoding="utf-8")
    rule = f"{RULE}.topic('t').stdout().log('{path}')"
    done = run(tmp_path, rule, "--handlers h.yaml")
    assert (done.code, done.out) == (1, "")
    assert f"r.tick:1:{rule.index(path)}: error[TD521]: the log `{path}` cannot be written: {why}" in done.err
    assert f"h.yaml:1:{handler.index(path)}: error[TD521]: the log `{path}` cannot be written: {why}" in done.err


def test_a_full_disk_ends_the_run_with_a_message(tmp_path: Path) -> None:
    (tmp_path / "r.tick").write_text(
        f"stream|from()|alert().crit(lambda: TRUE).log('{tmp_path}/alerts.log')", encoding="utf-8"
    )
    many = "".join(f"m v=1 {second}\n" for second in range(2000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        done = tickdiscord("run", "r.tick", "-q", "--format", "quiet", folder=tmp_path, stdin=many)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.code == 1
    assert "error[TD521]" in done.err and "File too large" in done.err


RULE = "stream|from()|alert().id('x').details('').crit(lambda: \"v\" > 1)"


def run(tmp_path: Path, rule: str, *options: str, points: str = "m v=2 1\n", conf: str = "") -> Outcome:
    files = {"r.tick": rule, "p.lp": points, "k.conf": conf}
    command = f"run r.tick --config k.conf --points p.lp --format quiet --outbox o.outbox {' '.join(options)}"
    return outcome(files, command, tmp_path)


def test_a_run_without_discord_carries_out_what_its_handlers_want(server: Server, tmp_path: Path) -> None:
    path = program(tmp_path, f"cat >> {tmp_path}/in")
    conf = (
        f'[[httppost]]\nendpoint = "rows"\nurl = "{server.url}/{{{{ .Name }}}}"\n'
        'row-template = "{{ range .Values }}{{ .v }} at {{ .time.Unix }}{{ end }}"\n'
    )
    rule = f"{RULE}.exec('{path}').post('{server.url}/url')\nstream|from()|httpPost().endpoint('rows')"
    rule += "\nstream|from()|influxDBOut().database('d').create()"
    done = run(tmp_path, rule, "--influxdb-out", server.url, points="m v=2 5000000000\n", conf=conf)
    assert done.code == 0, done.err
    assert '"id":"x"' in (tmp_path / "in").read_text()
    assert {got.path: got.body for got in server.got if got.path != "/url"} == {
        "/m": "2 at 5",
        "/query?q=CREATE+DATABASE+%22d%22": "",
        "/write?db=d&precision=ns": "m v=2 5000000000\n",
    }
    assert any(got.path == "/url" and '"id":"x"' in got.body for got in server.got)


@pytest.mark.parametrize(
    ("rule", "handler", "code"),
    [
        (".post('URL').skipSSLVerification()", "", 0),
        (".post('URL')", "", 4),
        (".topic('t')", "{id: a, topic: t, kind: post, options: {url: 'URL', skip-ssl-verification: true}}", 0),
        (".topic('t')", "{id: a, topic: t, kind: post, url: 'URL', skip-ssl-verification: false}", 4),
    ],
)
def test_a_certificate_that_nobody_has_signed(rule: str, handler: str, code: int, tmp_path: Path) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE / "server.pem", CERTIFICATE / "server.key")
    with serving(tls) as server:
        (tmp_path / "h.yaml").write_text(handler.replace("URL", server.url), encoding="utf-8")
        options = ["--handlers h.yaml", "-v"] if handler else ["-v"]
        done = run(tmp_path, RULE + rule.replace("URL", server.url), *options, "--drain-timeout", "1")
    assert (done.code, len(server.got)) == (code, 0 if code else 1), done.err
    assert ("CERTIFICATE_VERIFY_FAILED" in done.err) is bool(code)


def test_a_slow_handler_holds_neither_the_others_nor_the_points(server: Server, tmp_path: Path) -> None:
    server.hangs = threading.Event()
    path = program(tmp_path, f"cat >> {tmp_path}/in")
    rule = f"{RULE}.post('{server.url}').exec('{path}').log('{tmp_path}/log')"
    done = run(tmp_path, rule, "--drain-timeout", "2", points="m v=2 1\nm v=3 2\nm v=4 3\n")
    assert done.code == 4
    assert len((tmp_path / "in").read_text().splitlines()) == 3
    assert len((tmp_path / "log").read_text().splitlines()) == 3


def test_what_was_not_carried_out_is_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "program"
    rule = f"{RULE}.exec('{path}')"
    done = run(tmp_path, rule, "--drain-timeout", "5")
    assert (done.code, "it cannot be run: No such file" in done.err) == (4, True)
    program(tmp_path, f"cat >> {tmp_path}/in")
    assert run(tmp_path, rule, points="").code == 0
    assert len((tmp_path / "in").read_text().splitlines()) == 1


def test_what_nobody_can_carry_out_any_more_is_reported(tmp_path: Path) -> None:
    run(tmp_path, f"{RULE}.exec('/nowhere/program')", "--drain-timeout", "5")
    done = run(tmp_path, f"{RULE}.log('{os.devnull}')", points="")
    assert "warning[TD569]: the outbox holds 1 request for the `exec` handler of /nowhere/program" in done.err


def test_secrets_are_in_nothing_that_is_written(tmp_path: Path) -> None:
    rule = f"{RULE}.post('http://127.0.0.1:9/secret').header('X-Key', 'secret').exec('/nowhere', 'secret')"
    rule += "\nstream|from()|influxDBOut()\nstream|from()|httpPost('http://127.0.0.1:9/secret')"
    out = "--influxdb-out http://u:secret@127.0.0.1:9 --drain-timeout 0.5 --requests r.jsonl -v"
    done = run(tmp_path, rule, out)
    assert done.code == 4
    assert "secret" not in done.said
    assert all(
        b"secret" not in each.read_bytes() for each in tmp_path.iterdir() if each.is_file() and each.name != "r.tick"
    )
