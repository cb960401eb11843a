"""The values that templates work with, one Python type for each Go type that can occur.

Plain `bool`, `int`, `float`, `complex`, `str`, `bytes` and `None` are Go's bool, int64, float64, complex128, string,
[]uint8 and nil. The rest has a type of its own here, so that `type(value)` tells them apart. A string that is not UTF-8
carries its stray bytes as lone surrogates. A value is true in a condition exactly when it is so in Python.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tickdiscord.points.model import Value
from tickdiscord.templates import data

HALF = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates that stand for no stray byte; Go has no such strings."""


class Int(int):
    """Go's `int`, the type of literals and lengths; a plain int is an `int64`, the type of fields."""

    __slots__ = ()


class Uint8(int):
    """A byte of a string."""

    __slots__ = ()


class Uint64(int):
    __slots__ = ()


class Duration(int):
    __slots__ = ()


class Month(int):
    __slots__ = ()


class Weekday(int):
    __slots__ = ()


class JS(str):
    """Go's `template.JS`: what `json` gives, trusted inside a script."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Location:
    """A time zone; all that occur here are UTC, under the names `UTC` and `Local`."""

    name: str


UTC = Location("UTC")
LOCAL = Location("Local")


@dataclass(frozen=True, slots=True)
class NilLocation:
    """The pointer inside a time in UTC, which only `%d` and the like bring to light."""


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, in nanoseconds since 1970; `.Local` shows the same clock as UTC."""

    ns: int
    location: Location = UTC


class _Map:
    __slots__ = ("of",)
    of: Mapping[str, Value]

    def __len__(self) -> int:
        return len(self.of)

    def items(self) -> Iterator[tuple[str, Value]]:
        """Keys and values, sorted by key as bytes, as Go prints and walks them."""
        return iter(sorted(self.of.items(), key=_by_bytes))


def _by_bytes(item: tuple[str, Value]) -> bytes:
    return to_bytes(item[0])


class StringMap(_Map):
    """Go's `map[string]string`."""

    __slots__ = ()

    def __init__(self, of: Mapping[str, str]) -> None:
        self.of = of

    @property
    def nil(self) -> bool:
        return self.of is data.NIL_TAGS


class AnyMap(_Map):
    """Go's `map[string]interface{}`."""

    __slots__ = ()

    def __init__(self, of: Mapping[str, Value]) -> None:
        self.of = of

    @property
    def nil(self) -> bool:
        return self.of is data.NIL_FIELDS


class Slice:
    """A slice; what it holds becomes a value of templates when it is taken out."""

    __slots__ = ("of",)

    def __init__(self, of: Sequence[Any] | None) -> None:
        self.of: Sequence[Any] = of or ()

    def __len__(self) -> int:
        return len(self.of)

    def __iter__(self) -> Iterator[object]:
        return (self[at] for at in range(len(self.of)))

    def __getitem__(self, at: int) -> object:
        return self.of[at]


class Strings(Slice):
    """Go's `[]string`."""

    __slots__ = ()


class Rows(Slice):
    """Kapacitor's `models.Rows`."""

    __slots__ = ()


class Cells(Slice):
    """A row of values, Go's `[]interface{}`: a time and fields."""

    __slots__ = ()

    def __getitem__(self, at: int) -> object:
        return Time(self.of[0]) if at == 0 else self.of[at]


class Grid(Slice):
    """The values of a series, Go's `[][]interface{}`."""

    __slots__ = ()

    def __getitem__(self, at: int) -> object:
        return Cells(self.of[at])


class Maps(Slice):
    """The rows of a series as maps, Go's `[]map[string]interface{}`: a time and fields."""

    __slots__ = ()

    def __getitem__(self, at: int) -> object:
        row: Mapping[str, Any] = self.of[at]
        moment: Any = Time(row["time"])
        return AnyMap({**row, "time": moment})


@dataclass(frozen=True, slots=True)
class Embedded:
    """The structs that Kapacitor nests in one another: the message's data holds the id's, and so on."""

    type_name: str
    fields: "tuple[tuple[str, object], ...]"


TYPE_NAMES: dict[type, str] = {
    bool: "bool",
    int: "int64",
    Int: "int",
    Uint8: "uint8",
    Uint64: "uint64",
    float: "float64",
    complex: "complex128",
    str: "string",
    JS: "template.JS",
    bytes: "[]uint8",
    Duration: "time.Duration",
    Month: "time.Month",
    Weekday: "time.Weekday",
    Time: "time.Time",
    Location: "*time.Location",
    NilLocation: "*time.Location",
    StringMap: "map[string]string",
    AnyMap: "map[string]interface {}",
    data.ServerInfo: "kapacitor.serverInfo",
    data.IdData: "kapacitor.idInfo",
    data.MessageData: "kapacitor.messageInfo",
    data.DetailsData: "kapacitor.detailsInfo",
    data.TitleData: "alert.TemplateData",
    data.AggregateData: "alert.aggregateMessageData",
    data.AlertData: "alert.Data",
    data.Result: "models.Result",
    data.Row: "*models.Row",
    data.MappedRow: "*kapacitor.mappedRow",
    Strings: "[]string",
    Rows: "models.Rows",
    Cells: "[]interface {}",
    Grid: "[][]interface {}",
    Maps: "[]map[string]interface {}",
}

SIGNED = frozenset({int, Int, Duration, Month, Weekday})
UNSIGNED = frozenset({Uint8, Uint64})
STRINGS = frozenset({str, JS})
MAPS = frozenset({StringMap, AnyMap})
SLICES = frozenset({Strings, Rows, Cells, Grid, Maps})
STRUCTS = frozenset(
    {data.ServerInfo, data.IdData, data.MessageData, data.DetailsData, data.TitleData, data.AggregateData}
    | {data.AlertData, data.Result, data.Row, data.MappedRow}
)


def type_name(value: object) -> str:
    """The name of a value's Go type, as `%T` shows it."""
    return value.type_name if isinstance(value, Embedded) else TYPE_NAMES.get(type(value), "<nil>")


def type_name_of(kind: type) -> str:
    """The name of a Go type."""
    return TYPE_NAMES[kind]


def to_bytes(text: str) -> bytes:
    """The bytes of a Go string."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return HALF.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def from_bytes(raw: bytes) -> str:
    """The Go string of some bytes."""
    return raw.decode("utf-8", "surrogateescape")
