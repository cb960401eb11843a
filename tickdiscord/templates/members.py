"""What `.Name` finds on a value: a method, a field of a struct, or an entry of a map."""

from collections.abc import Callable
from typing import Any

from tickdiscord.templates import data
from tickdiscord.templates.failure import Fault
from tickdiscord.templates.methods import METHODS, Method
from tickdiscord.templates.tree import Bool, Constant, Nil, Number, String
from tickdiscord.templates.values import (
    MAPS,
    STRUCTS,
    AnyMap,
    Duration,
    Embedded,
    Grid,
    Int,
    Maps,
    Rows,
    StringMap,
    Strings,
    Time,
    type_name,
)

WRAPPERS: dict[str, Callable[[Any], object]] = {
    "Tags": StringMap,
    "Fields": AnyMap,
    "Time": Time,
    "Duration": Duration,
    "Interval": Duration,
    "Count": Int,
    "Data": data.Result,
    "Recoverable": bool,
    "Details": str,
    "Series": Rows,
    "Columns": Strings,
    "Values": Grid,
}
"""How the fields that are not plain strings become the values of templates."""

OTHER_WRAPPERS: dict[tuple[type, str], Callable[[Any], object]] = {(data.MappedRow, "Values"): Maps}
"""Fields that are something else in one struct than in the others."""

_ID = ("Name", "TaskName", "Group", "Tags", "ServerInfo")
_MESSAGE = ("ID", "Fields", "Level", "Time", "Duration")
FIELDS: dict[type, tuple[str, ...]] = {
    data.ServerInfo: ("Hostname", "ClusterID", "ServerID"),
    data.IdData: _ID,
    data.MessageData: _ID + _MESSAGE,
    data.DetailsData: (*_ID, *_MESSAGE, "Message"),
    data.TitleData: (
        *("ID", "Message", "Level", "Time", "Duration", "Details"),
        *("Name", "TaskName", "Group", "Tags", "Fields"),
    ),
    data.AggregateData: ("Count", "Interval"),
    data.AlertData: (
        *("ID", "Message", "Details", "Time", "Duration", "Level"),
        *("Data", "PreviousLevel", "Recoverable"),
    ),
    data.Result: ("Series",),
    data.Row: ("Name", "Tags", "Columns", "Values"),
    data.MappedRow: ("Name", "Tags", "Values"),
}
"""The fields of each struct, in Go's order."""

HIDDEN: dict[type, tuple[str, ...]] = {
    data.MessageData: ("idInfo",),
    data.DetailsData: ("idInfo", "messageInfo"),
}
"""Names that exist in Kapacitor's structs, but not for templates."""


def wrapper(struct: type, name: str) -> Callable[[Any], object] | None:
    """What makes a field of a struct a value of templates, None if it is one."""
    return OTHER_WRAPPERS.get((struct, name)) or WRAPPERS.get(name)


def field_of(struct: object, name: str) -> object:
    """A field of a struct, as a template sees it."""
    value: object = getattr(struct, name)
    wrap = wrapper(type(struct), name)
    return value if wrap is None else wrap(value)


def printed_fields(struct: object) -> tuple[tuple[str, object], ...]:
    """The fields of a struct in the nesting that Kapacitor's structs have, which shows when they are printed."""
    kind = type(struct)
    if isinstance(struct, Embedded):
        return struct.fields
    if kind is data.MessageData or kind is data.DetailsData:
        inner = Embedded("kapacitor.idInfo", _pick(struct, _ID))
        outer = (("idInfo", inner), *_pick(struct, _MESSAGE))
        if kind is data.MessageData:
            return outer
        return (("messageInfo", Embedded("kapacitor.messageInfo", outer)), *_pick(struct, ("Message",)))
    return _pick(struct, FIELDS[kind])


def _pick(struct: object, names: tuple[str, ...]) -> tuple[tuple[str, object], ...]:
    return tuple((name, field_of(struct, name)) for name in names)


def get(value: object, name: str, place: int, *, held: str = "") -> object:
    """`.name` of a value, without arguments.

    `held` is the type of what held the value, where that is what Go speaks of.

    Raises:
        Fault: if there is no such member, or it needs arguments.
    """
    if value is None:
        return None
    kind = type(value)
    if kind in MAPS:
        return value.of.get(name)  # type: ignore[attr-defined]
    if kind in STRUCTS and name in FIELDS[kind]:
        return field_of(value, name)
    return _call(value, name, (), place, held)


def call(value: object, name: str, args: tuple[object, ...], place: int, *, held: str = "") -> object:
    """`.name` of a value with arguments, which are values or constants of the template.

    Raises:
        Fault: if there is no such method, or it takes other arguments.
    """
    if value is None:
        return None
    kind = type(value)
    if kind in MAPS:
        raise Fault(place, f"{name} is not a method but has arguments")
    if kind in STRUCTS and name in FIELDS[kind]:
        raise Fault(place, f"{name} has arguments but cannot be invoked as function")
    return _call(value, name, args, place, held)


def _call(value: object, name: str, args: tuple[object, ...], place: int, held: str) -> object:
    method = METHODS.get(type(value), {}).get(name)
    if method is None:
        if name in HIDDEN.get(type(value), ()):
            raise Fault(place, f"{name} is an unexported field of struct type {type_name(value)}")
        raise Fault(place, f"can't evaluate field {name} in type {held or type_name(value)}")
    if problem := wrong_use(name, method, len(args)):
        raise Fault(place, problem)
    converted = [_convert(param, arg, place) for param, arg in zip(method.params, args, strict=True)]
    try:
        return method.body(value, *converted)
    except ValueError as problem:
        raise Fault(place, f"error calling {name}: {problem}") from None


def wrong_use(name: str, method: Method, given: int) -> str:
    """Why a method cannot be called with so many arguments, in Go's words, or nothing."""
    if given != len(method.params):
        return f"wrong number of args for {name}: want {len(method.params)} got {given}"
    match method.results:
        case (_, second):
            return f"invalid function signature for {name}: second return value should be error; is {second}"
        case (_, *_):
            return f"function {name} has {len(method.results)} return values; should be 1 or 2"
        case _:
            return ""


_NILABLE = frozenset({"*time.Location", "[]uint8"})


def _convert(param: str, arg: object, place: int) -> object:
    """An argument as the parameter wants it: constants fit themselves to it, values must be of exactly its type."""
    if isinstance(arg, Constant):
        return constant(param, arg, place)
    if arg is None:
        if param in _NILABLE:
            return None
        raise Fault(place, f"invalid value; expected {param}")
    if type_name(arg) != param:
        raise Fault(place, f"wrong type for value; expected {param}; got {type_name(arg)}")
    return arg


def constant(param: str, arg: Constant, place: int) -> object:
    """A constant of the template as a value of a parameter's type.

    Raises:
        Fault: if it cannot be one.
    """
    match arg, param:
        case Nil(), _ if param in _NILABLE:
            return None
        case Nil(), _:
            raise Fault(place, f"cannot assign nil to {param}", arg)
        case String(value=value), "string":
            return value
        case _, "string":
            raise Fault(place, f"expected string; found {arg}", arg)
        case Number(integer=int() as integer), "time.Duration" | "int":
            return Duration(integer) if param == "time.Duration" else Int(integer)
        case _, "time.Duration" | "int":
            raise Fault(place, f"expected integer; found {arg}", arg)
        case ((Bool() | String() | Number()), _):
            raise Fault(place, f"can't handle {arg} for arg of type {param}", arg)
