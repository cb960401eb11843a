"""Rules from Python: `tickdiscord.load(script).run(points)`."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tickdiscord.alert.event import Published, Row
from tickdiscord.clock import StreamClock
from tickdiscord.diagnostics import Diagnostic, error
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.outbox.request import Entry
from tickdiscord.pipeline.evaluate import Vars, load_text
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LineReader
from tickdiscord.points.rejected import Rejected
from tickdiscord.runtime.engine import Engine, Happening
from tickdiscord.runtime.settings import Settings

NO_ANSWERS = "TD652"


@dataclass(frozen=True, slots=True)
class Result:
    """What points have caused.

    `events` are the events of all alert nodes in order, as their topics took them; `requests` is what the handlers
    make of them. `rejected` are the lines that were no points, `troubles` what went wrong with single points.
    """

    events: Sequence[Published]
    happenings: Sequence[Happening]
    rejected: Sequence[Rejected]
    troubles: Sequence[Diagnostic]
    outputs: Mapping[str, Sequence[Row]]
    """What each `|httpOut()` holds at the end, by name."""
    sent: Sequence[Entry] = ()
    """What `|httpPost()` and `|influxDBOut()` would send."""

    @property
    def requests(self) -> Sequence[tuple[str, object]]:
        """The workspace and the body of everything that would be posted."""
        entries = (entry for happening in self.happenings for entry in happening.entries)
        return [(entry.request.target, entry.request.body) for entry in entries]


@dataclass(frozen=True, slots=True)
class Task:
    """A rule, ready to be run any number of times; every run begins anew."""

    pipeline: Pipeline

    def run(
        self,
        points: str | bytes | Iterable[str],
        *,
        precision: str = "ns",
        start: int | None = None,
        until: int | None = None,
        expect_groups: Iterable[str] = (),
    ) -> Result:
        """Run the rule on line protocol: a whole text, or lines.

        `precision` is the unit of the timestamps. `start` is when the task begins, `until` how far the clock runs on
        after the last point, both in nanoseconds. `expect_groups` are ids of groups, such as `host=a`, that a deadman
        misses even if they never come. Nothing is sent, and every Discord workspace counts as known.

        Raises:
            DiagnosticError: the rule or the precision is wrong, or the rule is a batch rule, which takes no points.
        """
        for query in self.pipeline.queries[:1]:
            message = "a batch rule takes the answers to its queries, not points"
            raise error(
                NO_ANSWERS, message, query.span, "`tickdiscord run --recording` replays them", self.pipeline.source
            )
        happenings: list[Happening] = []
        rejected: list[Rejected] = []
        troubles: list[Diagnostic] = []
        clock = StreamClock(start or 0)
        settings = Settings(Workspaces(open=True), clock=clock, expected_groups=tuple(expect_groups))
        sent: list[Entry] = []
        engine = Engine([self.pipeline], settings, happenings.extend, troubles.append, lambda _, __: None, sent.extend)
        reader = LineReader(
            io.BytesIO(_content(points)),
            clock=clock,
            rejected=rejected.append,
            precision=Precision.named(precision),
        )
        if start is not None:
            engine.begin(start)
        for chunk in reader.chunks():
            engine.feed(chunk)
        if until is not None:
            engine.advance(until)
        engine.end()
        outputs = {name: held() for name, held in engine.outputs.items()}
        return Result([each.shown for each in happenings], happenings, rejected, troubles, outputs, sent)


def load(script: str | Path, *, name: str = "task", vars: Vars | None = None) -> Task:
    """A rule out of a script: its text, or as a `Path` the file it is in, whose stem is then the task's name.

    Raises:
        DiagnosticError: with everything that is wrong with it, each with its place.
    """
    if isinstance(script, Path):
        try:
            return Task(load_text(script.read_text(encoding="utf-8-sig"), script.stem, str(script), vars))
        except (OSError, UnicodeDecodeError) as problem:
            raise error("TD400", f"`{script}` cannot be read: {problem}") from None
    return Task(load_text(script, name, f"{name}.tick", vars))


def _content(points: str | bytes | Iterable[str]) -> bytes:
    if isinstance(points, bytes):
        return points
    text = points if isinstance(points, str) else "".join(f"{line}\n" for line in points)
    return text.encode("utf-8", "surrogateescape")
