"""The page of what tickdiscord does other than Kapacitor on purpose, each with the test that shows it."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from tickdiscord.manual.declared import cell

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

HEAD = """\
# Where tickdiscord differs from Kapacitor, on purpose

Everything else is meant to be the same; where it is not, that is a mistake worth reporting. What shows each of these
differences, and what is proved to be the same, is in [fidelity.md](fidelity.md).
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """What each of the two does, why, and the test that shows it: `tests/FILE::NAME` of a function or of a case."""

    kapacitor: str
    tickdiscord: str
    why: str
    test: str


@dataclass(frozen=True, slots=True)
class Section:
    """Differences of one subject."""

    heading: str
    differences: Sequence[Difference]


@functools.cache
def sections() -> Sequence[Section]:
    """All differences, as they stand in `differences.yaml`."""
    source = resources.files(__package__ or "tickdiscord.manual").joinpath("differences.yaml")
    written: list[Any] = yaml.load(source.read_text(encoding="utf-8"), _Loader)
    return [Section(each["heading"], [Difference(**row) for row in each["differences"]]) for each in written]


def markdown() -> str:
    """The page of the documentation."""
    return "".join([HEAD, *(line for section in sections() for line in _section(section))])


def _section(section: Section) -> Iterator[str]:
    yield f"\n## {section.heading}\n\n| Kapacitor | tickdiscord | why |\n|---|---|---|\n"
    for each in section.differences:
        yield f"| {cell(each.kapacitor)} | {cell(each.tickdiscord)} | {cell(each.why)} |\n"
