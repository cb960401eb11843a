"""`run` against a stand-in for Discord on loopback: what arrives, what is kept, what is said."""

import json
import signal
import sqlite3
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from command import TIMEOUT_S, environment, line, tickdiscord
from inprocess import outcome

from tickdiscord.testing.discord import HANG, Answer, FakeDiscord

RULE = """\
stream
    |from()
        .measurement('cpu')
        .groupBy('host')
    |alert()
        .crit(lambda: "usage_idle" < 5)
        .message('{{ index .Tags "host" }} {{ .Level }} {{ .Time.Unix }}')
        .discord()
"""
POINTS = "cpu,host=a usage_idle=3 10\ncpu,host=b usage_idle=2 20\ncpu,host=a usage_idle=90 30\n"
MESSAGES = ["a CRITICAL 10", "b CRITICAL 20", "a OK 30"]
TOKEN = "secret-token"
TLS = Path(__file__).parent.parent / "outbox" / "tls"


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cpu.tick").write_text(RULE, encoding="utf-8")
    (tmp_path / "k.conf").write_text(
        '[[discord]]\n  enabled = true\n  workspace = "ops"\n  url = "${WEBHOOK}"\n', encoding="utf-8"
    )
    return tmp_path


RUN = ("run", "cpu.tick", "--config", "k.conf", "--precision", "s", "--outbox", "alerts.outbox")


def described(discord: FakeDiscord) -> list[object]:
    """The descriptions of the messages that arrived, in their order."""
    found: list[object] = []
    for message in discord.messages:
        embeds = message["embeds"]
        assert isinstance(embeds, list)
        found += [embed["description"] for embed in embeds]
    return found


def test_every_alert_arrives_in_order(discord: FakeDiscord, folder: Path) -> None:
    done = tickdiscord(*RUN, folder=folder, stdin=POINTS, env={"WEBHOOK": discord.url()})
    assert (done.code, described(discord)) == (0, MESSAGES)
    assert "3 sent, 0 kept, in the outbox alerts.outbox" in done.err


def test_what_is_not_sent_is_kept_and_the_next_run_sends_it_first(discord: FakeDiscord, folder: Path) -> None:
    down = {"WEBHOOK": f"http://127.0.0.1:9/api/webhooks/1/{TOKEN}"}
    done = tickdiscord(*RUN, "--drain-timeout", "0", folder=folder, stdin=POINTS, env=down)
    assert done.code == 4
    assert "3 requests not sent yet, kept in alerts.outbox" in done.err
    assert (folder / "alerts.outbox").stat().st_mode & 0o777 == 0o600
    more = tickdiscord(*RUN, folder=folder, stdin="cpu,host=c usage_idle=1 40\n", env={"WEBHOOK": discord.url()})
    assert (more.code, described(discord)) == (0, [*MESSAGES, "c CRITICAL 40"])


@pytest.mark.parametrize(
    ("options", "arrives"),
    [
        ({"ssl-ca": "server.pem", "ssl-cert": "server.pem", "ssl-key": "server.key"}, True),
        ({"ssl-ca": "server.pem"}, False),
        ({"ssl-cert": "server.pem", "ssl-key": "server.key"}, False),
        ({"ssl-cert": "server.pem", "ssl-key": "server.key", "insecure-skip-verify": True}, True),
    ],
    ids=["both show a certificate", "we show none", "we do not know theirs", "we do not ask for theirs"],
)
def test_certificates_of_the_configuration(options: Mapping[str, object], arrives: bool, folder: Path) -> None:
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=TLS / "server.pem")
    server.load_cert_chain(TLS / "server.pem", TLS / "server.key")
    server.verify_mode = ssl.CERT_REQUIRED
    said = {key: f"{TLS / value}" if isinstance(value, str) else value for key, value in options.items()}
    with (folder / "k.conf").open("a", encoding="utf-8") as conf:
        conf.writelines(f"  {key} = {json.dumps(value)}\n" for key, value in said.items())
    (folder / "p.lp").write_text(POINTS, encoding="utf-8")
    with FakeDiscord(tls=server) as discord:
        command = " ".join([*RUN, "--points p.lp --drain-timeout", str(TIMEOUT_S) if arrives else "0.5"])
        done = outcome({}, command, folder, {"WEBHOOK": discord.url()})
        assert (done.code, described(discord)) == ((0, MESSAGES) if arrives else (4, [])), done.err


