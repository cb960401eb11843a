"""The syntax tree of a TICKscript: frozen nodes, each with its span.

Spans and comments do not count when trees are compared: two scripts with the same meaning are equal.
"""

from dataclasses import dataclass, field

from tickdiscord.diagnostics import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Comment:
    """The lines of a comment that stands before a node, without the `//`.

    A line that is a single line break stands for the blank lines between two comments.
    """

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every tree node has."""

    span: Span = field(default=NOWHERE, compare=False)
    comment: Comment | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Integer(Node):
    value: int
    octal: bool = False


@dataclass(frozen=True, slots=True)
class Float(Node):
    value: float
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """A duration literal; `value` is in nanoseconds, `text` as it was written (`5m`)."""

    value: int
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class String(Node):
    """A string literal; `triple` says whether it was written with `'''`."""

    value: str
    triple: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Bool(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Regex(Node):
    pattern: str


@dataclass(frozen=True, slots=True)
class Star(Node):
    pass


@dataclass(frozen=True, slots=True)
class Reference(Node):
    """`"name"`: in a lambda, a field or tag of the point."""

    name: str


@dataclass(frozen=True, slots=True)
class Identifier(Node):
    name: str


@dataclass(frozen=True, slots=True)
class List(Node):
    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`-x` or `!x`."""

    operator: str
    operand: "Expression"


PRECEDENCE = {
    operator: level
    for level, operators in enumerate(("OR", "AND", "== != =~ !~", "> >= < <=", "+ -", "* / %"))
    for operator in operators.split()
}
"""How tightly a binary operator binds; all are left-associative."""


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """An operator between two operands.

    `parens` says that the whole was written in parentheses, `multiline` that the right operand begins on a line of
    its own; both matter to the formatter only.
    """

    operator: str
    left: "Expression"
    right: "Expression"
    parens: bool = field(default=False, compare=False)
    multiline: bool = field(default=False, compare=False)
    operator_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """`lambda: expression`."""

    expression: "Expression"


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A call: in a lambda a function, in a chain a node (`|name()`), a property (`.name()`) or a UDF (`@name()`)."""

    name: str
    args: tuple["Expression", ...]
    name_span: Span = field(default=NOWHERE, compare=False)
    multiline: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """`left | right`, `left . right` or `left @ right`; left-associative, so `left` is the longer part."""

    left: "Expression"
    operator: str
    right: "Function | Identifier"
    operator_span: Span = field(default=NOWHERE, compare=False)


Expression = (
    Integer
    | Float
    | Duration
    | String
    | Bool
    | Regex
    | Star
    | Reference
    | Identifier
    | List
    | Unary
    | Binary
    | Lambda
    | Function
    | Chain
)


@dataclass(frozen=True, slots=True)
class Declaration(Node):
    """`var name = value`."""

    name: str
    value: Expression
    name_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TypedDeclaration(Node):
    """`var name type`: a value that comes from a vars file."""

    name: str
    type: str
    name_span: Span = field(default=NOWHERE, compare=False)
    type_span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Dbrp(Node):
    """`dbrp "database"."retention policy"`."""

    database: str
    retention_policy: str


@dataclass(frozen=True, slots=True)
class ExpressionStatement(Node):
    """An expression that stands alone: a pipeline."""

    expression: Expression


Statement = Declaration | TypedDeclaration | Dbrp | ExpressionStatement


@dataclass(frozen=True, slots=True)
class Program(Node):
    statements: tuple[Statement, ...]
    trailing: Comment | None = field(default=None, compare=False)
    """A comment behind the last statement."""
