"""A database of our own in one SQLite file: made private, claimed by one process, checked, errors explained."""

import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from urllib.parse import quote

from tickdiscord.diagnostics import DiagnosticError, error

BUSY_S = 10.0
MAGIC = b"SQLite format 3\0"
APPLICATION_AT = 68
"""Where SQLite keeps the application_id in the header of a file."""


class Fault(Enum):
    """Why a database cannot be used."""

    UNOPENABLE = auto()
    FOREIGN = auto()
    NEWER = auto()
    IN_USE = auto()
    LOCKED = auto()
    FULL = auto()
    DAMAGED = auto()


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of database, and how messages speak of it.

    `application` is SQLite's application_id, which tells it from another program's; the n-th of the `migrations`
    brings its schema from version n to n + 1. `faults` has a code and a hint for each.
    """

    noun: str
    article: str
    application: int
    migrations: tuple[str, ...]
    faults: Mapping[Fault, tuple[str, str]]

    def fault(self, fault: Fault, path: Path | None, why: str = "") -> DiagnosticError:
        """The error for a fault of the database in a file."""
        code, hint = self.faults[fault]
        named = f"the {self.noun} `{'in memory' if path is None else path}`"
        said = {
            Fault.UNOPENABLE: f"{named} cannot be opened: {why}",
            Fault.FOREIGN: f"`{path}` is {why or f'not {self.article} {self.noun}'}",
            Fault.NEWER: f"{named} was made by a newer tickdiscord: {why}",
            Fault.IN_USE: f"{named} is in use by another tickdiscord",
            Fault.LOCKED: f"{named} is locked by another program",
            Fault.FULL: f"{named} {why or 'cannot grow: the disk is full'}",
            Fault.DAMAGED: f"{named} is damaged",
        }
        return error(code, said[fault], hint=hint)


@dataclass(frozen=True, slots=True)
class Store:
    """An open database, and the lock that keeps a second process out (none in memory, and none to read)."""

    connection: sqlite3.Connection
    claim: sqlite3.Connection | None

    def close(self) -> None:
        """Let go of the file, then of the claim on it."""
        self.connection.close()
        if self.claim is not None:
            self.claim.close()


def open_store(form: Form, path: Path | None, busy_s: float = BUSY_S, *, anew: bool = False) -> Store:
    """Open or make a database; None keeps it in memory. `busy_s` is how long another program may hold a lock on it.

    With `anew` what is in it is dropped, however damaged it is, if it is recognised as one of this form.

    Raises:
        DiagnosticError: it cannot be opened, is of another form, is of a newer version, or is in use.
    """
    if path is None:
        connection = _connect(":memory:", busy_s)
        _migrate(form, connection, None)
        return Store(connection, None)
    _make_private(form, path)
    claim: sqlite3.Connection | None = None
    connection: sqlite3.Connection | None = None
    with explained(form, path):
        try:
            # Look before touching anything: a mistyped name may be that of any file.
            if anew:
                _recognise(form, path)
                claim = _claim(form, path)
                _drop(path)
                _make_private(form, path)
            connection = _connect(str(path), busy_s)
            _version(form, connection, path)
            claim = claim or _claim(form, path)
            _migrate(form, connection, path)
            _keep_private(path)
        except BaseException:
            for each in (connection, claim):
                if each is not None:
                    each.close()
            raise
    return Store(connection, claim)


def look_into(form: Form, path: Path, busy_s: float = BUSY_S) -> Store:
    """Open a database that is there, to read it only; a process that owns it may go on.

    Raises:
        DiagnosticError: it cannot be opened, is of another form, or of a newer version.
    """
    if not path.is_file():
        raise form.fault(Fault.UNOPENABLE, path, "it is a directory" if path.is_dir() else "there is no such file")
    with explained(form, path):
        connection = _connect(f"file:{quote(str(path.absolute()))}?mode=ro", busy_s, uri=True)
        try:
            if not _version(form, connection, path):
                raise form.fault(Fault.FOREIGN, path)
        except BaseException:
            connection.close()
            raise
    return Store(connection, None)


@contextmanager
def explained(form: Form, path: Path | None) -> Generator[None]:
    """Turn what SQLite and the file system raise within into a `DiagnosticError` that names the file."""
    faults = {
        sqlite3.SQLITE_BUSY: Fault.LOCKED,
        sqlite3.SQLITE_FULL: Fault.FULL,
        sqlite3.SQLITE_NOTADB: Fault.FOREIGN,
        sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    }
    try:
        yield
    except sqlite3.Error as problem:
        result: int = getattr(problem, "sqlite_errorcode", 0)
        # The lower byte is the result code, the rest says more exactly what failed (SQLITE_IOERR_WRITE).
        if result & 0xFF == sqlite3.SQLITE_CANTOPEN:
            raise form.fault(Fault.UNOPENABLE, path, "see that you may read and write it and its directory") from None
        found = faults.get(result & 0xFF)
        why = f"cannot be read or written: {problem}" if found is None else ""
        raise form.fault(found or Fault.FULL, path, why) from None
    except OSError as problem:
        raise form.fault(Fault.UNOPENABLE, path, problem.strerror or str(problem)) from None


@contextmanager
def changing(connection: sqlite3.Connection) -> Generator[sqlite3.Connection]:
    """One transaction: all that is done within, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has already rolled back when the disk is full.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _connect(name: str, busy_s: float, *, uri: bool = False) -> sqlite3.Connection:
    # Transactions are begun and ended by hand; who uses it from several threads puts a lock around each use.
    connection = sqlite3.connect(name, timeout=busy_s, isolation_level=None, check_same_thread=False, uri=uri)
    # With WAL, NORMAL keeps every committed change through a kill of the process: the log is in the system's cache
    # by then. Only a power cut can take the newest, never the file's integrity; FULL costs nine tenths of the speed.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _version(form: Form, connection: sqlite3.Connection, path: Path | None) -> int:
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != form.application and (application or version or tables):
        why = f"the database of another program, not {form.article} {form.noun}"
        raise form.fault(Fault.FOREIGN, path, why)
    if version > len(form.migrations):
        why = f"its schema is {version}, the newest known here {len(form.migrations)}"
        raise form.fault(Fault.NEWER, path, why)
    return version


