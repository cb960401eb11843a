"""A file for what rules write to InfluxDB: line protocol, with comments that say which database it is for."""

from collections.abc import Sequence
from typing import TextIO

from tickdiscord.outbox.influxdb import quoted
from tickdiscord.outbox.request import Entry


class InfluxDBFile:
    """Appends the requests of `|influxDBOut()`. Its comments are those of a file that `influx -import` reads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._place: tuple[str, str] | None = None
        self._created: set[tuple[str, str]] = set()

    def write(self, entries: Sequence[Entry]) -> None:
        """Write what they say, in their order; it is in the file when this returns."""
        for entry in entries:
            body = entry.request.body
            place = str(body["database"]), str(body["retentionPolicy"])
            if body["create"] and place not in self._created:
                self._created.add(place)
                policy = f" WITH NAME {quoted(place[1])}" if place[1] else ""
                self._stream.write(f"# CREATE DATABASE {quoted(place[0])}{policy}\n")
            if place != self._place:
                self._place = place
                self._stream.write(f"# CONTEXT-DATABASE: {_shown(place[0])}\n")
                self._stream.write(f"# CONTEXT-RETENTION-POLICY: {_shown(place[1])}\n")
            self._stream.write(str(body["lines"]))
        self._stream.flush()


def _shown(name: str) -> str:
    """A name on one line, whatever is in it."""
    return name.replace("\n", "\\n").replace("\r", "\\r")
