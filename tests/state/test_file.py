"""The state file on the command line: what cannot be used is refused with a way out, and nothing is lost for it."""

import gzip
import json
import shlex
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from command import TIMEOUT_S, Done, environment, line
from inside import inside

from tickdiscord.state.store import StateFile

RULE = (
    "stream|from().groupBy('host')|alert().id('{{ index .Tags \"host\" }}').crit(lambda: \"v\" > 3).stateChangesOnly()"
)
POINTS = "cpu,host=a v=9 1\ncpu,host=b v=1 2\ncpu,host=a v=1 3\n"
MORE = "cpu,host=b v=9 4\n"

Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the rule on points on stdin, with a state."""
    (tmp_path / "rule.tick").write_text(RULE, encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(*options: str, stdin: str = "") -> Done:
        command = ["run", "rule.tick", "--precision", "s", "--state", "kept", *options]
        return inside(monkeypatch, tmp_path, command, stdin.encode())

    return run


def _ids(done: Done) -> list[str]:
    assert done.code == 0, done.err
    return [" ".join(line.split()[1:3]) for line in done.out.splitlines()]


def _text(path: Path) -> None:
    path.write_text("this is no database, but long enough to be one\n" * 30)


def _others(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def _scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def _nonsense(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE part SET value = '[[1, 2' WHERE kind = 'node'")


def _another_shape(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE part SET value = '{}' WHERE kind = 'node'")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_newer, "TD582"),
        (_cut, "TD586"),
        (_scribbled, "TD586"),
        (_nonsense, "TD586"),
        (_another_shape, "TD586"),
    ],
)
def test_a_state_that_makes_no_sense_is_refused_and_may_be_dropped(
    run: Run, tmp_path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    assert _ids(run(stdin=POINTS)) == ["CRITICAL a", "OK a"]
    spoil(tmp_path / "kept")
    done = run(stdin=MORE)
    assert (done.code, done.out) == (1, "")
    assert f"error[{code}]" in done.err
    assert "--reset-state" in done.err
    assert _ids(run("--reset-state", stdin=POINTS)) == ["CRITICAL a", "OK a"]
    assert _ids(run(stdin=POINTS + MORE)) == ["CRITICAL a", "OK a", "CRITICAL b"]


@pytest.mark.parametrize("make", [_text, _others])
@pytest.mark.parametrize("options", [(), ("--reset-state",)])
def test_a_file_that_is_no_state_is_left_alone(
    run: Run, tmp_path: Path, make: Callable[[Path], None], options: tuple[str, ...]
) -> None:
    make(tmp_path / "kept")
    before = (tmp_path / "kept").read_bytes()
    done = run(*options, stdin=POINTS)
    assert done.code == 1
    assert "error[TD581]" in done.err
    assert (tmp_path / "kept").read_bytes() == before


def test_a_state_of_another_process(run: Run, tmp_path: Path) -> None:
    run(stdin=POINTS)
    with StateFile(tmp_path / "kept"):
        for options in ((), ("--reset-state",)):
            done = run(*options, stdin=MORE)
            assert done.code == 1
            assert "error[TD583]: the state file `kept` is in use by another tickdiscord" in done.err
        assert _ids(run("--dry-run", stdin=MORE)) == ["CRITICAL b"]


def test_the_summary_tells_a_run_that_sends_nothing_from_a_dry_one(run: Run) -> None:
    assert "dry" not in run(stdin=POINTS).err
    assert "0 requests made, none sent (dry run)" in run("--dry-run", stdin=MORE).err


def test_a_dry_run_leaves_the_state_as_it_is(run: Run, tmp_path: Path) -> None:
    assert _ids(run("--dry-run", stdin=POINTS)) == ["CRITICAL a", "OK a"]
    assert not (tmp_path / "kept").exists()
    run(stdin="cpu,host=a v=9 1\n")
    assert [_ids(run("--dry-run", stdin="cpu,host=a v=1 2\n")) for _ in range(2)] == [["OK a"], ["OK a"]]


@pytest.mark.parametrize("kind", ["points.lp", "points.lp.gz", "points.srpl"])
def test_a_file_that_grows_is_gone_on_with(run: Run, tmp_path: Path, kind: str) -> None:
    def write(points: str) -> None:
        whole = points if "srpl" not in kind else "".join(f"db\nrp\n{line}\n" for line in points.splitlines())
        content = whole.encode()
        (tmp_path / kind).write_bytes(gzip.compress(content) if kind.endswith(".gz") else content)

    option = "--recording" if kind == "points.srpl" else "--points"
    write(POINTS)
    assert _ids(run(option, kind)) == ["CRITICAL a", "OK a"]
    assert _ids(run(option, kind)) == []
    write(POINTS + MORE)
    done = run(option, kind)
    assert _ids(done) == ["CRITICAL b"]
    assert f"{kind}: goes on behind line {9 if kind == 'points.srpl' else 3}\n1 line read" in done.err.replace(
        "3 lines", "1 line"
    )
    write(POINTS.replace("host=b", "host=c") + MORE)
    assert "error[TD589]" in run(option, kind).err
    write(POINTS)
    assert "error[TD588]" in run(option, kind).err
    write("")
    assert "error[TD588]" in run(option, kind).err


def test_stdin_is_new_input_unless_it_is_resumed(run: Run) -> None:
    assert _ids(run("--resume", stdin=POINTS)) == ["CRITICAL a", "OK a"]
    assert _ids(run("--resume", stdin=POINTS + MORE)) == ["CRITICAL b"]
    assert "error[TD588]" in run("--resume", stdin=POINTS).err
    assert "error[TD589]" in run("--resume", stdin=MORE + POINTS).err
    assert _ids(run(stdin=MORE.replace("9", "1"))) == ["OK b"]
    assert _ids(run("--resume", stdin=MORE.replace("9", "1"))) == []


@pytest.mark.parametrize("option", ["--resume", "--reset-state", "--finish"])
def test_options_that_go_with_a_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, option: str) -> None:
    done = inside(monkeypatch, tmp_path, ["run", "rule.tick", option])
    assert done.code == 1
    assert f"error[TD587]: {option} goes with --state" in done.err


def test_a_disk_that_takes_no_more(tmp_path: Path, run: Run) -> None:
    """Every alert goes out, the trouble is said once, the exit code tells, and the state is what it was."""
    run(stdin="cpu,host=a v=9 1\n")
    command = shlex.join(line(("run", "rule.tick", "--precision", "s", "--state", "kept", "--state-every", "0")))
    hosts = "".join(f"cpu,host={number} v=9 2\n" for number in range(5000))
    done = subprocess.run(
        ["sh", "-c", f"ulimit -f 200; exec {command}"],
        input=hosts + "cpu,host=a v=1 3\n",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path),
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert (done.stdout.count("CRITICAL"), done.stdout.count("OK  ")) == (5000 * 2, 1)
    assert done.stderr.count("error[TD585]: the state file `kept` cannot") == 1
    assert _ids(run(stdin="cpu,host=a v=1 3\n")) == ["OK a"]


def test_topics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def topics(*options: str) -> Done:
        return inside(monkeypatch, tmp_path, ["topics", "--state", "kept", *options])

    assert "error[TD580]: the state file `kept` cannot be opened: there is no such file" in topics().err
    run(stdin=POINTS + MORE + "cpu,host=b v=9 5\n")
    own = "main:rule:alert2"
    assert topics().out == (
        f"{own}\n  OK        1970-01-01T00:00:03Z  a  a is OK\n  CRITICAL  1970-01-01T00:00:04Z  b  b is CRITICAL\n"
    )
    assert (
        topics("--topic", own, "--level", "warning", "--format", "json").out
        == json.dumps(
            {
                "topic": own,
                "id": "b",
                "level": "CRITICAL",
                "since": "1970-01-01T00:00:04Z",
                "time": "1970-01-01T00:00:04Z",
                "message": "b is CRITICAL",
            }
        )
        + "\n"
    )
    assert f"hint: did you mean `{own}`?" in topics("--topic", own[:-1]).err