def _migrate(form: Form, connection: sqlite3.Connection, path: Path | None) -> None:
    with changing(connection):
        for script in form.migrations[_version(form, connection, path) :]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {form.application}")
        connection.execute(f"PRAGMA user_version = {len(form.migrations)}")
    # Only now, so that the file's own header says what it is from the beginning.
    connection.execute("PRAGMA journal_mode = WAL").fetchone()


def _recognise(form: Form, path: Path) -> None:
    """Refuse a file that is not ours, whatever state it is in."""
    with path.open("rb") as file:
        header = file.read(APPLICATION_AT + 4)
    ours = header.startswith(MAGIC) and header[APPLICATION_AT:] == form.application.to_bytes(4, "big")
    if header and not ours:
        raise form.fault(Fault.FOREIGN, path)


def _drop(path: Path) -> None:
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), Path(f"{path}-journal")):
        each.unlink(missing_ok=True)


def _claim(form: Form, path: Path) -> sqlite3.Connection:
    """Two processes would undo each other's work, so one owns a file; others may still read it.

    The claim is a lock on a file beside it, taken through SQLite since that is portable, and let go by the system
    however the process ends.
    """
    beside = Path(f"{path}-owner")
    _make_private(form, beside)
    claim = sqlite3.connect(str(beside), timeout=0, isolation_level=None, check_same_thread=False)
    try:
        claim.execute("PRAGMA journal_mode = MEMORY")  # no second file: nothing is ever written
        claim.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as problem:
        claim.close()
        if getattr(problem, "sqlite_errorcode", 0) != sqlite3.SQLITE_BUSY:
            raise
        raise form.fault(Fault.IN_USE, path) from None
    return claim


def _make_private(form: Form, path: Path) -> None:
    """Make the file if it is not there, for its owner only; SQLite gives its -wal and -shm files the same mode."""
    if path.is_dir():
        raise form.fault(Fault.UNOPENABLE, path, "it is a directory")
    try:
        path.touch(0o600, exist_ok=False)
    except FileExistsError:
        pass
    except FileNotFoundError:
        raise form.fault(Fault.UNOPENABLE, path, f"the directory `{path.parent}` does not exist") from None
    except OSError as problem:
        raise form.fault(Fault.UNOPENABLE, path, problem.strerror or str(problem)) from None


def _keep_private(path: Path) -> None:
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        # The other two exist only while the file is in use.
        with suppress(FileNotFoundError):
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)
