"""A page of documentation as what it is made of: files, and commands with what they print."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.M | re.S)
TOOK = re.compile(r' in \d+\.\d+ s$|, "seconds": [\d.e-]+| time="[\d.]+"', re.M)
"""How long it took, which is not the same twice."""


@dataclass(frozen=True)
class File:
    """A file that the page shows; with `after`, what a file holds after the commands before it."""

    name: str
    text: str
    after: bool


@dataclass(frozen=True)
class Command:
    """A command line, and all that it prints."""

    line: str
    prints: str


@dataclass(frozen=True)
class Code:
    """Python that runs."""

    text: str


def blocks(page: Path) -> Iterator[File | Command | Code]:
    """The blocks of a page in order."""
    for language, title, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "console":
            first, _, rest = text.partition("\n")
            yield Command(first.removeprefix("$ tickdiscord "), rest)
        elif language == "python":
            yield Code(text)
        elif title:
            name, _, word = title.partition(" ")
            yield File(name, text, after=word == "after")


def timeless(text: str) -> str:
    """What was printed, without how long it took."""
    return TOOK.sub("", text)
