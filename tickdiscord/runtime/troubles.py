"""What goes wrong with single points and events: said once each, then counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tickdiscord.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind of trouble: the task and node, what failed there (`.crit()`), and the diagnostic's code."""

    task: str
    node: str
    what: str
    code: str


@dataclass(slots=True)
class Troubles:
    """Counts troubles; the first of each kind goes to `tell` at once."""

    tell: Callable[[Diagnostic], None]
    _counts: dict[Trouble, int] = field(default_factory=dict[Trouble, int])

    def note(self, trouble: Trouble, diagnostic: Diagnostic) -> None:
        """Something went wrong, once more or for the first time."""
        count = self._counts.get(trouble, 0)
        self._counts[trouble] = count + 1
        if not count:
            self.tell(diagnostic)

    def counts(self) -> Mapping[Trouble, int]:
        """How often each trouble came, in the order of their first time."""
        return self._counts