def test_the_outbox_without_a_name_is_one_for_each_configuration(discord: FakeDiscord, folder: Path) -> None:
    done = tickdiscord(*RUN[:-2], folder=folder, stdin=POINTS, env={"WEBHOOK": discord.url()})
    (outbox,) = (folder / "state" / "tickdiscord").glob("*.outbox")
    assert f"in the outbox {outbox}" in done.err


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        pytest.param([Answer(500), Answer(502)], "cannot be posted to yet", id="errors of the server"),
        pytest.param([Answer(429, 0.2)], "", id="a rate limit"),
    ],
)
def test_a_server_in_trouble_is_asked_again(
    discord: FakeDiscord, folder: Path, answers: list[Answer], said: str
) -> None:
    discord.answer("1", *answers)
    done = tickdiscord(*RUN, folder=folder, stdin=POINTS, env={"WEBHOOK": discord.url("1")})
    assert (done.code, described(discord)) == (0, MESSAGES)
    assert said in done.err


def test_a_server_that_hangs_delays_nothing_but_the_sending(discord: FakeDiscord, folder: Path) -> None:
    discord.answer("1", HANG)
    done = tickdiscord(*RUN, "--drain-timeout", "0.2", folder=folder, stdin=POINTS, env={"WEBHOOK": discord.url("1")})
    assert done.code == 4
    assert done.out.count("CRITICAL") == 4


def test_a_message_that_discord_refuses_is_kept_as_a_dead_letter(discord: FakeDiscord, folder: Path) -> None:
    discord.answer("1", Answer(400))
    done = tickdiscord(*RUN, folder=folder, stdin=POINTS, env={"WEBHOOK": discord.url("1")})
    assert (done.code, described(discord)) == (4, MESSAGES[1:])
    assert "1 request refused, kept as dead letters in alerts.outbox" in done.err


