"""The outbox's file: made private, claimed by one process, checked, brought to the present schema, errors explained."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tickdiscord.diagnostics import DiagnosticError, error

APPLICATION = 0x7469636B
"""`tick`, SQLite's application_id: tells an outbox from another program's database."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE request (
        id         INTEGER PRIMARY KEY,
        lineage    TEXT    NOT NULL,
        task       TEXT    NOT NULL,
        node       TEXT    NOT NULL,
        handler    INTEGER NOT NULL,
        sequence   INTEGER NOT NULL,
        event_id   TEXT    NOT NULL,
        kind       TEXT    NOT NULL,
        workspace  TEXT    NOT NULL,
        body       TEXT    NOT NULL,
        attempts   INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        state      TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
        reason     TEXT    NOT NULL DEFAULT '',
        UNIQUE (lineage, task, node, handler, sequence)
    );
    CREATE INDEX request_pending ON request (kind, workspace, id) WHERE state = 'pending';
    CREATE INDEX request_delivered ON request (id) WHERE state = 'delivered';
    CREATE TABLE forgotten (
        lineage    TEXT    NOT NULL,
        task       TEXT    NOT NULL,
        node       TEXT    NOT NULL,
        handler    INTEGER NOT NULL,
        sequence   INTEGER NOT NULL,
        PRIMARY KEY (lineage, task, node, handler)
    );
    """,
)
"""The n-th brings the schema from version n to n + 1. `not_before` is in nanoseconds since 1970; `workspace` is the
request's target, never a URL; `forgotten` holds the highest sequence among the delivered requests thrown away."""

BUSY_S = 10.0

ANOTHER_FILE = "name another file with `--outbox`"

EXPLANATIONS: dict[int, tuple[str, str, str]] = {
    sqlite3.SQLITE_CANTOPEN: ("TD550", "cannot be opened", "see that you may read and write it and its directory"),
    sqlite3.SQLITE_BUSY: ("TD554", "is locked by another program", "close what has it open, then start again"),
    sqlite3.SQLITE_FULL: ("TD555", "cannot grow: the disk is full", "free some space and start again; nothing is lost"),
    sqlite3.SQLITE_NOTADB: ("TD551", "is not an outbox", ANOTHER_FILE),
    sqlite3.SQLITE_CORRUPT: ("TD556", "is damaged", "move it away, or repair it with `sqlite3 FILE .recover`"),
}
"""SQLite's result codes that have an explanation of their own: code, what is wrong, hint."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open outbox: the database, and the lock that keeps a second process out (none in memory)."""

    connection: sqlite3.Connection
    claim: sqlite3.Connection | None

    def close(self) -> None:
        """Let go of the file, then of the claim on it."""
        self.connection.close()
        if self.claim is not None:
            self.claim.close()


def open_store(path: Path | None, busy_s: float = BUSY_S) -> Store:
    """Open or make an outbox; None keeps it in memory. `busy_s` is how long another program may hold a lock on it.

    Raises:
        DiagnosticError: TD550 to TD556: it cannot be opened, is not an outbox, is of a newer version, or is in use.
    """
    if path is None:
        connection = _connect(":memory:", busy_s)
        _migrate(connection, None)
        return Store(connection, None)
    _make_private(path)
    claim: sqlite3.Connection | None = None
    with explained(path):
        connection = _connect(str(path), busy_s)
        try:
            # Look before touching anything: a mistyped `--outbox` may name any file.
            _version(connection, path)
            claim = _claim(path)
            _migrate(connection, path)
            _keep_private(path)
        except BaseException:
            connection.close()
            if claim is not None:
                claim.close()
            raise
    return Store(connection, claim)


@contextmanager
def explained(path: Path | None) -> Generator[None]:
    """Turn what SQLite and the file system raise within into a `DiagnosticError` that names the file."""
    try:
        yield
    except sqlite3.Error as problem:
        result: int = getattr(problem, "sqlite_errorcode", 0)
        # The lower byte is the result code, the rest says more exactly what failed (SQLITE_IOERR_WRITE).
        code, what, hint = EXPLANATIONS.get(
            result & 0xFF,
            ("TD555", f"cannot be read or written: {problem}", "see that the disk and the file are in order"),
        )
        raise error(code, f"the outbox `{_name(path)}` {what}", hint=hint) from None
    except OSError as problem:
        raise _unopenable(path, problem.strerror or str(problem)) from None


def _connect(name: str, busy_s: float) -> sqlite3.Connection:
    # Transactions are begun and ended by hand; the outbox puts a lock around each use, from whichever thread.
    connection = sqlite3.connect(name, timeout=busy_s, isolation_level=None, check_same_thread=False)
    # With WAL, NORMAL keeps every committed request through a kill of the process: the log is in the system's cache
    # by then. Only a power cut can take the newest, never the file's integrity; FULL costs nine tenths of the speed.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _version(connection: sqlite3.Connection, path: Path | None) -> int:
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION and (application or version or tables):
        raise error(
            "TD551",
            f"`{_name(path)}` is the database of another program, not an outbox",
            hint=ANOTHER_FILE,
        )
    if version > len(MIGRATIONS):
        schemas = f"its schema is {version}, the newest known here {len(MIGRATIONS)}"
        raise error(
            "TD552",
            f"the outbox `{_name(path)}` was made by a newer tickdiscord: {schemas}",
            hint=f"update tickdiscord, or {ANOTHER_FILE}",
        )
    return version


def _migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("BEGIN IMMEDIATE")
    for script in MIGRATIONS[_version(connection, path) :]:
        for statement in script.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.execute("COMMIT")


def _claim(path: Path) -> sqlite3.Connection:
    """Two senders would send everything twice, so one process owns an outbox; others may still read it.

    The claim is a lock on a file beside it, taken through SQLite since that is portable, and let go by the system
    however the process ends.
    """
    beside = Path(f"{path}-owner")
    _make_private(beside)
    claim = sqlite3.connect(str(beside), timeout=0, isolation_level=None, check_same_thread=False)
    try:
        claim.execute("PRAGMA journal_mode = MEMORY")  # no second file: nothing is ever written
        claim.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as problem:
        claim.close()
        if getattr(problem, "sqlite_errorcode", 0) != sqlite3.SQLITE_BUSY:
            raise
        raise error(
            "TD553",
            f"the outbox `{path}` is in use by another tickdiscord",
            hint="wait until that one has ended, or give this one its own file with `--outbox`",
        ) from None
    return claim


def _make_private(path: Path) -> None:
    """Make the file if it is not there, for its owner only; SQLite gives its -wal and -shm files the same mode."""
    if path.is_dir():
        raise _unopenable(path, "it is a directory")
    try:
        path.touch(0o600, exist_ok=False)
    except FileExistsError:
        pass
    except FileNotFoundError:
        raise _unopenable(path, f"the directory `{path.parent}` does not exist") from None
    except OSError as problem:
        raise _unopenable(path, problem.strerror or str(problem)) from None


def _keep_private(path: Path) -> None:
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        # The other two exist only while the file is in use.
        with suppress(FileNotFoundError):
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)


def _unopenable(path: Path | None, why: str) -> DiagnosticError:
    return error(
        "TD550",
        f"the outbox `{_name(path)}` cannot be opened: {why}",
        hint="name a file in a directory you can write to with `--outbox`",
    )


def _name(path: Path | None) -> str:
    return "in memory" if path is None else str(path)
