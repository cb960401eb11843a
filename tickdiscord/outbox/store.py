"""The outbox's file: what is in it, and what is said when it cannot be used."""

from tickdiscord.database import Fault, Form

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
"""`not_before` is in nanoseconds since 1970; `workspace` is the request's target, never a URL; `forgotten` holds the
highest sequence among the delivered requests thrown away."""

ANOTHER_FILE = "name another file with `--outbox`"

OUTBOX = Form(
    noun="outbox",
    article="an",
    application=APPLICATION,
    migrations=MIGRATIONS,
    faults={
        Fault.UNOPENABLE: ("TD550", "name a file in a directory you can write to with `--outbox`"),
        Fault.FOREIGN: ("TD551", ANOTHER_FILE),
        Fault.NEWER: ("TD552", f"update tickdiscord, or {ANOTHER_FILE}"),
        Fault.IN_USE: ("TD553", "wait until that one has ended, or give this one its own file with `--outbox`"),
        Fault.LOCKED: ("TD554", "close what has it open, then start again"),
        Fault.FULL: ("TD555", "see that there is space and the disk is in order, and start again; nothing is lost"),
        Fault.DAMAGED: ("TD556", "move it away, or repair it with `sqlite3 FILE .recover`"),
    },
)
