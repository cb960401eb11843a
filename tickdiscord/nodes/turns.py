"""Alerts that act on one another, by a topic or an inhibition, over several branches and tasks: who comes when."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from tickdiscord.nodes.node import Node

Turn = tuple[int, int, int, int, Callable[[], None]]
"""The row of the input, the task, the node, a number that keeps what is equal in its order, and what to do."""


@dataclass(slots=True)
class Turns:
    """What waits at alerts until every task is done with a chunk.

    It is then taken in the order of the rows of the input, of the tasks, and of the nodes: as if points came one by
    one. Whatever needs no such order, all nodes before the alerts and most rows of a chunk, stays together.
    """

    nodes: Collection[Node] = ()
    """The alerts that have to take turns."""
    _waiting: list[Turn] = field(default_factory=list[Turn])
    _afterwards: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def wait(self, order: int, task: int, node: Node, act: Callable[[], None]) -> None:
        """Put by what a row of the input causes at a node."""
        self._waiting.append((order, task, node.number, len(self._waiting), act))

    def afterwards(self, act: Callable[[], None]) -> None:
        """Put by what is to be done when everything that waits has had its turn."""
        self._afterwards.append(act)

    def take(self) -> None:
        """Let everything have its turn."""
        waiting, afterwards = sorted(self._waiting, key=_place), self._afterwards.copy()
        self._waiting.clear()
        self._afterwards.clear()
        for *_, act in (*waiting, *((act,) for act in afterwards)):
            act()


def _place(turn: Turn) -> tuple[int, int, int, int]:
    return turn[:4]
