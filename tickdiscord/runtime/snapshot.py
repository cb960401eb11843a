"""All that a run has to remember, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EngineState:
    """The state of an engine between two chunks; every part is of what JSON has, and of infinite floats.

    A part that is missing when a state is taken up begins anew.
    """

    run: object = None
    """The clock, whether the tasks have begun, and the source of random numbers."""
    nodes: Mapping[tuple[str, str], object] = field(default_factory=dict[tuple[str, str], object])
    """The nodes that have a state, by task and fingerprint."""
    topics: Mapping[str, object] = field(default_factory=dict[str, object])
    handlers: Mapping[str, object] = field(default_factory=dict[str, object])
    """The handlers that have a state, by topic and name."""
