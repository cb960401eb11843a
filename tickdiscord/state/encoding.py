"""An engine's state as parts of a state file, and back."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from tickdiscord.alert.topics import Topic
from tickdiscord.database import Fault
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.snapshot import EngineState
from tickdiscord.state.store import STATE, Part, StateFile

RUN = Part("run", "", "")
NODE = "node"
TOPIC = "topic"
HANDLER = "handler"


def parts_of(state: EngineState) -> Mapping[Part, str]:
    """The parts of a state."""
    return {
        RUN: _text(state.run),
        **{Part(NODE, task, fingerprint): _text(value) for (task, fingerprint), value in state.nodes.items()},
        **{Part(TOPIC, "", name): _text(value) for name, value in state.topics.items()},
        **{Part(HANDLER, "", name): _text(value) for name, value in state.handlers.items()},
    }


def restore(engine: Engine, file: StateFile) -> None:
    """Let an engine go on from what a file has.

    Raises:
        DiagnosticError: TD586, if it makes no sense.
    """
    with _making_sense(file):
        engine.restore(_state_of(file.parts()))


def topics_of(file: StateFile) -> Mapping[str, Topic]:
    """The topics that a file knows, by name.

    Raises:
        DiagnosticError: TD586, if they make no sense.
    """
    found: dict[str, Topic] = {}
    with _making_sense(file):
        for part, text in file.parts().items():
            if part.kind == TOPIC:
                topic = found[part.name] = Topic()
                topic.restore(json.loads(text))
    return found


@contextmanager
def _making_sense(file: StateFile) -> Generator[None]:
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # Whatever a snapshot may look like that nobody has made.
        raise STATE.fault(Fault.DAMAGED, file.path) from None


def _state_of(parts: Mapping[Part, str]) -> EngineState:
    values = {part: json.loads(text) for part, text in parts.items()}
    return EngineState(
        values.get(RUN),
        {(part.owner, part.name): value for part, value in values.items() if part.kind == NODE},
        {part.name: value for part, value in values.items() if part.kind == TOPIC},
        {part.name: value for part, value in values.items() if part.kind == HANDLER},
    )


def _text(value: object) -> str:
    # The standard library's encoder: it knows infinite floats, and strings that are not quite Unicode.
    return json.dumps(value, separators=(",", ":"))
