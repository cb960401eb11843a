"""From a script's syntax tree to its pipeline: statements one by one, all of their mistakes at once."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity, Source, Span, error, warning
from tickdiscord.nodes.deadman import Deadman
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.settings import NodeSettings
from tickdiscord.nodes.source import Queries, Stream
from tickdiscord.pipeline.chain import NOT_SUPPORTED, chained, with_property
from tickdiscord.pipeline.pipeline import Dbrp, Pipeline
from tickdiscord.pipeline.variables import (
    BROKEN,
    LITERALS,
    NOT_A_VALUE,
    BrokenError,
    Cursor,
    Meaning,
    Names,
    constant,
)
from tickdiscord.properties import COUNT, MISMATCH, Argument, NodeRef, kind_of
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import read

REDEFINED = "TD111"
UNFILLED = "TD114"
WRONG_TYPE = "TD115"
NO_PIPELINE = "TD116"
NOT_A_NODE = "TD117"
BATCH = "TD118"
TWICE = "TD119"
ELSEWHERE = "TD191"

SOURCES: Mapping[str, type[Stream | Queries]] = {"stream": Stream, "batch": Queries}
"""What a pipeline may begin with, by the name that the script says."""

Vars = Mapping[str, tree.Expression]
"""Values for a script's vars from outside of it, as literals."""

NO_SETTINGS = NodeSettings()

DECLARED = re.compile(r"\bvar\s+(\w+)")
"""A declaration, as far as it can be seen where the script cannot be read."""

TYPES = ("bool", "int", "float", "string", "duration", "regex", "lambda", "list", "star")
PLACEHOLDERS: Mapping[str, tree.Expression] = {
    "bool": tree.Bool(True),
    "int": tree.Integer(1),
    "float": tree.Float(1.0),
    "string": tree.String("value"),
    "duration": tree.Duration(1_000_000_000, "1s"),
    "regex": tree.Regex("."),
    "lambda": tree.Lambda(tree.Bool(True)),
    "list": tree.List((tree.String("value"),)),
    "star": tree.Star(),
}
"""What stands for a declared var that nobody has filled, where a script is only checked."""


def load_text(
    text: str,
    task: str,
    name: str,
    vars: Vars | None = None,
    *,
    unfilled: bool = False,
    settings: NodeSettings = NO_SETTINGS,
) -> Pipeline:
    """The pipeline of a script. `task` is the task's name, `name` the file's, `vars` fill its declarations.

    With `unfilled`, declarations without a value are taken as they are. `settings` are the configuration's.

    Raises:
        DiagnosticError: with every mistake that was found, each with its place.
    """
    program, problems = read(text, name)
    return load_program(
        program, Source(name, text), task, vars, unfilled=unfilled, settings=settings, problems=problems
    )


def load_program(
    program: tree.Program,
    source: Source,
    task: str,
    vars: Vars | None = None,
    *,
    unfilled: bool = False,
    settings: NodeSettings = NO_SETTINGS,
    problems: Sequence[Diagnostic] = (),
) -> Pipeline:
    """The same of a script that has been read already; `problems` are its syntax errors.

    Raises:
        DiagnosticError: with every mistake that was found, each with its place.
    """
    try:
        return Evaluation(source, task, vars or {}, unfilled, settings, problems).run(program)
    except DiagnosticError as problem:
        raise DiagnosticError(*_in_order(problem.within(source).diagnostics, source)) from None


def _in_order(problems: Sequence[Diagnostic], source: Source) -> list[Diagnostic]:
    """As they stand in the script; those of other files come first."""
    return sorted(problems, key=lambda each: each.span.start if each.span and each.source == source else -1)


