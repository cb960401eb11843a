"""Where the requests of a run go: the outbox, the files of log handlers, and a file that shows them all."""

import json
from collections.abc import Callable, Sequence
from typing import TextIO

import msgspec

from tickdiscord.handlers.others import INSTEAD
from tickdiscord.outbox.influxdb import KIND as INFLUXDB
from tickdiscord.outbox.journal import Outbox, Queue
from tickdiscord.outbox.request import Entry, Request
from tickdiscord.runtime.engine import Happening
from tickdiscord.runtime.influxdb_file import InfluxDBFile
from tickdiscord.runtime.log_files import LogFiles

LOG = "log"
STDOUT = "stdout"
DISCORD = "discord"
HERE = frozenset({LOG, STDOUT, INSTEAD})
"""Kinds of requests that are carried out at once; all others go through the outbox."""


class Delivery:
    """A sink for an engine. Without an outbox nothing is sent, without `log_files` nothing is logged: a dry run.

    `influxdb` is the file or the queue for the points of `|influxDBOut()`; without one they are counted only.
    `stdout` is where stdout handlers write, `say` tells the user what a service would have got.

    An event counts as handled when the call returns; `show` sees it only then.
    """

    def __init__(
        self,
        *,
        outbox: Outbox | None = None,
        put: Callable[[], None] = lambda: None,
        log_files: LogFiles | None = None,
        requests: TextIO | None = None,
        influxdb: InfluxDBFile | Queue | None = None,
        stdout: TextIO | None = None,
        say: Callable[[str], None] = lambda _: None,
        show: Callable[[Sequence[Happening]], None] = lambda _: None,
        unique: str = "",
    ) -> None:
        """`unique` is a text that no other run has."""
        self._outbox = outbox
        self._put = put
        self._log_files = log_files
        self._requests = requests
        self._influxdb = influxdb
        self._stdout = stdout
        self._say = say
        self._show = show
        self._unique = unique
        self.made = 0
        """Requests that were made to be posted."""
        self.points = 0
        """Points that were made to be written to InfluxDB."""

    def __call__(self, happenings: Sequence[Happening]) -> None:
        entries = [entry for happening in happenings for entry in happening.entries]
        posts = [entry for entry in entries if entry.request.kind not in HERE]
        self.made += len(posts)
        if self._outbox is not None and posts:
            self._outbox.put(posts)
            self._put()
        if len(posts) < len(entries):
            self._carry_out([entry.request for entry in entries if entry.request.kind in HERE])
        if self._requests is not None:
            self._requests.writelines(f"{_shown(entry)}\n" for entry in posts)
            self._requests.flush()
        self._show(happenings)

    @property
    def writes_points(self) -> bool:
        """Whether there is a place for the points for InfluxDB."""
        return self._influxdb is not None

    def node_requests(self, entries: Sequence[Entry]) -> None:
        """Take what nodes want to be sent that is no event."""
        points = [entry for entry in entries if entry.request.kind == INFLUXDB]
        posts = [entry for entry in entries if entry.request.kind != INFLUXDB]
        self.points += sum(int(str(entry.request.body["points"])) for entry in points)
        self.made += len(posts)
        queued = [*posts]
        if isinstance(self._influxdb, Queue):
            # Rules name clusters of a configuration; a run has one InfluxDB for them all.
            queued += [self._to(self._influxdb, entry) for entry in points]
        elif self._influxdb is not None and points:
            self._influxdb.write(points)
        if self._outbox is not None and queued:
            self._outbox.put(queued)
            self._put()
        if self._requests is not None and posts:
            self._requests.writelines(f"{_shown_post(entry)}\n" for entry in posts)
            self._requests.flush()

    def _to(self, queue: Queue, entry: Entry) -> Entry:
        """The entry on its way to InfluxDB.

        How many points come together is chance, so that a request of a later run is never the same as one of this,
        even if points are read again. Written twice, a point is the same point.
        """
        key = msgspec.structs.replace(entry.key, lineage=f"{entry.key.lineage} {self._unique}")
        return Entry(key, entry.event_id, Request(queue.kind, queue.target, entry.request.body))

    def _carry_out(self, requests: Sequence[Request]) -> None:
        """Write what goes to files, stdout and the user."""
        if self._log_files is not None:
            self._log([each for each in requests if each.kind == LOG], self._log_files)
        if self._stdout is not None:
            self._stdout.writelines(f"{each.body['line']}\n" for each in requests if each.kind == STDOUT)
            self._stdout.flush()
        for each in requests:
            if each.kind == INSTEAD:
                self._say(str(each.body["line"]))

    def _log(self, requests: Sequence[Request], files: LogFiles) -> None:
        by_file: dict[tuple[str, int], list[str]] = {}
        for request in requests:
            body = request.body
            by_file.setdefault((request.target, int(str(body["mode"]))), []).append(str(body["line"]))
        for (path, mode), lines in by_file.items():
            files.append(path, mode, lines)


def _shown_post(entry: Entry) -> str:
    return json.dumps({entry.request.kind: entry.request.target, **entry.request.body}, ensure_ascii=False)


def _shown(entry: Entry) -> str:
    request = entry.request
    where = "workspace" if request.kind == DISCORD else request.kind
    return json.dumps({where: request.target, "body": request.body}, ensure_ascii=False)
