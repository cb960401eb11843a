"""`|deadman(threshold, interval)`: an alert on few points, made of other nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tickdiscord.gotext import duration_text
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.derivative import Derivative
from tickdiscord.nodes.node import Edge, Node
from tickdiscord.nodes.settings import NodeSettings
from tickdiscord.nodes.stats import Stats, positive
from tickdiscord.properties import DURATION, FLOAT, LAMBDA, argument, arguments
from tickdiscord.syntax import tree

EMITTED = "emitted"


@dataclass(eq=False)
class Deadman(Node):
    """Kapacitor: `Deadman`. Properties behind it are those of an alert."""

    kind: ClassVar[str] = "deadman"
    gives: ClassVar[Edge | None] = Edge.STREAM
    doc: ClassVar[str] = "Alerts where a node hands on few points: `|stats()|derivative()|alert()`."

    threshold: float = argument(FLOAT, "So many points an interval, or fewer, are CRITICAL.")
    interval: int = argument(DURATION, "How often the points are counted.", check=positive)
    conditions: tuple[tree.Lambda, ...] = arguments(LAMBDA, "What must also be true.")

    def link(self, parent: Node) -> None:
        """It leaves no trace at its parent: the nodes it stands for do."""
        self.parents.append(parent)

    def expand(self, settings: NodeSettings) -> Sequence[Node]:
        parent = self.parents[0]
        stats = Stats(interval=self.interval, align=True)
        rate = Derivative(field=EMITTED, unit=self.interval, non_negative=True)
        alert = Alert(
            id=settings.deadman.id.replace("NODE_NAME", parent.name, 1),
            message=settings.deadman.message.replace("INTERVAL", duration_text(self.interval), 1),
            crit=tree.Lambda(self._few(), span=self.span),
        )
        alert.said.update(dict.fromkeys(("id", "message"), self.span))
        made = (stats, rate, alert)
        for before, node in zip((parent, stats, rate), made, strict=True):
            node.span = self.span
            node.link(before)
        return made

    def _few(self) -> tree.Expression:
        span = self.span
        few: tree.Expression = tree.Binary(
            "<=", tree.Reference(EMITTED, span=span), tree.Float(self.threshold, span=span), span=span
        )
        for each in self.conditions:
            few = tree.Binary("AND", few, each.expression, span=each.expression.span)
        return few
