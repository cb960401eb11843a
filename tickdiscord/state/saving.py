"""Writes the state of a run every few seconds: what has changed, in one transaction."""

import gc
import hashlib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from tickdiscord.clock import elapsed
from tickdiscord.runtime.engine import Engine
from tickdiscord.state.encoding import NODE, TOPIC, parts_of
from tickdiscord.state.store import Mark, Part, StateFile

EVERY_S = 10.0
SHARE = 0.1
"""Of its time a run spends at most so much on writing: large states are written less often."""

WRITTEN = "written"


@contextmanager
def _no_collection() -> Generator[None]:
    """A snapshot is a million small objects that all go at once: nothing to look for garbage in."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Saving:
    """Keeps a state file up with an engine. `mark` says how far which sources were read when nothing is being fed.

    `now` gives what time the file was written, in nanoseconds; `timer` is a clock in seconds that never goes back.
    """

    def __init__(
        self,
        file: StateFile,
        engine: Engine,
        mark: Callable[[], Mapping[str, Mark]],
        now: Callable[[], int],
        *,
        every_s: float = EVERY_S,
        timer: Callable[[], float] = elapsed,
    ) -> None:
        self._file = file
        self._engine = engine
        self._mark = mark
        self._now = now
        self._every_s = every_s
        self._timer = timer
        self._written: dict[Part, bytes] = {}
        """Digests of what is in the file."""
        self._marks: Mapping[str, Mark] = {}
        self._due = timer() + every_s

    @property
    def wait_s(self) -> float:
        """How long it is until the state is to be written again; 0 or less if it is time."""
        return self._due - self._timer()

    def save(self, meta: Mapping[str, str] | None = None) -> None:
        """Write now; the sink must have everything that the points so far have caused.

        Raises:
            DiagnosticError: the file cannot be written. The state is what it was, and the next call writes it all.
        """
        began = self._timer()
        with _no_collection():
            parts = parts_of(self._engine.snapshot())
        digests = {part: hashlib.sha1(text.encode()).digest() for part, text in parts.items()}
        changed = {part: text for part, text in parts.items() if self._written.get(part) != digests[part]}
        marks = self._mark()
        try:
            if changed or marks != self._marks or meta:
                gone = self._gone(parts)
                self._file.write(
                    parts=changed, gone=gone, marks=marks, meta={WRITTEN: str(self._now()), **(meta or {})}
                )
                self._written, self._marks = digests, marks
        finally:
            now = self._timer()
            self._due = now + max(self._every_s, (now - began) / SHARE)

    def _gone(self, parts: Mapping[Part, str]) -> list[Part]:
        """What is in the file of these tasks, and belongs to nothing any more: their rules have changed."""
        if self._written:
            return [part for part in self._written if part not in parts]
        tasks = {task.pipeline.task for task in self._engine.tasks}
        topics = tuple(f"main:{task}:" for task in tasks)
        known = {*parts, *(Part(TOPIC, "", name) for name in self._engine.topic_names())}
        return [
            part
            for part in self._file.parts()
            if part not in known
            and ((part.kind == NODE and part.owner in tasks) or (part.kind == TOPIC and part.name.startswith(topics)))
        ]
