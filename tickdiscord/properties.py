"""How nodes and handlers declare what a script may say to them, once, for everyone who asks.

A node or handler is a dataclass. Each of its fields is declared with one of the functions below (`argument`, `value`,
`flag`, `listed`, `repeated`, …), which say the types, the default and one sentence of documentation. The pipeline calls
`apply` for every `.name(arguments)` of a script; the documentation and the editor read `properties_of`.
"""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Span, did_you_mean, error
from tickdiscord.syntax import tree

T = TypeVar("T")
S = TypeVar("S")

MISMATCH = "TD101"
"""Code of an argument with the wrong type."""
COUNT = "TD102"
"""Code of a call with the wrong number of arguments."""
UNKNOWN_PROPERTY = "TD103"


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A node given as an argument, as in `|join(other)`; `node` is opaque to this module."""

    node: object
    span: Span


Argument = tree.Expression | NodeRef
"""What an argument of a call is once the script's vars are in their places: a literal, or a node."""


@dataclass(frozen=True, slots=True)
class Type(Generic[T]):
    """A type of argument: its name in messages, and how a literal becomes a Python value (None if it is no such)."""

    name: str
    read: Callable[[Argument], T | None]
    example: str


def _text(a: Argument) -> str | None:
    return a.value if isinstance(a, tree.String) else None


def _integer(a: Argument) -> int | None:
    return a.value if isinstance(a, tree.Integer) else None


def _float(a: Argument) -> float | None:
    return a.value if isinstance(a, tree.Float) else None


def _bool(a: Argument) -> bool | None:
    return a.value if isinstance(a, tree.Bool) else None


def _duration(a: Argument) -> int | None:
    return a.value if isinstance(a, tree.Duration) else None


def _lambda(a: Argument) -> tree.Lambda | None:
    return a if isinstance(a, tree.Lambda) else None


def _node(a: Argument) -> NodeRef | None:
    return a if isinstance(a, NodeRef) else None


def _literal(a: Argument) -> bool | int | float | str | None:
    return a.value if isinstance(a, tree.String | tree.Integer | tree.Float | tree.Bool) else None


@dataclass(frozen=True, slots=True)
class TimeDimension:
    """Groups of time, as `time(1m)` and `time(1m, 10s)` write them; in nanoseconds."""

    length: int
    offset: int = 0


def _dimension(a: Argument) -> tuple[str | TimeDimension, ...] | None:
    match a:
        case tree.Duration(value=length):
            return (TimeDimension(length),)
        case tree.Function(name="time", args=(tree.Duration(value=length), *rest)):
            return (TimeDimension(length, *(each.value for each in rest if isinstance(each, tree.Duration))),)
        case tree.List(items=items):
            found = [_dimension(item) for item in items]
            return None if None in found else tuple(name for item in found if item for name in item)
        case _:
            return _tag(a)


def _tag(a: Argument) -> tuple[str, ...] | None:
    if isinstance(a, tree.Star):
        return ("*",)
    if isinstance(a, tree.String):
        return (a.value,)
    if isinstance(a, tree.List):
        items = [_tag(item) for item in a.items]
        return None if None in items else tuple(name for item in items if item for name in item)
    return None


STRING: Type[str] = Type("string", _text, "'text'")
INTEGER: Type[int] = Type("int", _integer, "10")
FLOAT: Type[float] = Type("float", _float, "0.5")
BOOL: Type[bool] = Type("bool", _bool, "TRUE")
DURATION: Type[int] = Type("duration", _duration, "5m")
LAMBDA: Type[tree.Lambda] = Type("lambda", _lambda, 'lambda: "value" > 10')
LITERAL: Type[bool | int | float | str] = Type("int, float, string or bool", _literal, "0")
NODE: Type[NodeRef] = Type("node", _node, "other")
TAGS: Type[tuple[str, ...]] = Type("tag name, list of tag names or *", _tag, "'host'")

