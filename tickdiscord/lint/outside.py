"""Vars whose values come from outside of a script: what depends on them is not known from the script alone."""

from collections.abc import Iterator, Mapping

from tickdiscord.diagnostics import Source, Span
from tickdiscord.lambdas.walk import postorder
from tickdiscord.pipeline.variables import rebuilt
from tickdiscord.syntax import tree

OWN = ""
"""Stands for the arguments of the node itself among the names of its properties."""


class Outside:
    """The typed declarations of a script (`var limit float`), and where they are used.

    A check takes such a var for some value of its type; no rule should draw a conclusion from that.
    """

    def __init__(self, program: tree.Program, source: Source) -> None:
        self._source = source
        self._declared = {each.name for each in program.statements if isinstance(each, tree.TypedDeclaration)}
        self._uses: Mapping[Span, frozenset[str]] = dict(_uses(program, self._declared)) if self._declared else {}

    def properties(self, node: Span) -> frozenset[str]:
        """The properties of a node that get such vars; the node is known by the place of its name."""
        return self._uses.get(node, frozenset())

    def named(self, span: Span) -> bool:
        """Whether such a var stands in this place."""
        return bool(self._declared) and self._source.text[span.start : span.end] in self._declared

    def restored(self, expression: tree.Expression) -> tree.Expression:
        """The expression with these vars as names again, in place of the values they were taken for."""
        if not self._declared:
            return expression
        stack: list[tree.Expression] = []
        for node, arity in postorder(expression):
            operands = stack[len(stack) - arity :] if arity else []
            del stack[len(stack) - arity :]
            made = rebuilt(node, operands)
            name = self._source.text[node.span.start : node.span.end] if self.named(node.span) else ""
            stack.append(tree.Identifier(name, span=node.span) if name else made)
        return stack[-1]


def _uses(program: tree.Program, declared: set[str]) -> Iterator[tuple[Span, frozenset[str]]]:
    for statement in program.statements:
        match statement:
            case tree.Declaration(value=chain) | tree.ExpressionStatement(expression=chain):
                yield from _of_chain(chain, declared)
            case _:
                pass


def _of_chain(chain: tree.Expression, declared: set[str]) -> Iterator[tuple[Span, frozenset[str]]]:
    found: set[str] = set()
    while isinstance(chain, tree.Chain):
        call = chain.right
        if isinstance(call, tree.Function):
            uses = any(_names(argument) & declared for argument in call.args)
            if chain.operator != ".":
                yield call.name_span, frozenset({*found, OWN} if uses else found)
                found = set()
            elif uses:
                found.add(call.name[:1].lower() + call.name[1:])
        chain = chain.left


def _names(argument: tree.Expression) -> set[str]:
    """The vars that an argument is, or has in a list; in a lambda they count by their types alone."""
    match argument:
        case tree.Identifier(name=name):
            return {name}
        case tree.List(items=items):
            return {name for item in items for name in _names(item)}
        case tree.Binary(left=left, right=right):
            return _names(left) | _names(right)
        case _:
            return set()
