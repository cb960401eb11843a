"""The tree of a Go template: frozen nodes with their places in the template's text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tickdiscord.diagnostics import NOWHERE, Span
from tickdiscord.gotext import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every node has; spans do not count when trees are compared."""

    span: Span = field(default=NOWHERE, compare=False)


# --- operands: what a command is made of ---


@dataclass(frozen=True, slots=True)
class Dot(Node):
    def __str__(self) -> str:
        return "."


@dataclass(frozen=True, slots=True)
class Nil(Node):
    def __str__(self) -> str:
        return "nil"


@dataclass(frozen=True, slots=True)
class Bool(Node):
    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(frozen=True, slots=True)
class String(Node):
    value: str
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.text or quote(self.value)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number, as each of the types that it can stand for (None where it cannot)."""

    text: str
    integer: int | None = None
    """As an `int`, 64 bits wide."""
    floating: float | None = None
    imaginary: complex | None = None
    unsigned: bool = False
    """It is an integer, but too large for an `int`."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Field(Node):
    """`.Name.Name`, taken from dot."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return _chain("", self.names)


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """`$name`, and fields taken from it; `name` has its dollar sign."""

    name: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _chain(self.name, self.names)


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A function's name; with fields behind it, it is called without arguments and they are taken from the result."""

    name: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _chain(self.name, self.names)


@dataclass(frozen=True, slots=True)
class Parenthesised(Node):
    pipeline: "Pipeline"
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _chain(f"({self.pipeline})", self.names)


Constant = Nil | Bool | String | Number
Operand = Dot | Field | Variable | Function | Parenthesised | Constant


def _chain(head: str, names: tuple[str, ...]) -> str:
    return head + "".join(f".{name}" for name in names)


@dataclass(frozen=True, slots=True)
class Command(Node):
    """An operand, or a function or method with its arguments."""

    operands: tuple[Operand, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.operands))


@dataclass(frozen=True, slots=True)
class Pipeline(Node):
    """Commands, each the last argument of the next, whose result is perhaps declared as or assigned to variables."""

    commands: tuple[Command, ...]
    names: tuple[str, ...] = ()
    assigned: bool = False
    depth: int = field(default=1, compare=False)

    def __str__(self) -> str:
        names = f"{', '.join(self.names)} {'=' if self.assigned else ':='} " if self.names else ""
        return names + " | ".join(map(str, self.commands))


# --- what a template is made of ---


@dataclass(frozen=True, slots=True)
class Text(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Action(Node):
    """A pipeline whose result is written, unless it is a declaration; `escapers` are those that html/template adds."""

    pipeline: Pipeline
    escapers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body(Node):
    items: "tuple[Item, ...]" = ()
    depth: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class If(Node):
    branches: tuple[tuple[Pipeline, Body], ...]
    otherwise: Body | None


@dataclass(frozen=True, slots=True)
class With(Node):
    branches: tuple[tuple[Pipeline, Body], ...]
    otherwise: Body | None


@dataclass(frozen=True, slots=True)
class Range(Node):
    pipeline: Pipeline
    body: Body
    otherwise: Body | None


@dataclass(frozen=True, slots=True)
class Break(Node):
    pass


@dataclass(frozen=True, slots=True)
class Continue(Node):
    pass


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`{{template "name" pipeline}}`."""

    name: str
    pipeline: Pipeline | None

    def __str__(self) -> str:
        argument = f" {self.pipeline}" if self.pipeline else ""
        return f"{{{{template {quote(self.name)}{argument}}}}}"


@dataclass(frozen=True, slots=True)
class Block(Node):
    """`{{block "name" pipeline}}`: a definition and a call of it in one."""

    name: str
    pipeline: Pipeline
    body: Body
    depth: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{{{{template {quote(self.name)} {self.pipeline}}}}}"


Item = Text | Action | If | With | Range | Break | Continue | Call | Block


@dataclass(frozen=True, slots=True)
class Definition(Node):
    name: str
    body: Body


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """A template and those that are defined in it, by name."""

    name: str
    bodies: dict[str, Body]


def walk(body: Body | None) -> Iterator[Item]:
    """All items of a body, also the nested ones, in the order of the text."""
    for item in body.items if body else ():
        yield item
        match item:
            case If(branches=branches, otherwise=otherwise) | With(branches=branches, otherwise=otherwise):
                for _, inner in branches:
                    yield from walk(inner)
                yield from walk(otherwise)
            case Range(body=inner, otherwise=otherwise):
                yield from walk(inner)
                yield from walk(otherwise)
            case Block(body=inner):
                yield from walk(inner)
            case _:
                pass
