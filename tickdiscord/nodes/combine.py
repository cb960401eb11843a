"""`|combine(lambdas…)`: makes one point of several that have the same time, for every choice that fits the lambdas."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar, cast

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.nodes.evaluate import Predicate
from tickdiscord.nodes.from_ import rounded
from tickdiscord.nodes.gathered import Gathered
from tickdiscord.nodes.made import Made
from tickdiscord.nodes.node import Edge, Node
from tickdiscord.nodes.prefixes import PREFIXES, prefix_problems
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Group, Value
from tickdiscord.properties import DURATION, INTEGER, LAMBDA, STRING, arguments, listed, value
from tickdiscord.syntax import tree

TOO_MANY = "TD171"
"""Code of points that could be combined in too many ways."""


@dataclass(eq=False)
class Combine(Node):
    """Kapacitor: `CombineNode`. Points are combined when one of another time comes, so the last ones never are."""

    kind: ClassVar[str] = "combine"
    gives: ClassVar[Edge | None] = Edge.STREAM
    doc: ClassVar[str] = "Makes one point of several that have the same time, for every choice that fits the lambdas."

    lambdas: tuple[tree.Lambda, ...] = arguments(LAMBDA, "What each of the points must fulfil.", least=1)
    as_: tuple[str, ...] = listed(STRING, "What the fields and tags of each point begin with.")
    delimiter: str = value(STRING, ".", "Stands between the prefix and the field's or tag's own name.")
    tolerance: int = value(DURATION, 0, "Times count as equal when they round to the same multiple of this.")
    max: int = value(INTEGER, 1_000_000, "Points that could be combined in more ways than this are not combined.")

    def check(self) -> Iterable[Diagnostic]:
        yield from prefix_problems(self, self.as_, self.delimiter, len(self.lambdas), "lambdas")
        if not self.delimiter:
            yield Diagnostic(
                PREFIXES,
                "the delimiter of `|combine()` cannot be empty",
                self.said.get("delimiter"),
                "Kapacitor finds an empty text in every prefix, and refuses it",
            )

    def step(self, context: Context) -> Step:
        return CombineStep(self, context)


class CombineStep(Step):
    def __init__(self, node: Combine, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._predicates = [Predicate(each, "|combine()", node, context) for each in node.lambdas]
        self._prefixes = [name + node.delimiter for name in node.as_]
        self._groups: dict[Group, Gathered] = {}

    def chunk(self, chunk: Chunk) -> None:
        groups, tolerance, made = self._groups, self._node.tolerance, Made(self._context.series)
        for index, (series, group, time) in enumerate(zip(chunk.series, chunk.groups, chunk.times(), strict=True)):
            gathered = groups.get(group)
            if gathered is None:
                gathered = groups[group] = Gathered(series.name)
            time = rounded(time, tolerance)
            if time != gathered.time:
                self._combine(gathered, group, made, chunk.order[index])
                gathered.begin(time)
            gathered.add(series, chunk.rows.fields(index))
        self.give(made.chunk())

    def batch(self, batch: Batch) -> None:
        gathered, rows, made = Gathered(batch.name), batch.rows, Made(self._context.series)
        for index, time in enumerate(rows.times()):
            time = rounded(time, self._node.tolerance)
            if time != gathered.time:
                self._combine(gathered, batch.group, made, batch.order)
                gathered.begin(time)
            gathered.add(rows.series[index], rows.rows.fields(index))
        self._combine(gathered, batch.group, made, batch.order)
        self.give(made.chunk())

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            self._groups.pop(barrier.group, None)
            for predicate in self._predicates:
                predicate.states.pop(barrier.group, None)
        self.give_barrier(barrier)

    def _combine(self, gathered: Gathered, group: Group, made: Made, order: int) -> None:
        if not gathered.series:
            return
        points, name = gathered.chunk(group), gathered.name
        fitting = [set(predicate.passing(points)) for predicate in self._predicates]
        ways = math.comb(len(points), len(fitting))
        if ways > self._node.max:
            self._context.trouble(self._node, "|combine()", self._too_many(len(points), ways))
            return
        useful = sorted(set[int]().union(*fitting))
        for chosen in choices(useful, fitting):
            fields, tags = self._merged(points, chosen, group)
            combined = self._context.groups.of(name, tags, group.dimensions)
            made.add(name, combined, fields, points.time(0), order, tags)

    def _merged(self, points: Chunk, chosen: Sequence[int], group: Group) -> tuple[dict[str, Value], dict[str, str]]:
        """The fields and tags of the points that were chosen, under the prefixes; the group's tags without one."""
        fields: dict[str, Value] = {}
        tags: dict[str, str] = {}
        own = group.dimensions.tag_names
        for prefix, index in zip(self._prefixes, chosen, strict=True):
            fields.update((prefix + name, value) for name, value in points.rows.fields(index).items())
            tags.update(
                (tag if tag in own else prefix + tag, value) for tag, value in points.series[index].tags.items()
            )
        return fields, tags

    def _too_many(self, points: int, ways: int) -> Diagnostic:
        count, most = len(self._predicates), self._node.max
        return warning(
            TOO_MANY,
            f"{points} points of one time could be combined by {count} in {ways} ways, and `.max()` is {most}: "
            "they are not combined",
            self._node.said.get("max", self._node.span),
            "Kapacitor ends the whole task here",
            self._context.source,
        )

    def snapshot(self) -> object:
        return {
            "groups": by_group(self._groups, Gathered.plain),
            "lambdas": [predicate.snapshot() for predicate in self._predicates],
        }

    def restore(self, state: object) -> None:
        held = cast("dict[str, Any]", state)
        groups, series = self._context.groups, self._context.series
        self._groups = of_groups(held["groups"], groups, lambda plain: Gathered.of(plain, series))
        for predicate, states in zip(self._predicates, held["lambdas"], strict=True):
            predicate.restore(states)


def choices(points: Sequence[int], fitting: Sequence[set[int]]) -> Iterator[list[int]]:
    """For each selection of as many points as there are lambdas, in the order of the points: one for each lambda.

    Kapacitor (`combineBuffer.combine`): each lambda takes the first point of the selection that fits it and is not yet
    taken, and a selection is passed over where one finds none, even if another assignment would do.
    """
    for selection in combinations(points, len(fitting)):
        left = list(selection)
        chosen: list[int] = []
        for fits in fitting:
            found = next((point for point in left if point in fits), None)
            if found is None:
                break
            left.remove(found)
            chosen.append(found)
        else:
            yield chosen
