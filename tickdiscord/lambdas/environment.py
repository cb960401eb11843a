"""What a lambda may depend on besides the point: the clock, the time zone, chance."""

import datetime
from dataclasses import dataclass, field
from random import Random

from tickdiscord.clock import Clock


@dataclass(frozen=True, slots=True)
class Environment:
    """`clock` is what `now()` reads, `zone` is where `hour()` and its kin live, `random` feeds `rand()`.

    Without `random`, `rand()` gives the same numbers in every run: who wants chance passes a `Random()`.
    """

    clock: Clock
    zone: datetime.tzinfo = datetime.UTC
    random: Random = field(default_factory=lambda: Random(0))
