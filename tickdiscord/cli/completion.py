"""`tickdiscord completion`: the script that lets a shell complete commands and options."""

import click
from click.shell_completion import get_completion_class

from tickdiscord.diagnostics import error

EXAMPLE = """\b
Examples:
  eval "$(tickdiscord completion bash)"
  tickdiscord completion fish > ~/.config/fish/completions/tickdiscord.fish
"""


@click.command("completion", epilog=EXAMPLE)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell."""
    from tickdiscord.cli.main import tickdiscord

    found = get_completion_class(shell)
    if found is None:
        raise error("TD409", f"there is no completion for {shell}")
    click.echo(found(tickdiscord, {}, "tickdiscord", "_TICKDISCORD_COMPLETE").source())
