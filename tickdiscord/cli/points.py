"""`tickdiscord points`: what is done with points and no rule; without the name of a command, they are shown."""

import importlib
from collections.abc import Mapping
from typing import Any

import click

COMMANDS: Mapping[str, tuple[str, str]] = {
    "show": ("points_show", "Validate line protocol, and show it typed; also without `show`."),
    "describe": ("points_describe", "Infer measurements, tags, fields, ranges and times: a data contract."),
}
"""The modules of the commands, loaded when used, and what they do in one line."""

EXAMPLE = """\b
Examples:
  tickdiscord points < points.lp
  telegraf --test | tickdiscord points --format json
  tickdiscord points describe cpu.srpl.gz -o contract.yaml
"""


class Points(click.Group):
    """Commands whose modules are imported when they are called; what is none of them is a file to be shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        module: Any = importlib.import_module(f"tickdiscord.cli.{found[0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks = {*COMMANDS, *ctx.help_option_names}
        return super().parse_args(ctx, args if args and args[0] in asks else ["show", *args])


@click.command("points", cls=Points, epilog=EXAMPLE)
def command() -> None:
    """Validate points of line protocol and show them, or describe what is in them.

    A file that is called like a command is written as `./describe`.
    """
