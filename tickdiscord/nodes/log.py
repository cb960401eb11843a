"""`|log()`: writes every point to the log of the run, and hands it on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.gotext import rfc3339
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Point, Value
from tickdiscord.properties import STRING, value

LEVELS = ("DEBUG", "INFO", "WARN", "ERROR")


def _level(given: str) -> str:
    return "" if given.upper() in LEVELS else f"wants one of {', '.join(LEVELS)}"


@dataclass(eq=False)
class Log(Node):
    """Kapacitor: `LogNode`."""

    kind: ClassVar[str] = "log"
    doc: ClassVar[str] = "Writes every point to the log of the run, and hands it on."

    level: str = value(STRING, "INFO", "One of DEBUG, INFO, WARN, ERROR.", check=_level)
    prefix: str = value(STRING, "", "Stands before each point.")

    def step(self, context: Context) -> Step:
        return LogStep(self, context)


class LogStep(Step):
    def __init__(self, node: Log, context: Context) -> None:
        super().__init__()
        self._level, self._prefix = node.level.upper(), node.prefix
        self._write = context.write

    def chunk(self, chunk: Chunk) -> None:
        for index in range(len(chunk)):
            self._say("point", _point(chunk.point(index)))
        self.give(chunk)

    def batch(self, batch: Batch) -> None:
        begin = {"name": batch.name, "group": batch.group.id, **_pairs("tag", batch.tags), "time": rfc3339(batch.time)}
        self._say("begin batch", begin)
        for index in range(len(batch.rows)):
            self._say("batch point", _point(batch.rows.point(index)))
        self.give_batch(batch)

    def _say(self, what: str, shown: Mapping[str, str]) -> None:
        shown = {"prefix": self._prefix, **shown} if self._prefix else shown
        self._write(self._level, " ".join([what, *(f"{key}={_quoted(text)}" for key, text in shown.items())]))


def _point(point: Point) -> dict[str, str]:
    return {
        "name": point.name,
        "group": point.group.id,
        **_pairs("tag", point.tags),
        **_pairs("field", point.fields),
        "time": rfc3339(point.time),
    }


def _pairs(what: str, pairs: Mapping[str, Value]) -> dict[str, str]:
    return {
        f"{what}_{key}": shown if isinstance(shown := pairs[key], str) else json.dumps(shown) for key in sorted(pairs)
    }


def _quoted(text: str) -> str:
    return text if text and not set(text) & set(' ="\n\t\\') else json.dumps(text, ensure_ascii=False)
