"""Runs rules on points in the tests, and compares what came out with what a case expects."""

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tickdiscord.alert.event import Published
from tickdiscord.clock import StreamClock
from tickdiscord.diagnostics import Diagnostic
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.pipeline.evaluate import load_text
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LineReader
from tickdiscord.runtime.engine import Engine, Happening
from tickdiscord.runtime.settings import Settings

CASES = Path(__file__).parent / "conformance"

Case = Mapping[str, Any]


def cases(name: str) -> list[Case]:
    """The documents of a YAML file of cases."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return list(yaml.load_all((CASES / name).read_text(encoding="utf-8"), loader))


def happenings(case: Case, *, size: int | None = None) -> list[Happening]:
    """What a case's points cause in its script, or its scripts, handed on in chunks of a size."""
    found: list[Happening] = []
    clock = StreamClock(0)
    scripts: list[str] = case.get("scripts") or [case["script"]]
    names = ["task", *(f"task{number}" for number in range(2, len(scripts) + 1))]
    troubles: list[Diagnostic] = []
    engine = Engine(
        [load_text(script, name, f"{name}.tick") for name, script in zip(names, scripts, strict=True)],
        Settings(Workspaces(open=True), clock=clock),
        found.extend,
        troubles.append,
        lambda _, __: None,
    )
    reader = LineReader(
        io.BytesIO(case["points"].encode()),
        clock=clock,
        rejected=lambda rejected: troubles.append(rejected.diagnostic("points")),
        precision=Precision.named(case["precision"]),
    )
    for chunk in reader.chunks():
        for piece in chunk.cut(size) if size else (chunk,):
            engine.feed(piece)
    engine.end()
    return found


def on_topic(found: Sequence[Happening], topic: str) -> list[Published]:
    """The events that a topic received."""
    return [published for each in found for published in each.published if published.topic == topic]


def seen(published: Published, case: Case, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """An event in the form of a case, with the keys that the case names; times in its unit."""
    event, unit = published.event, Precision.named(case["precision"])
    state = event.state
    known: dict[str, Any] = {
        "time": state.time // unit,
        "id": state.id,
        "level": str(state.level),
        "previousLevel": str(published.previous),
        "duration": state.duration // unit,
        "message": state.message,
        "details": state.details,
        "fields": dict(event.fields),
        "tags": dict(event.tags),
    }
    return {key: known[key] for key in wanted if key in known}


def close(one: object, other: object) -> bool:
    """Whether two values are the same, floats up to the last digits."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9) or one == other
    return one == other and isinstance(one, float) == isinstance(other, float)
