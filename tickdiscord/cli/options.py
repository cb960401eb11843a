"""Options that several commands share: each group declared once, with the fields that it fills."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

PATH = click.Path(path_type=Path)
RULE = click.argument("rules", nargs=-1, required=True, type=PATH, metavar="RULE…")
CONFIG = click.option(
    "--config", type=PATH, metavar="FILE", help="A kapacitor.conf; its [[discord]] and [deadman] are read."
)
HANDLERS = click.option(
    "--handlers", multiple=True, type=PATH, metavar="PATH", help="A handler file, or a folder of them; repeatable."
)
SILENCES = click.option(
    "--silences", multiple=True, type=PATH, metavar="FILE", help="Silences, as TOML or YAML; repeatable."
)
VERBOSE = click.option("-v", "--verbose", is_flag=True, help="Say more.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Say errors only.")
NO_COLOUR = click.option("--no-color", is_flag=True, help="No colours; the variable NO_COLOR does the same.")


def together(*options: Decorator) -> Decorator:
    """Several options as one decorator, shown in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


VARS = together(
    click.option(
        "--vars",
        "vars_files",
        multiple=True,
        type=PATH,
        metavar="FILE",
        help="Values for vars, JSON or YAML as `kapacitor define` takes them; repeatable.",
    ),
    click.option("--var", "vars_given", multiple=True, metavar="NAME=VALUE", help="A value for a var; repeatable."),
)
TALK = together(VERBOSE, QUIET, NO_COLOUR)
RULES = together(RULE, CONFIG, HANDLERS, VARS)


@dataclass(frozen=True, kw_only=True)
class RuleOptions:
    """What is to be run or looked at: filled by RULES."""

    rules: Sequence[Path]
    config: Path | None
    handlers: Sequence[Path]
    vars_files: Sequence[Path]
    vars_given: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class TalkOptions:
    """How much is said, and how: filled by TALK."""

    verbose: bool
    quiet: bool
    no_color: bool
