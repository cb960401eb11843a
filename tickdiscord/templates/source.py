"""What generated code is made of and turned into: expressions, the places of errors, the source and its function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tickdiscord.templates import tree
from tickdiscord.templates.static import Static


@dataclass(frozen=True, slots=True)
class Code:
    """A Python expression; `type` is what is known of its value, `raw` the mapping inside, if it is a map."""

    text: str
    type: Static = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error happened: in which template, at what, and where that is in the text."""

    template: str
    shown: str
    at: int
    node: tree.Node


@dataclass(slots=True)
class Generated:
    """A template's source, what it refers to, and the places of its errors."""

    source: str
    names: dict[str, object]
    places: list[Place]
    suspended: bool
    bulky: bool
    """Whether the size of what it writes has to be looked at in the end."""


Main = Callable[..., Any]


def load(generated: Generated, filename: str) -> Main:
    """The main function of a generated source."""
    exec(compile(generated.source, filename, "exec"), generated.names)
    main: Any = generated.names["main"]
    return main
