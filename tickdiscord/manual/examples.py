"""Runnable examples of nodes and handlers: rules with points, and what comes of them."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from tickdiscord.manual.codes import SCRIPT, Example

POINTS = "points.lp"
COMMAND = f"run {SCRIPT} --points {POINTS} --precision s --dry-run --format quiet"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Shown:
    """An example, all that its command prints or writes to `file`, and what there is to know besides."""

    example: Example
    out: str
    says: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Nodes or handlers under one heading, by the name that a script writes, and what holds for all of them."""

    heading: str
    says: str
    shown: Mapping[str, Shown]


@functools.cache
def families(subject: str) -> Sequence[Family]:
    """The examples of `nodes` or `handlers`, in the order of the page."""
    file = resources.files(__package__ or "tickdiscord.manual").joinpath("examples", f"{subject}.yaml")
    return [_family(each) for each in yaml.load(file.read_text(encoding="utf-8"), _Loader)]


def _family(entry: Mapping[str, Any]) -> Family:
    return Family(
        entry["heading"],
        entry.get("says", "").strip(),
        {name: _shown(shown) for name, shown in (entry.get("nodes") or entry["handlers"]).items()},
    )


def _shown(entry: Mapping[str, Any]) -> Shown:
    points = {POINTS: entry["points"]} if "points" in entry else {}
    files = {SCRIPT: entry["script"], **entry.get("files", {}), **points}
    example = Example(files, entry.get("command", COMMAND))
    return Shown(example, entry.get("out", ""), entry.get("says", "").strip(), entry.get("file", ""))
