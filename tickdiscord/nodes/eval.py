"""`|eval(lambda…)`: makes fields and tags out of others."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, collecting, warning
from tickdiscord.lambdas import Failure
from tickdiscord.lambdas.walk import postorder
from tickdiscord.nodes.evaluate import Evaluator, is_plain
from tickdiscord.nodes.layer import Layer, with_fields
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.retag import Regrouped
from tickdiscord.nodes.step import Context, Step
from tickdiscord.points.barrier import Barrier
from tickdiscord.points.batch import Batch
from tickdiscord.points.chunk import Chunk, Column
from tickdiscord.points.model import MOST_SERIES, Series, SeriesPool, Value
from tickdiscord.properties import LAMBDA, STRING, arguments, listed
from tickdiscord.syntax import tree

NAMES = "TD160"
TAG_WITHOUT_RESULT = "TD161"
FIELD_AND_RESULT = "TD162"
TAG_NOT_STRING = "TD163"
NOTHING_TO_KEEP = "TD164"


@dataclass(eq=False)
class Eval(Node):
    """Kapacitor: `EvalNode`; a point on which something fails is dropped, and the failure reported unless `.quiet()`.

    Later lambdas see the results of earlier ones. Where a point has a field or tag of a result's name, lambdas behind
    see the result; in Kapacitor they see the field, and it takes the result's place.
    """

    kind: ClassVar[str] = "eval"
    doc: ClassVar[str] = "Makes fields and tags out of others."

    lambdas: tuple[tree.Lambda, ...] = arguments(LAMBDA, "What is worked out, one after the other.")
    as_: tuple[str, ...] = listed(STRING, "The names of the results, one for each lambda.")
    tags: tuple[str, ...] = listed(STRING, "The results that become tags; they must be strings.")
    keep: tuple[str, ...] = listed(
        STRING, "Keep all fields beside the results; with names, keep of fields, results and tags read just those."
    )

    @property
    def keeps(self) -> bool:
        """Whether the script says `.keep()`, with names or without."""
        return "keep" in self.said

    @property
    def repeats(self) -> bool:
        return all(map(is_plain, self.lambdas))

    def check(self) -> Iterable[Diagnostic]:
        lambdas, names = len(self.lambdas), len(self.as_)
        if lambdas != names:
            message = f"`|eval()` has {_number(lambdas, 'lambda')}, and `.as()` {_number(names, 'name')}"
            yield Diagnostic(NAMES, message, self.said.get("as", self.span), "each lambda has one name in `.as()`")
        for tag in self.tags:
            if tag not in self.as_:
                message = f"`.tags()` names `{tag}`, which is no result of the lambdas"
                yield Diagnostic(TAG_WITHOUT_RESULT, message, self.said.get("tags"), "name it in `.as()` too")
        yield from self._hidden()

    def _hidden(self) -> Iterable[Diagnostic]:
        """Results that take the place of a field which an earlier lambda has read."""
        of_point: set[str] = set()
        results: set[str] = set()
        for wanted, name in zip(self.lambdas, self.as_, strict=False):
            for node, _ in postorder(wanted.expression):
                if isinstance(node, tree.Reference):
                    if node.name in results & of_point:
                        of_point.discard(node.name)
                        message = f"`{node.name}` is the result of a lambda before this one, no longer the point's own"
                        hint = "Kapacitor would take the point's field; give the result another name in `.as()`"
                        yield warning(FIELD_AND_RESULT, message, node.span, hint)
                    elif node.name not in results:
                        of_point.add(node.name)
            results.add(name)

    def step(self, context: Context) -> Step:
        return EvalStep(self, context)


def _number(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


class EvalStep(Step):
    """Evaluates a column a lambda; a row that one lambda fails on is out before the next one sees it."""

    def __init__(self, node: Eval, context: Context) -> None:
        super().__init__()
        self._node = node
        self._context = context
        self._lambdas: list[tuple[str, Evaluator]] = []
        problems: list[Diagnostic] = []
        for name, wanted in zip(node.as_, node.lambdas, strict=True):
            with collecting(problems):
                self._lambdas.append((name, Evaluator(wanted, f"|eval() of `{name}`", node, context)))
        if problems:
            raise DiagnosticError(*problems)
        self._read = {name for _, each in self._lambdas for name in each.references}
        self._tags = tuple(dict.fromkeys(node.tags))
        self._series = Tagged(self._tags, context.series)
        self._regrouped = Regrouped(context.groups)

    def chunk(self, chunk: Chunk) -> None:
        changed = self._evaluated(chunk)
        if self._tags:
            groups = map(self._regrouped.__getitem__, zip(changed.series, changed.groups, strict=True))
            changed = changed.regrouped(list(groups))
        self.give(changed)

    def batch(self, batch: Batch) -> None:
        rows = self._evaluated(batch.rows)
        self.give_batch(Batch(batch.name, batch.group, batch.tags, batch.time, rows, batch.order))

    def barrier(self, barrier: Barrier) -> None:
        if barrier.delete:
            for _, each in self._lambdas:
                each.states.pop(barrier.group, None)
        self.give_barrier(barrier)

    def snapshot(self) -> object:
        return [each.snapshot() for _, each in self._lambdas]

    def restore(self, state: object) -> None:
        for (_, each), plain in zip(self._lambdas, cast("list[Any]", state), strict=True):
            each.restore(plain)

    def _evaluated(self, chunk: Chunk) -> Chunk:
        results = Results(chunk)
        for name, each in self._lambdas:
            values = each.column(results.seen_by(each))
            if Failure in map(type, values):
                values = self._failed(each, values, results)
            results.columns[name] = cast("Column", values)
        for tag in self._tags:
            results.retain(self._strings(tag, results.columns[tag]))
        columns = self._kept(results) if self._node.keeps else self._without_tags(results)
        kept = with_fields(results.chunk, columns, only=not self._node.keeps or bool(self._node.keep))
        if not self._tags:
            return kept
        tags = zip(*(cast("list[str]", results.columns[tag]) for tag in self._tags), strict=True)
        return kept.renamed(list(map(self._series.__getitem__, zip(kept.series, tags, strict=True))))

    def _failed(
        self, evaluator: Evaluator, values: Sequence[Value | Failure], results: "Results"
    ) -> list[Value | Failure]:
        passing: list[int] = []
        for index, value in enumerate(values):
            if not isinstance(value, Failure):
                passing.append(index)
            else:
                evaluator.failed(value)
        results.retain(passing)
        return [values[index] for index in passing]

    def _strings(self, tag: str, column: Column) -> list[int]:
        """The rows that have a string for a tag; the others are reported."""
        passing: list[int] = []
        for index, value in enumerate(column):
            if isinstance(value, str):
                passing.append(index)
            else:
                message = f"a tag is a string, and the result for `{tag}` is {value!r:.40}"
                self._trouble(TAG_NOT_STRING, ".tags()", message, "tags", "put it in `string(…)`")
        return passing

    def _without_tags(self, results: "Results") -> dict[str, Column]:
        return {name: column for name, column in results.columns.items() if name not in self._tags}

    def _kept(self, results: "Results") -> dict[str, Column]:
        """The columns to be kept by name, or all results; rows that lack one of them are out.

        Kapacitor: a result, else a field or tag that a lambda reads, else a field.
        """
        if not self._node.keep:
            return results.columns
        for name in self._node.keep:
            column = self._point_column(results, name)
            if None in column:
                message = f"there is no field `{name}` to keep"
                hint = "a tag can be kept if one of the lambdas reads it"
                for _ in range(column.count(None)):
                    self._trouble(NOTHING_TO_KEEP, ".keep()", message, "keep", hint)
                results.retain([index for index, value in enumerate(column) if value is not None])
        return {name: self._point_column(results, name) for name in self._node.keep}

    def _point_column(self, results: "Results", name: str) -> Column:
        if name in results.columns:
            return results.columns[name]
        fields = results.chunk.column(name)
        tags = results.chunk.tags(name) if name in self._read else None
        return fields if tags is None else [b if a is None else a for a, b in zip(fields, tags, strict=True)]

    def _trouble(self, code: str, label: str, message: str, said: str, hint: str) -> None:
        found = warning(code, message, self._node.said.get(said), hint, self._context.source)
        self._context.trouble(self._node, label, found)


class Results:
    """The results so far, in columns, for those rows of a chunk that nothing has failed on."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self.columns: dict[str, Column] = {}

    def retain(self, indexes: Sequence[int]) -> None:
        """Go on with the rows at these indexes only."""
        if len(indexes) < len(self.chunk):
            self.chunk = self.chunk.take(indexes)
            self.columns = {name: [column[i] for i in indexes] for name, column in self.columns.items()}

    def seen_by(self, evaluator: Evaluator) -> Chunk:
        """The points as the next lambda sees them."""
        read = {name: self.columns[name] for name in evaluator.references if name in self.columns}
        return Scope(self.chunk, read) if read else self.chunk


class Scope(Chunk):
    """Points with results as fields, which hide the tags of their names."""

    __slots__ = ("_results",)

    def __init__(self, chunk: Chunk, results: dict[str, Column]) -> None:
        super().__init__(Layer(chunk, results), chunk.series, chunk.groups, chunk.order)
        self._results: Collection[str] = results

    def tags(self, name: str) -> list[str | None] | None:
        return None if name in self._results else super().tags(name)


class Tagged(dict[tuple[Series, tuple[str, ...]], Series]):
    """A series with other values of some tags, found when first asked for."""

    def __init__(self, tags: tuple[str, ...], pool: SeriesPool) -> None:
        super().__init__()
        self._tags = tags
        self._pool = pool

    def __missing__(self, key: tuple[Series, tuple[str, ...]]) -> Series:
        if len(self) >= MOST_SERIES:
            self.clear()
        series, values = key
        tags = {**series.tags, **dict(zip(self._tags, values, strict=True))}
        found = self[key] = self._pool.like(series, tags)
        return found
