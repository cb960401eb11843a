"""A barrier: nothing older will come in a group, though no point has said so."""

from collections.abc import Mapping
from dataclasses import dataclass

from tickdiscord.points.model import Group


@dataclass(frozen=True, slots=True, eq=False)
class Barrier:
    """`time` is in nanoseconds. With `delete` the group ends here: nodes forget what they hold of it.

    `name` is the measurement of the group's last point, `order` the row of the input before which the barrier stands.
    """

    name: str
    group: Group
    tags: Mapping[str, str]
    time: int
    order: int = 0
    delete: bool = False
