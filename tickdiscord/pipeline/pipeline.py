"""A pipeline: what a script makes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tickdiscord.diagnostics import Diagnostic, Source
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.query import Query
from tickdiscord.syntax import tree


@dataclass(frozen=True, slots=True)
class Dbrp:
    """A database and retention policy."""

    database: str
    retention_policy: str

    def __str__(self) -> str:
        return f"{self.database}.{self.retention_policy}"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The nodes of a task, in the order the script makes them: parents stand before their children."""

    task: str
    source: Source
    program: tree.Program
    nodes: Sequence[Node]
    dbrps: Sequence[Dbrp] = ()
    variables: tuple[str, ...] = ()
    warnings: Sequence[Diagnostic] = field(default=())

    @property
    def seen_twice(self) -> frozenset[str]:
        """The measurements whose points the task gets twice.

        Kapacitor hands a point to a task once for its measurement, and once more if a `|from()` of the task names none
        (`TaskMaster.forkPoint`).
        """
        measurements = {node.measurement for node in self.nodes if isinstance(node, From)}
        return frozenset(measurements - {""}) if "" in measurements else frozenset()

    @property
    def queries(self) -> Sequence[Query]:
        """The queries of a batch task, in the order of the script; a stream task has none."""
        return [node for node in self.nodes if isinstance(node, Query)]
