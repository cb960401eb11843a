"""Where the requests of a run go: the outbox, the files of log handlers, and a file that shows them all."""

import json
from collections.abc import Callable, Sequence
from typing import TextIO

from tickdiscord.outbox.journal import Outbox
from tickdiscord.outbox.request import Entry
from tickdiscord.runtime.engine import Happening
from tickdiscord.runtime.log_files import LogFiles

LOG = "log"


class Delivery:
    """A sink for an engine. Without an outbox nothing is sent, without `log_files` nothing is logged: a dry run.

    An event counts as handled when the call returns; `show` sees it only then.
    """

    def __init__(
        self,
        *,
        outbox: Outbox | None = None,
        put: Callable[[], None] = lambda: None,
        log_files: LogFiles | None = None,
        requests: TextIO | None = None,
        show: Callable[[Sequence[Happening]], None] = lambda _: None,
    ) -> None:
        self._outbox = outbox
        self._put = put
        self._log_files = log_files
        self._requests = requests
        self._show = show
        self.made = 0
        """Requests that were made to be posted."""

    def __call__(self, happenings: Sequence[Happening]) -> None:
        entries = [entry for happening in happenings for entry in happening.entries]
        posts = [entry for entry in entries if entry.request.kind != LOG]
        self.made += len(posts)
        if self._outbox is not None and posts:
            self._outbox.put(posts)
            self._put()
        if self._log_files is not None and len(posts) < len(entries):
            self._log([entry for entry in entries if entry.request.kind == LOG], self._log_files)
        if self._requests is not None:
            self._requests.writelines(f"{_shown(entry)}\n" for entry in posts)
            self._requests.flush()
        self._show(happenings)

    def _log(self, entries: Sequence[Entry], files: LogFiles) -> None:
        by_file: dict[tuple[str, int], list[str]] = {}
        for entry in entries:
            body = entry.request.body
            by_file.setdefault((entry.request.target, int(str(body["mode"]))), []).append(str(body["line"]))
        for (path, mode), lines in by_file.items():
            files.append(path, mode, lines)


def _shown(entry: Entry) -> str:
    return json.dumps({"workspace": entry.request.target, "body": entry.request.body}, ensure_ascii=False)
