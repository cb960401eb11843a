"""The running form of a node: it gets chunks or batches, keeps its state, and gives to the nodes behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import msgspec

from tickdiscord.alert.event import Published, Row
from tickdiscord.alert.inhibit import Inhibitors
from tickdiscord.alert.instrument import Instrument, Owner, Watched
from tickdiscord.alert.topics import Topics
from tickdiscord.diagnostics import Diagnostic, Source
from tickdiscord.handlers.endpoints import Endpoint
from tickdiscord.lambdas import Environment
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.turns import Turns
from tickdiscord.outbox.performer import Destination
from tickdiscord.outbox.request import Entry
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Groups, SeriesPool

OnError = Literal["ok", "hold", "fail"]
"""What a lambda of an alert that fails on a point means: not true, the level stays, or the run ends."""


class Receiver(Protocol):
    """Whatever a node may give to."""

    def chunk(self, chunk: Chunk) -> None: ...

    def batch(self, batch: Batch) -> None: ...

    def barrier(self, barrier: Barrier) -> None: ...


class Step:
    """The base of running nodes. A chunk or batch is handled whole before the call returns.

    A step with a state can give it as plain data, and begin with what another gave: what comes out of points that are
    cut in two at any place, with a snapshot and a restore between, is what comes out of them in one go.
    """

    def __init__(self) -> None:
        self.outs: list[Receiver] = []

    def inlet(self, position: int) -> Receiver:
        """What the parent at this position gives to; a node with several parents has one for each."""
        return self

    def chunk(self, chunk: Chunk) -> None:
        """Take some points of a stream."""
        raise NotImplementedError

    def batch(self, batch: Batch) -> None:
        """Take a batch."""
        raise NotImplementedError

    def barrier(self, barrier: Barrier) -> None:
        """Nothing older will come in this group; a step that waits for time to move on does so."""
        self.give_barrier(barrier)

    def settle(self) -> None:
        """All nodes before this one have given what the points made of them; a step that waited for that goes on."""

    def snapshot(self) -> object:
        """Its state, of what JSON has, and of infinite floats; None if it has none."""
        return None

    def restore(self, state: object) -> None:
        """Go on from what `snapshot` gave, before anything else was taken."""

    def end(self) -> None:
        """The input has ended; the nodes before this one have given all they had."""

    def give(self, chunk: Chunk) -> None:
        """Hand points on."""
        if chunk.series:
            for out in self.outs:
                out.chunk(chunk)

    def give_batch(self, batch: Batch) -> None:
        """Hand a batch on; it may be empty."""
        for out in self.outs:
            out.batch(batch)

    def give_barrier(self, barrier: Barrier) -> None:
        """Hand a barrier on."""
        for out in self.outs:
            out.barrier(barrier)


class Ticker(Protocol):
    """A step that acts on the clock, between points. Times are in nanoseconds."""

    def start(self, now: int) -> None:
        """The task begins at this time: the time of the first point, or what the user says."""
        ...

    @property
    def due(self) -> int | None:
        """When it wants to act next, None if not by itself."""
        ...

    def tick(self, now: int) -> None:
        """The clock stands at `due`: act, and say a later `due`.

        Nothing but ticks happens until `now`, so that those among them that change nothing may be left out.
        """
        ...


class Emission(msgspec.Struct, frozen=True):
    """An event on its way from an alert node to the handlers.

    `order` is the row of the input that caused it, `sequence` counts the events of this node from 1; `anonymous` is
    how the node's own topic took it, `named` how the topic took it that the script names, if it names one.
    """

    order: int
    node: Node
    sequence: int
    anonymous: Published
    named: Published | None


@dataclass(slots=True)
class Needs:
    """What the steps of a run find out that they need of it."""

    one_by_one: bool = False
    """Points one at a time: a lambda reads the clock, or chance, or points come back into the stream."""
    task_one_by_one: bool = False
    """The same within the task alone: nodes with several parents stand behind one another."""
    tickers: list[Ticker] = field(default_factory=list[Ticker])
    """Steps that act on the clock, in the order of the nodes."""
    expected: set[str] = field(default_factory=set[str])
    """The expected groups that some node counts."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a step of one task may use of the world around it; nothing in here opens anything.

    `trouble` takes what goes wrong with single points: the node, what failed, and why. `write` takes what `|log()`
    says: the level, the text.
    """

    task: str
    environment: Environment
    emit: Callable[[Emission], None]
    trouble: Callable[[Node, str, Diagnostic], None]
    write: Callable[[str, str], None]
    topics: Topics = field(default_factory=Topics)
    inhibitors: Inhibitors = field(default_factory=Inhibitors)
    turns: Turns | None = None
    """Where alerts wait that act on one another; without it they take what comes."""
    number: int = 0
    """Counts the tasks of the run."""
    groups: Groups = field(default_factory=Groups)
    series: SeriesPool = field(default_factory=SeriesPool)
    needs: Needs = field(default_factory=Needs)
    outputs: dict[str, Callable[[], Sequence[Row]]] = field(default_factory=dict[str, Callable[[], Sequence[Row]]])
    """What the `|httpOut()` nodes hold, by name."""
    request: Callable[[int, Entry], None] = lambda _, __: None
    """Takes what a node wants to be sent that is no event, and the row of the input that caused it."""
    loop: Callable[[Chunk], None] = lambda _: None
    """Takes points that are to come into the stream once more, when everything else has been done with this one."""
    source: Source | None = None
    variables: tuple[str, ...] = ()
    on_error: OnError = "ok"
    dbrps: tuple[tuple[str, str], ...] = ()
    """The databases and retention policies that the task sees the points of; none means all of the input."""
    lineage: str = ""
    """What the keys of requests begin with."""
    expected_groups: tuple[str, ...] = ()
    """Ids of groups that count as seen from the beginning: no point of them is a count of 0."""
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, Endpoint])
    """The `[[httppost]]` sections of the configuration, by name."""
    destination: Callable[[Destination], None] = lambda _: None
    """Is told where the requests of a node go to."""
    instrument: Instrument | None = None
    """What looks into the run."""

    def watched(self, node: Node, label: str) -> Watched | None:
        """What is to see something of a node; `label` says what, as messages do: `.crit()`."""
        if self.instrument is None or self.source is None:
            return None
        return Watched(self.instrument, Owner(node.name, label, self.source, node.span))
