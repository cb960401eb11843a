"""The outbox's file: private, one process's own, and a clear word when it cannot be."""

import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.outbox.journal import Outbox, Queue


def refused(path: Path) -> str:
    with pytest.raises(DiagnosticError) as caught:
        Outbox(path, busy_s=0).close()
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.hint
    assert str(path) in diagnostic.message
    return diagnostic.code


def run(program: str, *arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def make_directory(path: Path) -> None:
    path.mkdir()


def make_text(path: Path) -> None:
    path.write_text("this is not a database, but a text that is long enough to be one\n" * 30)


def make_others_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")


def make_newer(path: Path) -> None:
    Outbox(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")


def make_damaged(path: Path) -> None:
    Outbox(path).close()
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (make_directory, "TD550"),
        (make_text, "TD551"),
        (make_others_database, "TD551"),
        (make_newer, "TD552"),
        (make_damaged, "TD556"),
    ],
)
def test_a_file_that_cannot_be_an_outbox_is_refused_and_left_alone(path, make: Callable[[Path], None], code):
    make(path)
    before = path.stat().st_mode, path.is_file() and path.read_bytes()
    assert refused(path) == code
    assert before == (path.stat().st_mode, path.is_file() and path.read_bytes())


def test_a_directory_that_is_not_there(tmp_path):
    assert refused(tmp_path / "nowhere" / "requests.outbox") == "TD550"


def test_an_empty_file_becomes_an_outbox(path, entry):
    path.touch()
    with Outbox(path) as outbox:
        assert outbox.put([entry(1)]) == 1


@pytest.mark.parametrize("before", [None, 0o644, 0o666])
def test_only_the_owner_may_read_any_of_its_files(path, entry, before):
    if before is not None:
        Outbox(path).close()
        path.chmod(before)
    with Outbox(path) as outbox:
        outbox.put([entry(1)])
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert {"requests.outbox", "requests.outbox-wal", "requests.outbox-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_one_process_owns_it(path):
    program = """
        import sys
        from pathlib import Path
        from tickdiscord.outbox.journal import Outbox
        with Outbox(Path(sys.argv[1])):
            print("open", flush=True)
            sys.stdin.read()
    """
    other = run(program, path)
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    assert refused(path) == "TD553"
    other.kill()
    other.communicate()
    Outbox(path).close()


def test_opened_twice_by_one_process(path):
    with Outbox(path):
        assert refused(path) == "TD553"
    Outbox(path).close()


def test_a_lock_of_another_program(path, entry):
    Outbox(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert refused(path) == "TD554"
    other.execute("COMMIT")
    with Outbox(path, busy_s=0) as outbox:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DiagnosticError) as caught:
            outbox.put([entry(1)])
        other.execute("COMMIT")
        assert [d.code for d in caught.value.diagnostics] == ["TD554"]
        assert outbox.put([entry(1)]) == 1
    other.close()


def test_a_disk_that_takes_no_more_is_said_and_nothing_accepted_is_lost(path):
    program = """
        import resource, sys
        from pathlib import Path
        from tickdiscord.diagnostics import DiagnosticError
        from tickdiscord.outbox.journal import Outbox
        from tickdiscord.outbox.request import Entry, Key, Request
        outbox = Outbox(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        sequence = 0
        try:
            while True:
                sequence += 1
                request = Request("discord", "ops", {"content": "x" * 1000})
                outbox.put([Entry(Key("l", "t", "n", 0, sequence), "id", request)])
                print(sequence, flush=True)
        except DiagnosticError as problem:
            print(problem.diagnostics[0].code)
    """
    output, errors = run(program, path).communicate()
    *accepted, code = output.split()
    assert (code, errors) == ("TD555", "")
    with Outbox(path) as outbox:
        assert len(outbox.pending(Queue("discord", "ops"), 1_000)) == len(accepted) > 10