DIMENSION: Type[tuple[str | TimeDimension, ...]] = Type(
    "tag name, list of tag names, * or time", _dimension, "time(1m)"
)


def one_of(first: Type[T], second: Type[S]) -> "Type[T | S]":
    """Either of two types."""

    def read(a: Argument) -> "T | S | None":
        found = first.read(a)
        return second.read(a) if found is None else found

    return Type(f"{first.name} or {second.name}", read, first.example)


@dataclass(frozen=True, slots=True)
class Property:
    """One declared property (or positional argument) of a node or handler.

    `required` types come first, `optional` ones may be left out, `rest` may come any number of times. `fold` makes
    the new value of the attribute from the old one and the converted arguments.
    """

    name: str
    attribute: str
    doc: str
    required: tuple[Type[Any], ...]
    optional: tuple[Type[Any], ...]
    rest: Type[Any] | None
    fold: Callable[[Any, tuple[Any, ...]], Any]
    default: Any
    positional: bool
    check: Callable[[Any], str] | None
    repeatable: bool = False
    """Whether each call adds to the ones before; else the last one wins."""

    def calls(self, value: object) -> Sequence[Sequence[object]]:
        """The arguments of the calls that give the attribute this value: what `fold` makes, taken apart again."""
        if self.repeatable:
            return cast("Sequence[Sequence[object]]", value)
        if isinstance(value, tuple):
            return (cast("tuple[object, ...]", value),)
        return ((value,),) if self.required or (self.optional and value) else ((),)

    def signature(self) -> str:
        """The call as documentation shows it: `flapping(float, float)`."""
        shown = [t.name for t in self.required] + [f"[{t.name}]" for t in self.optional]
        return f"{self.name}({', '.join([*shown, f'{self.rest.name}…'] if self.rest else shown)})"


def _property(
    *,
    doc: str,
    default: object,
    required: tuple[Type[Any], ...] = (),
    optional: tuple[Type[Any], ...] = (),
    rest: Type[Any] | None = None,
    fold: Callable[[Any, tuple[Any, ...]], Any] = lambda _, got: got,
    name: str = "",
    positional: bool = False,
    check: Callable[[Any], str] | None = None,
    repeatable: bool = False,
) -> Any:
    declared = Property(name, "", doc, required, optional, rest, fold, default, positional, check, repeatable)
    return dataclasses.field(default=default, metadata={"property": declared})


def _last(_: object, got: tuple[object, ...]) -> object:
    return got[0]


def value(type: Type[T], default: T, doc: str, *, name: str = "", check: Callable[[T], str] | None = None) -> T:
    """A property with one argument; the last call wins. `check` returns what is wrong with a value, or nothing."""
    return cast("T", _property(doc=doc, default=default, required=(type,), fold=_last, name=name, check=check))


def maybe(type: Type[T], doc: str, *, name: str = "", check: Callable[[T], str] | None = None) -> T | None:
    """Like `value`, but None when the script does not say it."""
    return cast("T | None", _property(doc=doc, default=None, required=(type,), fold=_last, name=name, check=check))


def flag(doc: str, *, name: str = "") -> bool:
    """A property without arguments that switches something on."""
    return cast("bool", _property(doc=doc, default=False, fold=lambda _, __: True, name=name))


def switch(doc: str, type: Type[T], absent: T, *, name: str = "") -> T | None:
    """A property with one optional argument: None when not said, `absent` when said without it."""

    def fold(_: object, got: tuple[T, ...]) -> T:
        return got[0] if got else absent

    return cast("T | None", _property(doc=doc, default=None, optional=(type,), fold=fold, name=name))


def listed(type: Type[T], doc: str, *, name: str = "", least: int = 0) -> tuple[T, ...]:
    """A property with any number of arguments of one type; the last call wins."""
    return cast("tuple[T, ...]", _property(doc=doc, default=(), required=(type,) * least, rest=type, name=name))


