"""What a lambda may use, which depends on where it stands: functions, and the types that references can have."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tickdiscord.lambdas.library import FUNCTIONS, Function
from tickdiscord.lambdas.types import OF_DATA, Type


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The functions by name, and what a reference may turn out to be as long as no point has been seen."""

    functions: Mapping[str, Function] = field(default_factory=lambda: FUNCTIONS)
    references: frozenset[Type] = OF_DATA


EVERYWHERE = Vocabulary()
"""What the lambdas of nodes may use."""
