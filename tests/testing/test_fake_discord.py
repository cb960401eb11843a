"""The command `fake-discord`, as a process: what it prints, and how it ends."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import httpx
import pytest
from click.testing import CliRunner

from tickdiscord.cli.fake_discord import command
from tickdiscord.diagnostics import DiagnosticError

PROGRAM = "from tickdiscord.cli.fake_discord import command; command()"
Run = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def run() -> Iterator[Run]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "--port", "0", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def post(url: str, body: object) -> int:
    return httpx.post(url, json=body, trust_env=False).status_code


def test_as_a_person_sees_it(run):
    process = run("--answer", "500")
    heading = [line(process) for _ in range(4)]
    assert "[[discord]]" in heading[0]
    url = heading[2].strip().removeprefix('url = "').removesuffix('"')
    body = {"username": "AlertBot", "embeds": [{"title": "Alert", "description": "cpu [high] :smile:"}]}
    assert [post(url, body), post(url, body), post(url, {})] == [500, 204, 400]
    assert line(process) == "not taken: HTTP 500: Internal Server Error\n"
    assert [line(process) for _ in range(5)] == ["\n", "AlertBot APP\n", "▌ Alert\n", "▌ cpu [high] :smile:\n", "\n"]
    assert line(process) == "not taken: HTTP 400, code 50006: Cannot send an empty message\n"


def test_as_json(run):
    process = run("--format", "json", "--only", "5/secret-token")
    url = json.loads(line(process))["url"]
    assert url.endswith("/api/webhooks/5/secret-token")
    assert [post(url, {"content": "größer"}), post(url, {}), post(url + "x", {"content": "a"})] == [204, 400, 401]
    assert json.loads(line(process)) == {"webhook": "5", "status": 204, "body": {"content": "größer"}}
    refusal = {"message": "Cannot send an empty message", "code": 50006}
    assert json.loads(line(process)) == {"webhook": "5", "status": 400, "body": {}, "refusal": refusal}
    assert json.loads(line(process))["status"] == 401


def test_the_keyboard_ends_it_quietly(run):
    process = run("--format", "json")
    line(process)
    process.send_signal(signal.SIGINT)
    assert process.communicate() == ("", "")
    assert process.returncode == 0


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_a_reader_that_goes_away_ends_it_quietly(run, form):
    process = run("--format", form)
    start = line(process) if form == "json" else "".join(line(process) for _ in range(4))
    url = start[start.index("http") : start.rindex('"')]
    assert process.stdout is not None
    process.stdout.close()
    assert post(url, {"content": "nobody reads this"}) == 204
    assert process.wait() == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_a_script_that_is_none():
    result = CliRunner().invoke(command, ["--port", "0", "--answer", "soon"])
    assert isinstance(result.exception, DiagnosticError)
    assert result.exception.diagnostics[0].code == "TD571"


@pytest.mark.parametrize("only", ["5", "5/", "/token"])
def test_a_webhook_that_is_none(only):
    result = CliRunner().invoke(command, ["--port", "0", "--only", only])
    assert result.exit_code == 2
    assert "ID/TOKEN" in result.output


def test_help_has_an_example():
    assert "tickdiscord fake-discord --port 8090" in CliRunner().invoke(command, ["--help"]).output