def repeated(
    *types: Type[Any], doc: str, rest: Type[Any] | None = None, name: str = ""
) -> "tuple[tuple[Any, ...], ...]":
    """A property that may be called several times; keeps the arguments of every call."""

    def fold(old: tuple[object, ...], got: tuple[object, ...]) -> tuple[object, ...]:
        return (*old, got)

    return cast(
        "tuple[tuple[Any, ...], ...]",
        _property(doc=doc, default=(), required=types, rest=rest, fold=fold, name=name, repeatable=True),
    )


def pair(type: Type[T], doc: str, *, name: str = "", check: Callable[[Any], str] | None = None) -> tuple[T, T] | None:
    """A property with two arguments of one type; None when not said."""
    return cast("tuple[T, T] | None", _property(doc=doc, default=None, required=(type, type), name=name, check=check))


def argument(type: Type[T], doc: str, *, check: Callable[[T], str] | None = None) -> T:
    """A positional argument of the node itself: the `10s` of `|shift(10s)`."""
    return cast("T", _property(doc=doc, default=None, required=(type,), fold=_last, positional=True, check=check))


def arguments(type: Type[T], doc: str, *, least: int = 0) -> tuple[T, ...]:
    """All positional arguments of the node itself, of one type."""
    return cast("tuple[T, ...]", _property(doc=doc, default=(), required=(type,) * least, rest=type, positional=True))


@functools.cache
def properties_of(declared: type) -> Mapping[str, Property]:
    """The properties of a node or handler class, by the name a script writes."""
    table: dict[str, Property] = {}
    for field in dataclasses.fields(declared):
        found = cast("Property | None", field.metadata.get("property"))
        if found is not None:
            name = found.name or camel(field.name)
            table[name] = dataclasses.replace(found, name=name, attribute=field.name)
    return MappingProxyType(table)


def camel(attribute: str) -> str:
    """The TICKscript name of a Python attribute: `as_` is `as`, `state_changes_only` is `stateChangesOnly`."""
    head, *rest = attribute.strip("_").split("_")
    return head + "".join(word.capitalize() for word in rest)


def script_name(written: str) -> str:
    """The name meant: scripts may write the first letter of a node's or property's name as a capital."""
    return written[:1].lower() + written[1:]


def apply(target: object, found: Property, call: tree.Function, given: Sequence[Argument]) -> None:
    """Carry out `.name(arguments)` on a node or handler.

    Raises:
        DiagnosticError: wrong number or type of arguments, or a value out of range.
    """
    _set(target, found, _converted(f".{call.name}()", found, call, given))


def apply_positional(target: object, call: tree.Function, given: Sequence[Argument], shown: str) -> None:
    """Give a node its own arguments, those of `|name(arguments)`."""
    wanted = [found for found in properties_of(type(target)).values() if found.positional]
    if not wanted:
        if given:
            raise error(COUNT, f"`{shown}` takes no arguments", _span(given[0]))
        return
    if len(wanted) == 1:
        _set(target, wanted[0], _converted(shown, wanted[0], call, given))
        return
    least = sum(len(found.required) for found in wanted)
    if len(given) < least:
        expected = f"wants {'at least ' if wanted[-1].rest else ''}{_count(least)}"
        raise error(COUNT, f"`{shown}` {expected}, got {len(given)}", call.span)
    rest = list(given)
    for position, found in enumerate(wanted):
        share = rest if position == len(wanted) - 1 else rest[: len(found.required)]
        _set(target, found, _converted(shown, found, call, share))
        rest = rest[len(share) :]


def unknown_property(call: tree.Function, owner: str, known: Sequence[str], hint: str = "") -> DiagnosticError:
    """The error for a property that the node or handler does not have."""
    return error(
        UNKNOWN_PROPERTY,
        f"{owner} has no property `{call.name}`",
        call.name_span,
        hint or did_you_mean(call.name, known) or f"it has: {', '.join(sorted(known))}",
    )


