"""The outbox: takes requests before their event counts as handled, keeps them until they are delivered or refused."""

import json
import sqlite3
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tickdiscord.database import BUSY_S, changing, explained, open_store
from tickdiscord.diagnostics import error
from tickdiscord.outbox.request import Entry, Key
from tickdiscord.outbox.store import OUTBOX

KEPT = 10_000
"""How many delivered requests are kept whole, the newest. Of older ones only the highest sequence of their handler is
remembered, which is enough to know them again: a handler's sequence only rises."""

REMEMBERED_HANDLERS = 10_000
"""Every run without a state of its own is a new lineage, so these are bounded too: the longest unused go."""

PUT = """
    INSERT INTO request (lineage, task, node, handler, sequence, event_id, kind, workspace, body)
    SELECT :lineage, :task, :node, :handler, :sequence, :event_id, :kind, :workspace, :body
    WHERE NOT EXISTS (
        SELECT 1 FROM forgotten AS f
        WHERE f.lineage = :lineage AND f.task = :task AND f.node = :node AND f.handler = :handler
            AND f.sequence >= :sequence
    )
    ON CONFLICT (lineage, task, node, handler, sequence) DO NOTHING
"""

REMEMBER = """
    INSERT OR REPLACE INTO forgotten (lineage, task, node, handler, sequence)
    SELECT r.lineage, r.task, r.node, r.handler, max(max(r.sequence), coalesce(f.sequence, 0))
    FROM request AS r LEFT JOIN forgotten AS f USING (lineage, task, node, handler)
    WHERE r.state = 'delivered' AND r.id <= ?
    GROUP BY r.lineage, r.task, r.node, r.handler
"""


class Queue(NamedTuple):
    """Whose requests leave in the order they came: one handler's kind and one of its destinations."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A request in the outbox."""

    id: int
    """Rises in the order the requests were put in."""
    key: Key
    event_id: str
    queue: Queue
    body: str
    """JSON, as it is posted."""
    attempts: int
    """How often sending it failed; waiting for a rate limit does not count."""
    not_before: int
    """Until when the destination asked to wait, in nanoseconds since 1970; 0 if it did not."""
    reason: str
    """What the last attempt came to, as the destination said it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many requests of one queue are in each state; of the delivered, those that are still kept."""

    pending: int = 0
    delivered: int = 0
    dead: int = 0


