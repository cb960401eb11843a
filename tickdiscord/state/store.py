"""The state of rules in one SQLite file: what every node remembers, and the place in the input that belongs to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tickdiscord.database import BUSY_S, Fault, Form, changing, explained, look_into, open_store
from tickdiscord.points.parser import Position

ANEW = "begin anew with `--reset-state`: levels, windows and the place in the input are forgotten"
ANOTHER_FILE = "name another file with `--state`"

STATE = Form(
    noun="state file",
    article="a",
    application=0x74696373,
    migrations=(
        """
        CREATE TABLE part (
            kind  TEXT NOT NULL,
            owner TEXT NOT NULL,
            name  TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (kind, owner, name)
        );
        CREATE TABLE source (
            name     TEXT    NOT NULL PRIMARY KEY,
            offset   INTEGER NOT NULL,
            lines    INTEGER NOT NULL,
            points   INTEGER NOT NULL,
            checksum INTEGER NOT NULL
        );
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)
        """,
    ),
    faults={
        Fault.UNOPENABLE: ("TD580", "name a file in a directory you can write to with `--state`"),
        Fault.FOREIGN: ("TD581", ANOTHER_FILE),
        Fault.NEWER: ("TD582", f"update tickdiscord, {ANOTHER_FILE}, or {ANEW}"),
        Fault.IN_USE: ("TD583", "wait until that one has ended, or give this one its own file with `--state`"),
        Fault.LOCKED: ("TD584", "close what has it open"),
        Fault.FULL: ("TD585", "see that there is space and the disk is in order"),
        Fault.DAMAGED: ("TD586", ANEW),
    },
)


class Part(NamedTuple):
    """What a piece of the state belongs to.

    `kind` is `run`, `node`, `topic` or `handler`; `owner` the task, for nodes; `name` the fingerprint or the name.
    """

    kind: str
    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a source was read, and the checksum of everything up to there."""

    position: Position
    checksum: int


class StateFile:
    """An open state file. Values of parts are JSON, those of `meta` texts."""

    def __init__(self, path: Path, *, anew: bool = False, look: bool = False, busy_s: float = BUSY_S) -> None:
        """Open or make it; with `anew` what is in it is dropped, with `look` it must be there and is only read.

        Raises:
            DiagnosticError: TD580 to TD586: it cannot be opened, is no state, of a newer version, in use or damaged.
        """
        self.path = path
        self._store = look_into(STATE, path, busy_s) if look else open_store(STATE, path, busy_s, anew=anew)
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def parts(self) -> Mapping[Part, str]:
        """All parts, with their values."""
        return {Part(kind, _name(owner), _name(name)): value for kind, owner, name, value in self._rows("part")}

    def marks(self) -> Mapping[str, Mark]:
        """How far each source was read, by its name."""
        return {
            _name(name): Mark(Position(offset, lines, points), checksum)
            for name, offset, lines, points, checksum in self._rows("source")
        }

    def meta(self) -> Mapping[str, str]:
        """What is known of the file and of the run that wrote it last."""
        return {name: _name(value) for name, value in self._rows("meta")}

    def write(
        self,
        *,
        parts: Mapping[Part, str] | None = None,
        gone: Iterable[Part] = (),
        marks: Mapping[str, Mark] | None = None,
        meta: Mapping[str, str] | None = None,
    ) -> None:
        """Write what is given beside what is there, in one transaction, and drop what is gone.

        Raises:
            DiagnosticError: TD584 to TD586; nothing has changed then.
        """
        sources = [(_stored(name), *_numbers(mark)) for name, mark in (marks or {}).items()]
        with explained(STATE, self.path), changing(self._store.connection) as database:
            database.executemany("DELETE FROM part WHERE (kind, owner, name) = (?, ?, ?)", map(_key, gone))
            values = ((*_key(part), value) for part, value in (parts or {}).items())
            database.executemany("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)", values)
            database.executemany("INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?)", sources)
            database.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                ((name, _stored(value)) for name, value in (meta or {}).items()),
            )

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> "StateFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self) -> None:
        """A file that was cut off opens well enough: what is missing shows only when it is looked for."""
        with explained(STATE, self.path):
            found = self._store.connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != ("ok",):
            raise STATE.fault(Fault.DAMAGED, self.path)

    def _rows(self, table: str) -> list[Any]:
        with explained(STATE, self.path):
            return self._store.connection.execute(f"SELECT * FROM {table}").fetchall()


def _key(part: Part) -> tuple[str, str | bytes, str | bytes]:
    return part.kind, _stored(part.owner), _stored(part.name)


def _stored(name: str) -> str | bytes:
    """A name as SQLite takes it: one that is not quite Unicode, as names of files may be, as bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")
    return name


def _name(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else stored.decode("utf-8", "surrogatepass")


def _numbers(mark: Mark) -> tuple[int, int, int, int]:
    position = mark.position
    return position.offset, position.lines, position.points, mark.checksum