def _set(target: object, found: Property, converted: tuple[object, ...]) -> None:
    setattr(target, found.attribute, found.fold(getattr(target, found.attribute), converted))


def _converted(shown: str, found: Property, call: tree.Function, given: Sequence[Argument]) -> tuple[object, ...]:
    least = len(found.required)
    most = None if found.rest else least + len(found.optional)
    if len(given) < least or (most is not None and len(given) > most):
        raise error(COUNT, f"`{shown}` {_expects(found)}, got {len(given)}", call.span, _count_hint(shown, found))
    types = [*found.required, *found.optional]
    converted: list[object] = []
    problems: list[Diagnostic] = []
    for position, given_argument in enumerate(given):
        wanted = types[position] if position < len(types) else cast("Type[Any]", found.rest)
        read = wanted.read(given_argument)
        if read is None:
            problems.append(_mismatch(shown, wanted, given_argument))
        converted.append(read)
    if problems:
        raise DiagnosticError(*problems)
    wrong = found.check(converted[0] if len(found.required) == 1 else tuple(converted)) if found.check else ""
    if wrong:
        raise error("TD104", f"`{shown}` {wrong}", call.span)
    return tuple(converted)


def _expects(found: Property) -> str:
    least = len(found.required)
    if found.rest:
        return f"wants at least {_count(least)}"
    if found.optional:
        return f"wants {_count(least)} to {_count(least + len(found.optional))}"
    return f"wants {_count(least)}" if least else "takes no arguments"


def _count(number: int) -> str:
    return f"{number} argument{'' if number == 1 else 's'}"


def _count_hint(shown: str, found: Property) -> str:
    if found.positional:
        return (
            f"for example `{shown[:-1]}{', '.join(each.example for each in found.required)})`" if found.required else ""
        )
    return f"write `.{found.signature()}`"


def _mismatch(shown: str, wanted: Type[Any], got: Argument) -> Diagnostic:
    return Diagnostic(
        MISMATCH,
        f"`{shown}` wants {_article(wanted.name)}, got {_article(kind_of(got))}",
        _span(got),
        _cure(wanted, got),
    )


def _cure(wanted: Type[Any], got: Argument) -> str:
    """What to write instead, for the mistakes that people make."""
    if isinstance(got, tree.Reference) and wanted.read(tree.String("")) is not None:
        return f"a text stands in single quotes: '{got.name}'; double quotes refer to a field or tag inside a lambda"
    if isinstance(got, tree.Integer) and wanted.read(tree.Float(0.0)) is not None:
        return f"an int is not a float: write {got.value}.0"
    if isinstance(got, tree.Integer) and wanted.read(tree.Duration(0)) is not None:
        return f"a duration has a unit: {got.value}s"
    if isinstance(got, tree.String) and wanted is DURATION:
        return f"a duration stands without quotes: {got.value if got.value[:1].isdigit() else wanted.example}"
    if wanted is LAMBDA and isinstance(got, tree.Binary | tree.Bool | tree.String):
        return "a condition begins with `lambda:`"
    return f"for example {wanted.example}"


KINDS: dict[type, str] = {
    tree.Integer: "int",
    tree.Float: "float",
    tree.Duration: "duration",
    tree.String: "string",
    tree.Bool: "bool",
    tree.Regex: "regex",
    tree.Star: "*",
    tree.Reference: "reference in double quotes",
    tree.Identifier: "identifier",
    tree.List: "list",
    tree.Lambda: "lambda",
    tree.Function: "time",
    NodeRef: "node",
}


def kind_of(argument: object) -> str:
    """What a literal or node is called in messages."""
    return KINDS.get(type(argument), "expression")


def _article(noun: str) -> str:
    if noun == "*":
        return "`*`"
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _span(argument: Argument) -> Span:
    return argument.span
