"""Inhibitors: an alert that is not OK silences the events of a category that have the same values of some tags."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Inhibitors:
    """Who inhibits what at the moment."""

    _active: dict[str, dict[tuple[tuple[str, str], ...], set[object]]] = field(
        default_factory=dict[str, dict[tuple[tuple[str, str], ...], set[object]]]
    )

    def set(self, owner: object, category: str, tags: Mapping[str, str], inhibits: bool) -> None:
        """Say whether the group `owner` of an alert inhibits the category for these values of its tags."""
        owners = self._active.setdefault(category, {}).setdefault(tuple(tags.items()), set())
        if inhibits:
            owners.add(owner)
        else:
            owners.discard(owner)

    def inhibited(self, category: str, tags: Mapping[str, str]) -> bool:
        """Whether an event of this category with these tags is silenced (a tag that it lacks counts as empty)."""
        wanted = self._active.get(category)
        if not wanted:
            return False
        return any(
            owners and all(tags.get(tag, "") == value for tag, value in equal) for equal, owners in wanted.items()
        )
