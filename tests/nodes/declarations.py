"""Every call that a script can make, out of the declarations: of each node and handler and of each of their properties.

A call is written with the examples of its types, which are right, or with something wrong in place of one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tickdiscord.diagnostics import NOWHERE
from tickdiscord.handlers.others import OTHERS
from tickdiscord.handlers.registry import handler_classes
from tickdiscord.nodes.registry import node_classes
from tickdiscord.properties import NODE, Argument, NodeRef, Property, Type, properties_of
from tickdiscord.syntax import tree
from tickdiscord.syntax.parser import parse

LITERALS = ("'text'", "7", "0.5", "TRUE", "5m", 'lambda: "v" > 1.0', "/x/", "*", '"ref"', "['a', 'b']", "other")
EXTREMES = {
    "int": ("0", "-1", "1", "9223372036854775807", "-9223372036854775808"),
    "float": ("0.0", "-1.0", "99999999999999999999.0", "0.0000000000001"),
    "duration": ("0s", "-1s", "1ns", "15000w", "-15000w"),
    "string": ("''", "'\n'", "'{{'", "'" + "x" * 5000 + "'", "'a b,c=d'", "'-'", "'\u0000'"),
    "bool": ("TRUE", "FALSE"),
}
"""Values of the right type that are most likely out of range."""

HEAD = "var other = stream|from().measurement('other')\n"
SELECT = "batch|query('SELECT v FROM db.rp.m').every(1m)"
BATCH_HEAD = f"var other = {SELECT}\n"
"""A rule begins with one of them only."""


@dataclass(frozen=True)
class Call:
    """A call of a node, handler or property, with what stands before it in a script."""

    owner: str
    name: str
    before: str
    wanted: Sequence[Property]
    sample: int | None = None
    """How many of the things that may be wrong are tried; None for all."""

    @property
    def id(self) -> str:
        return f"{self.owner}.{self.name}" if self.name != self.owner else self.owner

    @property
    def head(self) -> str:
        return BATCH_HEAD if self.owner == "query" else HEAD

    @property
    def types(self) -> Sequence[Type[Any]]:
        """Of the arguments it must have."""
        return [each for found in self.wanted for each in found.required]

    @property
    def most(self) -> int | None:
        """How many arguments it may have."""
        if any(found.rest for found in self.wanted):
            return None
        return sum(len(found.required) + len(found.optional) for found in self.wanted)

    def right(self) -> list[str]:
        return [each.example for each in self.types] or [found.rest.example for found in self.wanted if found.rest]

    def script(self, arguments: Sequence[str]) -> str:
        return f"{self.head}{self.before}{self.name}({', '.join(arguments)})"

    def place(self, arguments: Sequence[str]) -> tuple[int, int]:
        """Where in the script the call stands."""
        start = len(self.head) + len(self.before)
        return start, start + len(self.name) + len(f"({', '.join(arguments)})")

    def everything(self) -> list[Type[Any]]:
        """The types of all arguments, each of the optional and repeatable ones once."""
        return [
            each
            for found in self.wanted
            for each in (*found.required, *found.optional, *((found.rest,) if found.rest else ()))
        ]


def calls() -> Iterator[Call]:
    """All of them."""
    for name, found in node_classes().items():
        if found.callable:
            start = {"from": "stream|", "query": "batch|"}.get(name, "stream|from()|")
            yield from _calls(name, found, start)
    for name, found in handler_classes().items():
        # Services that nothing is sent to have only names and types: a few samples of each are enough.
        yield from _calls(name, found, "stream|from()|alert().details('').", 2 if name in OTHERS else None)


def _calls(owner: str, declared: type, before: str, sample: int | None = None) -> Iterator[Call]:
    own = [found for found in properties_of(declared).values() if found.positional]
    call = Call(owner, owner, before, own, sample)
    yield call
    made = f"{SELECT}." if owner == "query" else f"{before}{owner}({', '.join(call.right())})."
    for name, found in properties_of(declared).items():
        if not found.positional and name.isidentifier():
            yield Call(owner, name, made, [found], sample)


def wrong_for(wanted: Type[Any], sample: int | None = None) -> list[str]:
    """Literals that are none of a type."""
    return [literal for literal, read in _literals().items() if wanted.read(read) is None][:sample]


@cache
def _literals() -> Mapping[str, Argument]:
    return {literal: _read(literal) for literal in LITERALS}


def _read(literal: str) -> Argument:
    if literal == "other":
        return NodeRef(None, NOWHERE)
    (declared,) = parse(f"var x = {literal}", "literal").statements
    assert isinstance(declared, tree.Declaration)
    return declared.value


def extremes_of(wanted: Type[Any], sample: int | None = None) -> list[str]:
    """Literals of a type that may be out of range; an example of it where there are none."""
    names = wanted.name.replace(",", " or").split(" or ")
    found = [literal for name in names for literal in EXTREMES.get(name.strip(), ())]
    return found[:sample] or ([] if wanted is NODE else [wanted.example])