class Outbox:
    """The journal of requests, in one SQLite file of this process or in memory. Any thread may use it.

    A request that `put` has taken survives the end of the process however it comes.
    """

    def __init__(self, path: Path | None, *, busy_s: float = BUSY_S, kept: int = KEPT) -> None:
        """Open or make it. `busy_s` is how many seconds another program may hold a lock on it, `kept` see `KEPT`.

        Raises:
            DiagnosticError: TD550 to TD556, when the file cannot be opened, is not an outbox, or is in use.
        """
        self.path = path
        self._store = open_store(OUTBOX, path, busy_s)
        self._lock = threading.Lock()
        self._closed = False
        self._kept = kept
        self._too_many = 0
        """How many were delivered since the last time the oldest were thrown away."""

    def put(self, entries: Sequence[Entry]) -> int:
        """Take requests, all or none; returns how many were new. One whose key is known is the same one, read again.

        Raises:
            DiagnosticError: TD554 to TD556, when the file cannot be written; none of them was taken then.
        """
        with self._changing() as database:
            return max(0, database.executemany(PUT, map(_row, entries)).rowcount)

    def pending(self, queue: Queue, limit: int = 1) -> list[Letter]:
        """The requests of a queue that are to be sent next, oldest first."""
        columns = "id, lineage, task, node, handler, sequence, event_id, body, attempts, not_before, reason"
        where = "state = 'pending' AND kind = ? AND workspace = ?"
        with self._using() as database:
            found = database.execute(
                f"SELECT {columns} FROM request WHERE {where} ORDER BY id LIMIT ?", (*queue, limit)
            ).fetchall()
        return [
            Letter(id, Key(lineage, task, node, handler, sequence), event_id, queue, body, attempts, not_before, reason)
            for id, lineage, task, node, handler, sequence, event_id, body, attempts, not_before, reason in found
        ]

    def delivered(self, id: int) -> None:
        """The destination has it. It is kept for a while, so that the same request is known when it comes again."""
        with self._changing() as database:
            database.execute("UPDATE request SET state = 'delivered', reason = '' WHERE id = ?", (id,))
            self._too_many += 1
            if self._too_many * 20 > self._kept:  # many at a time, which costs little for each
                self._too_many = 0
                _forget(database, self._kept)

    def retry(self, id: int, not_before: int, reason: str, *, counted: bool = True) -> None:
        """It stays, to be sent again at `not_before` (nanoseconds since 1970) or as soon as may be (0)."""
        with self._changing() as database:
            database.execute(
                "UPDATE request SET attempts = attempts + ?, not_before = ?, reason = ? WHERE id = ?",
                (int(counted), not_before, whole_text(reason), id),
            )

    def dead(self, id: int, reason: str) -> None:
        """The destination will never take it: it is kept as a dead letter, and not sent again."""
        with self._changing() as database:
            database.execute(
                "UPDATE request SET attempts = attempts + 1, state = 'dead', reason = ? WHERE id = ?",
                (whole_text(reason), id),
            )

    def counts(self) -> Mapping[Queue, Counts]:
        """What is in the outbox, by queue."""
        totals = "sum(state = 'pending'), sum(state = 'delivered'), sum(state = 'dead')"
        with self._using() as database:
            found = database.execute(
                f"SELECT kind, workspace, {totals} FROM request GROUP BY kind, workspace"
            ).fetchall()
        return {Queue(kind, target): Counts(*states) for kind, target, *states in found}

    def waiting(self) -> Mapping[Queue, int]:
        """How many requests of each queue are still to be sent; queues with none are left out."""
        sql = "SELECT kind, workspace, count(*) FROM request WHERE state = 'pending' GROUP BY kind, workspace"
        with self._using() as database:
            return {Queue(kind, target): count for kind, target, count in database.execute(sql).fetchall()}

    def close(self) -> None:
        """Let go of the file. What is pending stays in it."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._store.close()

    def __enter__(self) -> "Outbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _using(self) -> Generator[sqlite3.Connection]:
        with self._lock, explained(OUTBOX, self.path):
            if self._closed:
                raise error("TD557", "the outbox is closed", hint="stop the sender before closing its outbox")
            yield self._store.connection

    @contextmanager
    def _changing(self) -> Generator[sqlite3.Connection]:
        with self._using() as database, changing(database):
            yield database


def _row(entry: Entry) -> Mapping[str, str | int]:
    key, request = entry.key, entry.request
    return {
        "lineage": whole_text(key.lineage),
        "task": whole_text(key.task),
        "node": whole_text(key.node),
        "handler": key.handler,
        "sequence": key.sequence,
        "event_id": whole_text(entry.event_id),
        "kind": request.kind,
        "workspace": whole_text(request.target),
        "body": whole_text(json.dumps(request.body, ensure_ascii=False, separators=(",", ":"))),
    }


def _forget(database: sqlite3.Connection, kept: int) -> None:
    oldest = "SELECT id FROM request WHERE state = 'delivered' ORDER BY id DESC LIMIT 1 OFFSET ?"
    found = database.execute(oldest, (kept,)).fetchone()
    if found is None:
        return
    database.execute(REMEMBER, found)
    database.execute("DELETE FROM request WHERE state = 'delivered' AND id <= ?", found)
    database.execute(
        "DELETE FROM forgotten WHERE rowid NOT IN (SELECT rowid FROM forgotten ORDER BY rowid DESC LIMIT ?)",
        (REMEMBERED_HANDLERS,),
    )


def whole_text(text: str) -> str:
    """The text with U+FFFD for half a surrogate pair, as Go's JSON encoder writes it; nothing else can be stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
