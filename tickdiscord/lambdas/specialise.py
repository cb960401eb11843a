"""Makes a lambda's Python for operands of certain types, and keeps it."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Protocol, cast

from tickdiscord.lambdas import problems
from tickdiscord.lambdas.codegen import Generated, Piece, Probe, generate
from tickdiscord.lambdas.failure import Failure
from tickdiscord.lambdas.operands import Column
from tickdiscord.lambdas.plan import Plan, State
from tickdiscord.lambdas.types import TIME_REFERENCE, TYPE_OF, Operand, Type
from tickdiscord.points.model import Value
from tickdiscord.syntax import tree

MOST_SPECIALISATIONS = 256
"""Data that mixes types in ever new ways makes one forget the old ones, instead of filling the memory."""


MOST_CODES = 1024
"""Compiled code is kept up to this number: tests run the same rule many times."""


class Row(Protocol):
    """Evaluates a lambda for one point."""

    def __call__(self, values: Mapping[str, Operand], state: State | None = None, /) -> Value | Failure: ...


RunRow = Callable[..., Value | Failure]
"""Is given the operands in the order of the plan's references, and the state."""
RunColumn = Callable[[Sequence[Column], int], list[Value | Failure] | None]
"""Gives None where a row has failed: then they must be run one by one."""


@dataclass(frozen=True, slots=True)
class Specialised:
    """A lambda for operands of certain types: its own type (None if it always fails), and the code."""

    type: Type | None
    row: RunRow
    column: RunColumn
    types: tuple[Type | None, ...] = ()
    """The type of every node, by its number in the plan."""


class Specialisations(dict[tuple[type, ...], Specialised]):
    """The specialisations by the Python types of the operands; a new one is made when first asked for."""

    def __init__(self, plan: Plan, probe: Probe | None = None) -> None:
        super().__init__()
        self._plan = plan
        self._probe = probe
        self._newest: dict[str, object] = {"specialised": self}
        self.row: Row = _dispatcher(plan, self._newest)
        """Picks the specialisation for a point's operands, and evaluates it."""

    def __missing__(self, key: tuple[type, ...]) -> Specialised:
        if len(self) >= MOST_SPECIALISATIONS:
            self.clear()
        made = self[key] = specialise(self._plan, [TYPE_OF[each] for each in key], self._probe)
        self._newest["run"] = made.row
        self._newest.update((f"k{index}", each) for index, each in enumerate(key))
        return made


def _dispatcher(plan: Plan, newest: dict[str, object]) -> Row:
    """The function that finds the code for a point's operands.

    It tries the newest specialisation first, whose types and code are `k0`, `k1`, … and `run` in `newest`: without a
    look-up, it takes half the time (100 ns a row).
    """
    indexes = range(len(plan.references))
    newest.update((f"k{index}", None) for index in indexes)
    defaults = (", 0" if name == TIME_REFERENCE else "" for name in plan.references)
    values = [
        f"    v{index} = get({name!r}{default})\n"
        for index, (name, default) in enumerate(zip(plan.references, defaults, strict=True))
    ]
    given = "".join(f"v{index}, " for index in indexes)
    same = " and ".join(f"type(v{index}) is k{index}" for index in indexes)
    key = "".join(f"type(v{index}), " for index in indexes)
    lines = [
        "def row(values, s=None, /):\n",
        *(["    get = values.get\n"] if values else []),
        *values,
        *([f"    if {same}:\n        return run({given}s)\n"] if values else []),
        f"    return specialised[{key or '()'}].row({given}s)\n",
    ]
    return cast("Row", _defined(plan, "".join(lines), newest)["row"])


def specialise(plan: Plan, types: Sequence[Type], probe: Probe | None = None) -> Specialised:
    """The code of a lambda for references of these types, in the order of `plan.references`."""
    tracing = probe is not None and probe.every
    if Type.CONFLICT in types:
        return _always(None, _conflict(plan, types))
    generated = generate(plan, types, probe)
    piece, failure = generated.piece, generated.piece.failure
    if failure and not tracing:
        return _always(None, failure)
    if piece.constant and not tracing:
        return _always(piece.type, eval(piece.text, generated.names), generated.types)
    names = _execute(plan, generated)
    row = cast("RunRow", names["row"])
    column = cast("RunColumn", names["column"])
    return Specialised(None if failure else piece.type, row, column, generated.types)


def _conflict(plan: Plan, types: Sequence[Type]) -> Failure:
    """Kapacitor: a name that is both field and tag spoils the point, even where it would not be evaluated."""
    name = plan.references[types.index(Type.CONFLICT)]
    nodes = (step.node for step in plan.steps)
    return problems.conflict(next(each for each in nodes if isinstance(each, tree.Reference) and each.name == name))


def _always(type: Type | None, result: Value | Failure, types: tuple[Type | None, ...] = ()) -> Specialised:
    """What comes to the same for every point needs no code."""

    def row(*_: object) -> Value | Failure:
        return result

    def column(columns: Sequence[Column], count: int) -> list[Value | Failure]:
        return [result] * count

    return Specialised(type, row, column, types)


def _execute(plan: Plan, generated: Generated) -> dict[str, object]:
    """Run the generated source, and return the names that it defines."""
    piece = generated.piece
    functions = [*generated.functions, _row_source(plan, piece), _column_source(plan, piece)]
    return _defined(plan, "".join(functions), dict(generated.names))


def _defined(plan: Plan, source: str, names: dict[str, object]) -> dict[str, object]:
    place = plan.source.place(plan.expression.span.start) if plan.source else (1, 1)
    exec(_code(source, plan.source.name if plan.source else "<lambda>", *place), names)
    return names


def _row_source(plan: Plan, piece: Piece) -> str:
    values = "".join(f"v{index}, " for index in range(len(plan.references)))
    return f"def row({values}s):\n{_returning(piece, piece.text, 'error.failure')}"


def _column_source(plan: Plan, piece: Piece) -> str:
    """A comprehension over the columns."""
    if plan.stateful or (plan.volatile and piece.fails):
        # What moves on must not be evaluated a second time, after a row has failed.
        return "def column(columns, count):\n    return None\n"
    indexes = range(len(plan.references))
    values = ", ".join(f"v{index}" for index in indexes)
    match len(indexes):
        case 0:
            rows = "_ in range(count)"
        case 1:
            rows = "v0 in columns[0]"
        case _:
            rows = f"{values} in zip({', '.join(f'columns[{index}]' for index in indexes)})"
    return f"def column(columns, count):\n{_returning(piece, f'[{piece.text} for {rows}]', 'None')}"


def _returning(piece: Piece, result: str, otherwise: str) -> str:
    if not piece.fails:
        return f"    return {result}\n"
    return f"    try:\n        return {result}\n    except EvalError as error:\n        return {otherwise}\n"


@lru_cache(MOST_CODES)
def _code(source: str, script: str, row: int, column: int) -> CodeType:
    """All of the code has the place of the lambda in its script, so that a traceback out of it shows that line."""
    code = ast.parse(source)
    for node in ast.walk(code):
        if isinstance(node, ast.stmt | ast.expr | ast.arg | ast.excepthandler):
            node.lineno = node.end_lineno = row
            node.col_offset = node.end_col_offset = column - 1
    return compile(code, script, "exec")