class Evaluation:
    """The evaluation of one script; `problems` are its syntax errors, if there are any."""

    def __init__(
        self,
        source: Source,
        task: str,
        vars: Vars,
        unfilled: bool,
        settings: NodeSettings,
        problems: Sequence[Diagnostic] = (),
    ) -> None:
        self._source = source
        self._task = task
        self._vars = vars
        self._unfilled = unfilled
        self._settings = settings
        self._source_node: Stream | Queries | None = None
        """What the script begins with; it is known when the script first says it."""
        self._nodes: list[Node] = []
        self._count = 0
        self._names = Names({})
        self._dbrps: list[Dbrp] = []
        self._problems: list[Diagnostic] = list(problems)
        self._unfinished: set[Node] = set()
        """Nodes of which a property is wrong: what they lack is not to blame then."""

    def run(self, program: tree.Program) -> Pipeline:
        if self._problems:
            self._expect_gaps(program)
        for statement in program.statements:
            try:
                self._statement(statement)
            except DiagnosticError as problem:
                self._problems += problem.diagnostics
            except BrokenError:
                pass
        source = self._source_node
        if source is not None and self._settings.deadman.everywhere and len(self._nodes) > 1:
            self._watch(source)
        found = [problem for node in self._nodes if node not in self._unfinished for problem in node.check()]
        warnings = [each.within(self._source) for each in found if each.severity != Severity.ERROR]
        self._problems += [each for each in found if each.severity == Severity.ERROR]
        if self._problems:
            raise DiagnosticError(*self._problems)
        if len(self._nodes) < 2:
            raise error(NO_PIPELINE, "the script has no pipeline", Span(0, 0), "begin with `stream|from()`")
        variables = tuple(name for name in self._names.all() if name not in SOURCES)
        made = Pipeline(self._task, self._source, program, tuple(self._nodes), tuple(self._dbrps), variables)
        return dataclasses.replace(made, warnings=(*warnings, *self._seen_twice(made), *self._elsewhere(made)))

    def _expect_gaps(self, program: tree.Program) -> None:
        """Where there are syntax errors, names that they hide are not undefined."""
        whole = {each.name for each in program.statements if isinstance(each, tree.Declaration | tree.TypedDeclaration)}
        for name in {"", *DECLARED.findall(self._source.text)} - whole:
            self._names.put(name, BROKEN)

    def _seen_twice(self, pipeline: Pipeline) -> Iterator[Diagnostic]:
        for node in pipeline.nodes:
            if pipeline.seen_twice and isinstance(node, From) and not node.measurement:
                names = ", ".join(f"`{name}`" for name in sorted(pipeline.seen_twice))
                yield warning(
                    TWICE,
                    f"Kapacitor hands every point of {names} to this task twice, and so does tickdiscord",
                    node.span,
                    "it does so where one `|from()` names a measurement and another none: name one here as well",
                    self._source,
                )

    def _elsewhere(self, pipeline: Pipeline) -> Iterator[Diagnostic]:
        """Queries of other databases than the script declares (Kapacitor: `checkDBRPs`)."""
        declared = {(each.database, each.retention_policy) for each in pipeline.dbrps}
        for node in pipeline.queries if declared else ():
            for place in node.databases:
                if (place.database, place.retention_policy) not in declared:
                    yield warning(
                        ELSEWHERE,
                        f"Kapacitor does not let this task query `{place.database}`.`{place.retention_policy}`",
                        node.span,
                        f'declare it: dbrp "{place.database}"."{place.retention_policy}"',
                        self._source,
                    )

    def _statement(self, statement: tree.Statement) -> None:
        match statement:
            case tree.Declaration(name=name, value=value):
                self._new(name, statement.name_span)
                self._names.put(name, BROKEN)
                meaning = self._value(value)
                self._names.put(name, self._overridden(name, meaning, statement.name_span))
            case tree.TypedDeclaration():
                self._new(statement.name, statement.name_span)
                self._names.put(statement.name, BROKEN)
                self._names.put(statement.name, self._filled(statement))
            case tree.Dbrp():
                self._dbrps.append(Dbrp(statement.database, statement.retention_policy))
            case tree.ExpressionStatement():
                self._value(statement.expression)

    def _watch(self, source: Stream | Queries) -> None:
        """The deadman that the configuration gives to every task (Kapacitor: `[deadman] global`)."""
        deadman = Deadman(threshold=self._settings.deadman.threshold, interval=self._settings.deadman.interval)
        deadman.link(source)
        self._added(deadman)

    def _new(self, name: str, span: Span) -> None:
        if name in self._names or name in SOURCES:
            raise error(REDEFINED, f"`{name}` is defined already, and vars do not change", span)

    def _overridden(self, name: str, meaning: Meaning, span: Span) -> Meaning:
        """The value from outside for a var that the script gives a value too; the types must agree."""
        given = self._vars.get(name)
        if given is None or not isinstance(meaning, (*LITERALS, tree.Lambda, tree.List, tree.Star)):
            return meaning
        _same_type(name, kind_of(meaning), given, span)
        return given

    def _filled(self, declared: tree.TypedDeclaration) -> tree.Expression:
        if declared.type not in TYPES:
            raise error(WRONG_TYPE, f"there is no type `{declared.type}`", declared.type_span, ", ".join(TYPES))
        given = self._vars.get(declared.name)
        if given is not None:
            _same_type(declared.name, "*" if declared.type == "star" else declared.type, given, declared.name_span)
            return given
        if not self._unfilled:
            raise error(
                UNFILLED,
                f"`{declared.name}` has no value",
                declared.name_span,
                f"give one of type {declared.type}: --var {declared.name}=… or --vars FILE",
            )
        return dataclasses.replace(PLACEHOLDERS[declared.type], span=declared.name_span)

    def _value(self, expression: tree.Expression) -> tree.Expression | Cursor:
        """What an expression stands for: a literal, a lambda, a list, or a node."""
        match expression:
            case tree.Identifier():
                return self._begun(expression) if expression.name in SOURCES else self._names.get(expression)
            case tree.Lambda(expression=inner):
                return dataclasses.replace(expression, expression=self._names.substituted(inner))
            case tree.List(items=items):
                return dataclasses.replace(expression, items=tuple(map(self._item, items)))
            case tree.Unary() | tree.Binary():
                return constant(self._names.substituted(expression), self._names.all())
            case tree.Chain():
                return self._chain(expression)
            case tree.Function(name="time"):
                return self._time(expression)
            case tree.Function():
                raise error(
                    NOT_A_NODE,
                    f"`{expression.name}()` stands alone",
                    expression.name_span,
                    "functions are called in lambdas; a node stands behind another: `stream|from()`",
                )
            case _:
                return expression

    def _begun(self, identifier: tree.Identifier) -> Cursor:
        """The source of the task, `stream` or `batch` (Kapacitor: a task has a type, and sees one of the names)."""
        if self._source_node is None:
            self._source_node = SOURCES[identifier.name]()
            self._added(self._source_node)
            self._names.put(identifier.name, Cursor(self._source_node))
        if self._source_node.kind != identifier.name:
            raise error(
                BATCH,
                f"the script begins with `{self._source_node.kind}`, so there is no `{identifier.name}`",
                identifier.span,
                "a task is either of a stream or of batches; make two scripts of it",
            )
        return Cursor(self._source_node)

    def _time(self, call: tree.Function) -> tree.Function:
        """The `time(1m)` of a `.groupBy()`, with its arguments in their places (Kapacitor: `groupByTime`)."""
        args = tuple(map(self._item, call.args))
        if not 1 <= len(args) <= 2:
            raise error(COUNT, f"`time()` wants 1 to 2 arguments, got {len(args)}", call.span, "write `time(1m)`")
        for each in args:
            if not isinstance(each, tree.Duration):
                raise error(MISMATCH, f"`time()` wants a duration, got a {kind_of(each)}", each.span, "for example 1m")
        return dataclasses.replace(call, args=args)

    def _item(self, item: tree.Expression) -> tree.Expression:
        meaning = self._value(item)
        if isinstance(meaning, Cursor):
            raise error(NOT_A_VALUE, "a list holds no nodes", item.span)
        return meaning

    def _chain(self, chain: tree.Chain) -> Cursor:
        links: list[tree.Chain] = []
        left: tree.Expression = chain
        while isinstance(left, tree.Chain):
            links.append(left)
            left = left.left
        cursor = self._value(left)
        if not isinstance(cursor, Cursor):
            raise error(
                NOT_A_NODE,
                f"`{links[-1].operator}` stands behind a node, and this is a {kind_of(cursor)}",
                left.span,
            )
        for link in reversed(links):
            cursor = self._link(cursor, link)
        return cursor

    def _link(self, cursor: Cursor, link: tree.Chain) -> Cursor:
        call = link.right
        if isinstance(call, tree.Identifier):
            raise error(NOT_A_NODE, f"`{call.name}` needs parentheses", call.span, f"write `{call.name}()`")
        if link.operator == "@":
            raise error(
                NOT_SUPPORTED,
                f"the user defined function `@{call.name}()` is not supported",
                call.name_span,
                "a UDF is a process of its own that only Kapacitor can run",
            )
        given = [self._argument(each) for each in call.args]
        if link.operator == ".":
            try:
                return with_property(cursor, call, given, self._place(call))
            except DiagnosticError:
                self._unfinished.add(cursor.node)
                raise
        return Cursor(self._added(chained(cursor, call, given)))

    def _added(self, node: Node) -> Node:
        """Add what a node stands for to the pipeline; gives the node that others are to stand behind."""
        made = node.expand(self._settings)
        for each in made:
            each.number = self._count
            self._count += each.count
        self._nodes += made
        return made[-1]

    def _argument(self, expression: tree.Expression) -> Argument:
        """An argument as nodes and handlers take it; it stands where the call is, wherever its value comes from."""
        meaning = self._value(expression)
        if isinstance(meaning, Cursor):
            return NodeRef(meaning.node, expression.span)
        if isinstance(expression, tree.Identifier) and isinstance(meaning, (*LITERALS, tree.List, tree.Star)):
            return dataclasses.replace(meaning, span=expression.span)
        return meaning

    def _place(self, call: tree.Function) -> Span:
        """Where the text of a property's value stands: the literal, even if a var carries it here."""
        if not call.args:
            return call.span
        first = call.args[0]
        if isinstance(first, tree.Identifier):
            meaning = self._names.get(first)
            if isinstance(meaning, tree.String) and meaning.span.end > meaning.span.start:
                return meaning.span
        return first.span


def _same_type(name: str, wanted: str, given: tree.Expression, span: Span) -> None:
    if kind_of(given) != wanted:
        raise error(WRONG_TYPE, f"`{name}` is of type {wanted}, and the value given is a {kind_of(given)}", span)
