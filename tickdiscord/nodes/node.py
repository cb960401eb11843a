"""What every node of a pipeline has: its place in the script, its parents, the kind of edge it gives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Protocol

from tickdiscord.diagnostics import NOWHERE, Diagnostic, Span
from tickdiscord.properties import NodeRef, flag

if TYPE_CHECKING:
    from tickdiscord.nodes.settings import NodeSettings
    from tickdiscord.nodes.step import Context, Step


class Edge(Enum):
    """What goes over an edge: points one by one, or batches of them."""

    STREAM = "stream"
    BATCH = "batch"


EITHER: frozenset[Edge] = frozenset(Edge)
STREAM: frozenset[Edge] = frozenset({Edge.STREAM})
BATCH: frozenset[Edge] = frozenset({Edge.BATCH})


class Part(Protocol):
    """Something within a node that takes properties of its own."""

    span: Span
    said: dict[str, Span]
    kind: ClassVar[str]


@dataclass(eq=False)
class Node:
    """The base of all node classes; subclasses declare their properties as `tickdiscord.properties` says.

    `takes` says which edges it may stand behind, `gives` which edge it gives, None for the one it takes. `sources` are
    the kinds of node that it must stand behind, empty for any.
    """

    kind: ClassVar[str] = ""
    takes: ClassVar[frozenset[Edge]] = EITHER
    gives: ClassVar[Edge | None] = None
    sources: ClassVar[tuple[str, ...]] = ()
    followers: ClassVar[tuple[str, ...] | None] = None
    """The kinds of node that may stand behind it, None for any."""
    callable: ClassVar[bool] = True
    """Whether a script makes it with `|kind()`."""
    described: ClassVar[str] = ""
    """What Kapacitor calls it in the names of nodes, where that is not its kind."""
    doc: ClassVar[str] = ""

    parents: "list[Node]" = field(default_factory=list["Node"], init=False, repr=False)
    children: "list[Node]" = field(default_factory=list["Node"], init=False, repr=False)
    quiet: bool = flag("Do not report what fails on single points.")
    number: int = field(default=0, init=False)
    """Counts the nodes of the pipeline in the order the script makes them."""
    depth: int = field(default=0, init=False, repr=False)
    """How many nodes the longest way from the source has before this one."""
    span: Span = field(default=NOWHERE, init=False, repr=False)
    said: dict[str, Span] = field(default_factory=dict[str, Span], init=False, repr=False)
    """Where the script says each property that it says."""

    @property
    def name(self) -> str:
        """As Kapacitor names it: `alert2`."""
        return f"{self.described or self.kind}{self.number}"

    @property
    def edge(self) -> Edge:
        """The kind of edge it gives."""
        return self.gives or self.parents[0].edge

    def link(self, parent: "Node") -> None:
        """Stand behind another node."""
        self.parents.append(parent)
        self.depth = max(self.depth, parent.depth + 1)
        parent.children.append(self)

    def expand(self, settings: "NodeSettings") -> "Sequence[Node]":
        """The nodes that it stands for, once its arguments are known; what follows in the script is behind the last.

        Sugar leaves itself out: it links the nodes to one another and to its parent.
        """
        return (self,)

    @property
    def count(self) -> int:
        """How many nodes Kapacitor makes of it, and so how many numbers it takes."""
        return 1

    @property
    def repeats(self) -> bool:
        """Whether points that are like the last ones of their group but for their times make nothing new.

        They make no event, no other points than they made before but for their times, and no state that matters.
        """
        return False

    def others(self) -> Sequence[NodeRef]:
        """The further nodes it stands behind: those that its arguments name, as in `|join(other)`."""
        return ()

    def part(self, name: str) -> "Part | None":
        """What a property of this name makes that takes the properties behind it: a handler of an alert."""
        return None

    @classmethod
    def parts(cls) -> Sequence[str]:
        """The names that `part` knows."""
        return ()

    @classmethod
    def unsupported_parts(cls) -> Sequence[str]:
        """The names that Kapacitor knows beside them."""
        return ()

    def check(self) -> Iterable[Diagnostic]:
        """What is wrong with the node as a whole, once the script has said everything."""
        return ()

    def step(self, context: "Context") -> "Step":
        """The node's running form.

        Raises:
            DiagnosticError: a lambda or template of it is wrong.
        """
        raise NotImplementedError(self.kind)