def test_the_token_is_in_nothing_that_is_written(folder: Path) -> None:
    down = {"WEBHOOK": f"http://127.0.0.1:9/api/webhooks/1/{TOKEN}"}
    options = ("--drain-timeout", "0", "--requests", "requests.jsonl", "-v")
    done = tickdiscord(*RUN, *options, folder=folder, stdin=POINTS, env=down)
    assert TOKEN not in done.out + done.err
    assert all(TOKEN.encode() not in path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_the_schema_of_the_outbox_names_the_event(folder: Path) -> None:
    down = {"WEBHOOK": f"http://127.0.0.1:9/api/webhooks/1/{TOKEN}"}
    tickdiscord(*RUN, "--drain-timeout", "0", folder=folder, stdin=POINTS, env=down)
    with sqlite3.connect(folder / "alerts.outbox") as database:
        rows = database.execute("SELECT task, node, handler, sequence, event_id FROM request ORDER BY id").fetchall()
    database.close()
    assert rows == [
        ("cpu", "alert2", 0, 1, "cpu:host=a"),
        ("cpu", "alert2", 0, 2, "cpu:host=b"),
        ("cpu", "alert2", 0, 3, "cpu:host=a"),
    ]


def test_a_dry_run_makes_the_same_requests_and_sends_none(discord: FakeDiscord, folder: Path) -> None:
    webhook = {"WEBHOOK": discord.url()}
    tickdiscord(*RUN, "--requests", "real.jsonl", folder=folder, stdin=POINTS, env=webhook)
    tickdiscord(*RUN, "--requests", "dry.jsonl", "--dry-run", folder=folder, stdin=POINTS, env=webhook)
    assert described(discord) == MESSAGES
    assert (folder / "real.jsonl").read_text() == (folder / "dry.jsonl").read_text()
    assert json.loads((folder / "dry.jsonl").read_text().splitlines()[0])["workspace"] == "ops"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_loses_nothing(discord: FakeDiscord, folder: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        line(RUN),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment(folder, {"WEBHOOK": discord.url()}),
    )
    assert process.stdin is not None
    process.stdin.write(POINTS.encode())
    process.stdin.flush()
    assert discord.wait_for(3, TIMEOUT_S)
    process.send_signal(number)
    _, err = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 130
    assert described(discord) == MESSAGES
    assert b"Traceback" not in err


def test_a_trickle_on_stdin_is_handled_at_once(discord: FakeDiscord, folder: Path) -> None:
    with subprocess.Popen(
        line(RUN),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment(folder, {"WEBHOOK": discord.url()}),
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        for count, each in enumerate(POINTS.splitlines(keepends=True), start=1):
            process.stdin.write(each.encode())
            process.stdin.flush()
            assert discord.wait_for(count, TIMEOUT_S)
        process.stdin.close()
        assert process.wait(TIMEOUT_S) == 0


def test_a_reader_that_goes_away_ends_it_quietly(folder: Path) -> None:
    points = "".join(f"cpu,host=a usage_idle=3 {second}\n" for second in range(50_000))
    process = subprocess.Popen(
        line(("run", "cpu.tick", "--dry-run", "--precision", "s", "-q")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment(folder),
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    process.stdin.write(points[:30].encode())
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    try:
        process.stdin.write(points.encode())
        process.stdin.close()
    except BrokenPipeError:
        pass
    assert process.wait(TIMEOUT_S) == 0
    assert process.stderr.read() in (b"", b"1 request made, none sent (dry run)\n")
    process.stderr.close()


def test_a_closed_stdin_is_an_error(folder: Path) -> None:
    command = " ".join(line(("run", "cpu.tick", "--dry-run")))
    done = subprocess.run(
        ["sh", "-c", f"{command} <&-"],
        capture_output=True,
        cwd=folder,
        env=environment(folder),
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 1
    assert b"stdin is closed" in done.stderr


def test_the_handler_file_of_the_page_sends_to_its_workspace(discord: FakeDiscord, folder: Path) -> None:
    (folder / "cpu_alert.tick").write_text(
        "stream|from().measurement('cpu')|alert().crit(lambda: \"usage_idle\" < 5)"
        ".message('Hey, check your CPU').topic('cpu')",
        encoding="utf-8",
    )
    (folder / "handler.yaml").write_text(
        "id: discord-cpu-alert\ntopic: cpu\nkind: discord\noptions:\n"
        "  workspace: 'ops'\n  embed-title: 'Hey, Listen!'\n",
        encoding="utf-8",
    )
    command = ("run", "cpu_alert.tick", "--config", "k.conf", "--handlers", "handler.yaml", "--precision", "s")
    done = tickdiscord(*command, folder=folder, stdin=POINTS, env={"WEBHOOK": discord.url()})
    assert done.code == 0
    first = discord.messages[0]["embeds"]
    assert isinstance(first, list)
    assert (first[0]["title"], first[0]["description"]) == ("Hey, Listen!", "Hey, check your CPU")


def test_a_log_is_appended_to(folder: Path) -> None:
    log = folder / "alerts.log"
    (folder / "log.tick").write_text(
        f"stream|from()|alert().details('').crit(lambda: TRUE).log('{log}').mode(0640)", encoding="utf-8"
    )
    for _ in range(2):
        tickdiscord("run", "log.tick", "-q", folder=folder, stdin="cpu v=1 1\n")
    assert [json.loads(each)["id"] for each in log.read_text().splitlines()] == ["cpu:nil", "cpu:nil"]
    assert log.stat().st_mode & 0o777 == 0o640


def test_ten_thousand_bad_lines_among_good_ones(folder: Path) -> None:
    stdin = "".join("no point\n" * 10 + f"cpu,host=a usage_idle=90 {second}\n" for second in range(1000))
    done = tickdiscord("run", "cpu.tick", "--dry-run", "--precision", "s", folder=folder, stdin=stdin)
    assert done.code == 0
    assert done.err.count("warning[") == 20
    assert "11,000 lines read, 10,000 lines rejected" in done.err
    assert "cpu: 1,000 points, no events" in done.err


def test_a_line_of_ten_megabytes_and_nul_bytes(folder: Path) -> None:
    stdin = b'cpu,host=a note="' + b"x" * 10_000_000 + b'",usage_idle=3 10\n\x00\x00\ncpu,host=b usage_idle=1 20\n'
    done = tickdiscord("run", "cpu.tick", "--dry-run", "--precision", "s", folder=folder, stdin=stdin)
    assert done.code == 0
    assert [each.split()[2] for each in done.out.splitlines()] == ["cpu:host=a", "cpu:host=b"]


def test_time_passes_only_where_a_test_says(folder: Path) -> None:
    """A run on the wall's clock gives points without a timestamp the present."""
    before = time.time_ns()
    done = tickdiscord(
        "run", "cpu.tick", "--dry-run", "--clock", "wall", "-q", folder=folder, stdin="cpu,host=a usage_idle=1\n"
    )
    assert int(done.out.split()[-1]) >= before // 1_000_000_000
