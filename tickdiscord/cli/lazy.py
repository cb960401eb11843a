"""Groups of commands whose modules are imported when they are called, so that each starts fast."""

import importlib
from collections.abc import Mapping
from typing import Any, ClassVar

import click


class LazyGroup(click.Group):
    """A group of the commands that its class names."""

    modules: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """By the name of a command its module, below this package, and what it does in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self.modules.get(cmd_name)
        if found is None:
            return None
        module: Any = importlib.import_module(f"tickdiscord.cli.{found[0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in self.modules.items()])
