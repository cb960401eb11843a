"""Where a script can be changed: its expressions and calls, each with what it stands in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tickdiscord.diagnostics import Source, Span
from tickdiscord.handlers.registry import handler_classes
from tickdiscord.lambdas.walk import children
from tickdiscord.properties import properties_of, script_name
from tickdiscord.syntax import tree
from tickdiscord.testing.mutation.grain import Grain

ALERTS = ("alert", "deadman")


@dataclass(frozen=True, slots=True)
class Script:
    """What all places of a script share. `compared`: the names that each var is compared with in lambdas."""

    source: Source
    grain: Grain
    compared: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def text(self, span: Span) -> str:
        """What is written there."""
        return self.source.text[span.start : span.end]


@dataclass(frozen=True, slots=True)
class Link:
    """A call in a chain, `|node()` or `.property()`."""

    chain: tree.Chain
    call: tree.Function

    @property
    def name(self) -> str:
        return script_name(self.call.name)

    @property
    def span(self) -> Span:
        """All of it, from the end of what it stands behind."""
        return Span(self.chain.left.span.end, self.call.span.end)


@dataclass(frozen=True, slots=True)
class Segment:
    """A node in a chain, and the properties behind it. `node` is None where a chain goes on behind a name."""

    script: Script
    node: Link | None
    properties: Sequence[Link]

    @property
    def name(self) -> str:
        return self.node.name if self.node else ""

    def owned(self, link: Link) -> Sequence[Link]:
        """The properties that belong to a handler: those behind it that it has, up to the next handler."""
        behind = self.properties[self.properties.index(link) + 1 :]
        following = next((index for index, each in enumerate(behind) if self.is_handler(each)), len(behind))
        known = properties_of(handler_classes()[link.name])
        return [each for each in behind[:following] if each.name in known]

    def is_handler(self, link: Link) -> bool:
        """Whether a call behind an alert adds a handler."""
        return self.name in ALERTS and link.name in handler_classes()

    def find(self, name: str) -> Link | None:
        """The property of a name."""
        return next((each for each in self.properties if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a lambda; `above` are the expressions around it, the nearest first."""

    script: Script
    node: tree.Expression
    above: tuple[tree.Expression, ...] = ()

    @property
    def compared_with(self) -> frozenset[str]:
        """The names on the other side of the comparison that it stands in."""
        inner = self.node
        for each in self.above:
            if isinstance(each, tree.Binary) and tree.PRECEDENCE[each.operator] in COMPARISONS:
                other = each.right if each.left is inner else each.left
                return frozenset(_names(other)) or frozenset(_names(each))
            inner = each
        return frozenset()


@dataclass(frozen=True, slots=True)
class Argument:
    """A value outside of lambdas: an argument of a call in a chain, or what a var is set to."""

    script: Script
    node: tree.Expression
    link: Link | None = None
    segment: Segment | None = None
    var: str = ""

    @property
    def compared_with(self) -> frozenset[str]:
        """The names that the var is compared with somewhere."""
        return self.script.compared.get(self.var, frozenset())


Place = Segment | Term | Argument

COMPARISONS = (tree.PRECEDENCE["=="], tree.PRECEDENCE["<"])


def places(program: tree.Program, source: Source, grain: Grain) -> Iterator[Place]:
    """All places of a script, in its order."""
    script = Script(source, grain, _compared(program))
    for statement in program.statements:
        match statement:
            case tree.Declaration(name=name, value=value):
                yield from _within(value, script, var=name)
            case tree.ExpressionStatement(expression=expression):
                yield from _within(expression, script)
            case _:
                pass


def terms(node: tree.Expression, script: Script, above: tuple[tree.Expression, ...] = ()) -> Iterator[Term]:
    """An expression of a lambda, and all of its parts."""
    yield Term(script, node, above)
    for each in children(node):
        yield from terms(each, script, (node, *above))


def _within(
    node: tree.Expression, script: Script, link: Link | None = None, segment: Segment | None = None, var: str = ""
) -> Iterator[Place]:
    match node:
        case tree.Chain():
            yield from _chain(node, script)
        case tree.Lambda(expression=expression):
            yield from terms(expression, script)
        case _:
            yield Argument(script, node, link, segment, var)
            inner = node.items if isinstance(node, tree.List) else children(node)
            for each in inner:
                yield from _within(each, script, var=var)


def _chain(chain: tree.Chain, script: Script) -> Iterator[Place]:
    links: list[Link] = []
    left: tree.Expression = chain
    while isinstance(left, tree.Chain):
        if isinstance(left.right, tree.Function):
            links.append(Link(left, left.right))
        left = left.left
    groups: list[tuple[Link | None, list[Link]]] = [(None, [])]
    for link in reversed(links):
        if link.chain.operator == ".":
            groups[-1][1].append(link)
        else:
            groups.append((link, []))
    for node, properties in groups:
        segment = Segment(script, node, properties)
        yield segment
        for link in ([node] if node else []) + properties:
            for argument in link.call.args:
                yield from _within(argument, script, link, segment)


def _compared(program: tree.Program) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    pending: list[object] = list(program.statements)
    while pending:
        node = pending.pop()
        match node:
            case tree.Declaration(value=value):
                pending.append(value)
            case tree.ExpressionStatement(expression=expression):
                pending.append(expression)
            case tree.Chain(left=left, right=right):
                pending += [left, right]
            case tree.Binary(operator=operator, left=left, right=right) if tree.PRECEDENCE[operator] in COMPARISONS:
                for side, other in ((left, right), (right, left)):
                    if isinstance(side, tree.Identifier):
                        found[side.name] |= set(_names(other))
            case tree.Binary() | tree.Unary() | tree.Function() | tree.Lambda():
                pending += children(node)
            case _:
                pass
    return {name: frozenset(names) for name, names in found.items()}


def _names(node: tree.Expression) -> Iterator[str]:
    if isinstance(node, tree.Reference):
        yield node.name
    for each in children(node):
        yield from _names(each)
