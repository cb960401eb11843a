"""`tickdiscord points`: what is done with points and no rule; without the name of a command, they are shown."""

from collections.abc import Mapping

import click

from tickdiscord.cli.lazy import LazyGroup

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


class Points(LazyGroup):
    """What is none of its commands is a file to be shown."""

    modules = COMMANDS

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks = {*COMMANDS, *ctx.help_option_names}
        return super().parse_args(ctx, args if args and args[0] in asks else ["show", *args])


@click.command("points", cls=Points, epilog=EXAMPLE)
def command() -> None:
    """Validate points of line protocol and show them, or describe what is in them.

    A file that is called like a command is written as `./describe`.
    """
