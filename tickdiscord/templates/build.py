"""Makes the tree of a template while Lark parses it, from the leaves up, so that no depth of nesting can hurt."""

from collections.abc import Callable, Sequence
from typing import Any

from lark import Token, Transformer

from tickdiscord import gotext
from tickdiscord.diagnostics import Span
from tickdiscord.templates import numbers, tree

DEEPEST = 60
"""How deep conditions, loops and parentheses may be nested in one another."""


class Misuse(Exception):
    """A piece of the text that the grammar lets pass, but that means nothing."""

    def __init__(self, span: Span, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.span = span
        self.message = message
        self.hint = hint


Children = Sequence[Any]


class Build(Transformer[Token, Any]):
    """One method for each rule of the grammar; used for all templates at once, so it keeps nothing."""

    # --- what a template is made of ---

    def template(self, children: Children) -> tuple[tree.Body, list[tree.Definition]]:
        items = [child for child in children if not isinstance(child, tree.Definition)]
        return self.body(items), [child for child in children if isinstance(child, tree.Definition)]

    def body(self, children: Children) -> tree.Body:
        span = children[0].span.to(children[-1].span) if children else Span(0, 0)
        return tree.Body(tuple(children), max(map(_depth, children), default=0), span=span)

    def text(self, children: Sequence[Token]) -> tree.Text:
        return tree.Text(str(children[0]), span=_span(children[0]))

    def action(self, children: Sequence[tree.Pipeline]) -> tree.Action:
        return tree.Action(children[0], span=children[0].span)

    def if_else(self, children: Children) -> tree.If:
        return tree.If(*_branches(children), span=children[0].span)

    def with_else(self, children: Children) -> tree.With:
        return tree.With(*_branches(children), span=children[0].span)

    def else_branch(self, children: Children) -> tuple[tree.Pipeline, tree.Body]:
        return children[0], children[1]

    else_with = else_branch

    def range(self, children: Children) -> tree.Range:
        pipeline, body, otherwise = children
        _check_depth(pipeline, body, otherwise)
        return tree.Range(pipeline, body, otherwise, span=pipeline.span)

    def break_loop(self, children: Sequence[Token]) -> tree.Break:
        return tree.Break(span=_span(children[0]))

    def continue_loop(self, children: Sequence[Token]) -> tree.Continue:
        return tree.Continue(span=_span(children[0]))

    def definition(self, children: Children) -> tree.Definition:
        return tree.Definition(_unquoted(children[0]), children[1], span=_span(children[0]))

    def block(self, children: Children) -> tree.Block:
        name, pipeline, body = children
        return tree.Block(_unquoted(name), pipeline, body, body.depth, span=_span(name))

    def call(self, children: Children) -> tree.Call:
        return tree.Call(_unquoted(children[0]), children[1], span=_span(children[0]))

    # --- pipelines ---

    def pipeline(self, children: Children) -> tree.Pipeline:
        name, sign, *commands = children
        return _pipeline(() if name is None else (name,), sign, commands)

    def range_pipeline(self, children: Children) -> tree.Pipeline:
        first, second, sign, *commands = children
        return _pipeline((first, second), sign, commands)

    def command(self, children: Sequence[tree.Operand]) -> tree.Command:
        return tree.Command(tuple(children), span=children[0].span.to(children[-1].span))

    # --- operands ---

    def dot(self, children: Sequence[Token]) -> tree.Dot:
        return tree.Dot(span=_span(children[0]))

    def nil(self, children: Sequence[Token]) -> tree.Nil:
        return tree.Nil(span=_span(children[0]))

    def bool(self, children: Sequence[Token]) -> tree.Bool:
        return tree.Bool(children[0] == "true", span=_span(children[0]))

    def field(self, children: Sequence[Token]) -> tree.Field:
        return tree.Field(_names(children[0]), span=_span(children[0]))

    def variable(self, children: Children) -> tree.Variable:
        name, chain = children
        return tree.Variable(str(name), _names(chain), span=_over(name, chain))

    def function(self, children: Children) -> tree.Function:
        name, chain = children
        return tree.Function(str(name), _names(chain), span=_over(name, chain))

    def parenthesised(self, children: Children) -> tree.Parenthesised:
        opening, pipeline, chain = children
        _check_depth(pipeline)
        return tree.Parenthesised(pipeline, _names(chain), span=_over(opening, chain).to(pipeline.span))

    def string(self, children: Sequence[Token]) -> tree.String:
        return tree.String(_unquoted(children[0]), str(children[0]), span=_span(children[0]))

    def number(self, children: Sequence[Token]) -> tree.Number:
        return _number(children[0], numbers.number)

    def character(self, children: Sequence[Token]) -> tree.Number:
        return _number(children[0], numbers.character)


def _branches(children: Children) -> tuple[tuple[tuple[tree.Pipeline, tree.Body], ...], tree.Body | None]:
    pipeline, body, *others, otherwise = children
    branches = ((pipeline, body), *others)
    _check_depth(*(part for branch in branches for part in branch), otherwise)
    return branches, otherwise


def _check_depth(*parts: tree.Body | tree.Pipeline | None) -> None:
    for part in parts:
        if part is not None and part.depth >= DEEPEST:
            raise Misuse(part.span, f"nested more than {DEEPEST} levels deep", "move the inner part into a `define`")


def _pipeline(names: tuple[Token, ...], sign: Token | None, commands: list[tree.Command]) -> tree.Pipeline:
    depth = 1 + max(_depth(operand) for command in commands for operand in command.operands)
    span = commands[0].span.to(commands[-1].span)
    return tree.Pipeline(tuple(commands), tuple(map(str, names)), sign == "=", depth, span=span)


def _number(token: Token, read: Callable[[str, Span], tree.Number]) -> tree.Number:
    try:
        return read(str(token), _span(token))
    except ValueError as problem:
        raise Misuse(_span(token), f"`{_short(token)}` is no number here: {problem}") from None


def _depth(node: object) -> int:
    match node:
        case tree.If(branches=branches, otherwise=otherwise) | tree.With(branches=branches, otherwise=otherwise):
            inner = max(max(pipeline.depth, body.depth) for pipeline, body in branches)
            return 1 + max(inner, otherwise.depth if otherwise else 0)
        case tree.Range(pipeline=pipeline, body=body, otherwise=otherwise):
            return 1 + max(pipeline.depth, body.depth, otherwise.depth if otherwise else 0)
        case tree.Block(depth=depth):
            return depth
        case tree.Action(pipeline=pipeline) | tree.Parenthesised(pipeline=pipeline):
            return pipeline.depth
        case tree.Call(pipeline=tree.Pipeline() as pipeline):
            return pipeline.depth
        case _:
            return 0


def _span(token: Token) -> Span:
    start = token.start_pos or 0
    return Span(start, start + len(token))


def _over(head: Token, chain: Token | None) -> Span:
    return _span(head) if chain is None else _span(head).to(_span(chain))


def _names(chain: Token | None) -> tuple[str, ...]:
    return () if chain is None else tuple(chain[1:].split("."))


def _short(token: str) -> str:
    return token if len(token) <= 40 else token[:39] + "…"


def _unquoted(token: Token) -> str:
    try:
        return gotext.unquote(str(token))
    except ValueError:
        raise Misuse(_span(token), f"bad escape in the string {_short(token)}") from None
