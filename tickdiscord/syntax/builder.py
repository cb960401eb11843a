"""Makes tree nodes of what the grammar recognises: one method a rule, called by the parser as it reduces."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tickdiscord.diagnostics import Span
from tickdiscord.syntax import literals, tree
from tickdiscord.syntax.literals import span
from tickdiscord.syntax.scanner import Token, joined

Part = Token | tree.Expression


class Builder:
    """One method for each rule of the grammar; its arguments are the tokens and nodes of the rule, in order.

    Comments: Kapacitor keeps one with the node that begins behind it, with a link of a chain if it stands before the
    `|`, `.` or `@`, and with the whole of a binary operation if it stands before the operator. Those that Kapacitor
    loses (within a declaration, before a unary operator, behind a function's name) stay with the node as well.

    Raises:
        DiagnosticError: from `literals`, where a literal means nothing.
    """

    def program(self, *statements: tree.Statement) -> tree.Program:
        return tree.Program(statements)

    def formula(self, expression: tree.Expression) -> tree.Expression:
        return expression

    def declaration(self, var: Token, name: Token, _equal: Token, value: tree.Expression) -> tree.Declaration:
        whole, comment = span(var).to(value.span), joined(var.comment, name.comment)
        return tree.Declaration(name.text, value, span(name), span=whole, comment=comment)

    def typed_declaration(self, var: Token, name: Token, type: Token) -> tree.TypedDeclaration:
        whole, comment = span(var).to(span(type)), joined(var.comment, name.comment, type.comment)
        return tree.TypedDeclaration(name.text, type.text, span(name), span(type), span=whole, comment=comment)

    def dbrp(self, dbrp: Token, database: Token, dot: Token, policy: Token) -> tree.Dbrp:
        names = literals.reference(database).name, literals.reference(policy).name
        comment = joined(dbrp.comment, database.comment, dot.comment, policy.comment)
        return tree.Dbrp(*names, span=span(dbrp).to(span(policy)), comment=comment)

    def expression_statement(self, expression: tree.Expression) -> tree.ExpressionStatement:
        return tree.ExpressionStatement(expression, span=expression.span)

    def lambda_(self, keyword: Token, expression: tree.Expression) -> tree.Lambda:
        return tree.Lambda(expression, span=span(keyword).to(expression.span), comment=keyword.comment)

    def list(self, opening: Token, *parts: Part) -> tree.List:
        return tree.List(_nodes(parts), span=Span(opening.start, _end(parts)), comment=opening.comment)

    def chain(self, left: tree.Expression, operator: Token, right: tree.Function | tree.Identifier) -> tree.Chain:
        whole = left.span.to(right.span)
        return tree.Chain(left, operator.text, right, span(operator), span=whole, comment=operator.comment)

    def function(self, name: Token, opening: Token, *parts: Part) -> tree.Function:
        args = _nodes(parts)
        multiline = bool(args) and _has_line_break(name, name.start, _position(args[-1]))
        whole, comment = Span(name.start, _end(parts)), joined(name.comment, opening.comment)
        return tree.Function(name.text, args, span(name), multiline, span=whole, comment=comment)

    def binary(self, left: tree.Expression, operator: Token, right: tree.Expression) -> tree.Binary:
        return tree.Binary(
            operator.text,
            left,
            right,
            multiline=_has_line_break(operator, _position(left), _position(right)),
            operator_span=span(operator),
            span=left.span.to(right.span),
            comment=operator.comment,
        )

    def unary(self, operator: Token, operand: tree.Expression) -> tree.Unary:
        whole = span(operator).to(operand.span)
        return tree.Unary(operator.text, operand, span=whole, comment=operator.comment)

    def parenthesised(self, opening: Token, inner: tree.Expression, closing: Token) -> tree.Expression:
        comment = joined(opening.comment, inner.comment)
        if isinstance(inner, tree.Binary):
            return replace(inner, parens=True, span=span(opening).to(span(closing)), comment=comment)
        return replace(inner, comment=comment) if opening.comment else inner

    def integer(self, token: Token) -> tree.Integer:
        return literals.integer(token)

    def float(self, token: Token) -> tree.Float:
        return literals.float_(token)

    def duration(self, token: Token) -> tree.Duration:
        return literals.duration(token)

    def string(self, token: Token) -> tree.String:
        return literals.string(token)

    def bool(self, token: Token) -> tree.Bool:
        return tree.Bool(token.text == "TRUE", span=span(token), comment=token.comment)

    def regex(self, token: Token) -> tree.Regex:
        return literals.regex_(token)

    def reference(self, token: Token) -> tree.Reference:
        return literals.reference(token)

    def identifier(self, token: Token) -> tree.Identifier:
        return tree.Identifier(token.text, span=span(token), comment=token.comment)

    def star(self, token: Token) -> tree.Star:
        return tree.Star(span=span(token), comment=token.comment)


class Callbacks:
    """The builder as Lark wants it: what stands in a rule comes as one list; an unknown rule has no attribute."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def __getattr__(self, rule: str) -> Callable[[Sequence[object]], object]:
        method: Callable[..., object] = getattr(self._builder, rule)
        return lambda parts: method(*parts)


def _nodes(parts: tuple[Part, ...]) -> tuple[tree.Expression, ...]:
    return tuple(part for part in parts if not isinstance(part, Token))


def _end(parts: tuple[Part, ...]) -> int:
    last = parts[-1]
    return last.end if isinstance(last, Token) else last.span.end


def _position(node: tree.Expression) -> int:
    """Where Kapacitor says that a node is: its operator, if it has one between two others, else its beginning."""
    return node.operator_span.start if isinstance(node, tree.Binary | tree.Chain) else node.span.start


def _has_line_break(token: Token, start: int, end: int) -> bool:
    return token.script.find("\n", start, end) >= 0
