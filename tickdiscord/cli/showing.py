"""Texts of users on stdout: as they are for a pipe, harmless for a terminal."""

import sys

import click

from tickdiscord.cli.terminal import plain


def show(text: str, colour: str | None = None) -> None:
    """Write a text to stdout. A terminal gets its control characters shown, not obeyed, and perhaps a colour."""
    if sys.stdout is not None and sys.stdout.isatty():  # pyright: ignore[reportUnnecessaryComparison]
        text = "\n".join("\t".join(map(plain, line.split("\t"))) for line in text.split("\n"))
        text = click.style(text, fg=colour) if colour else text
    click.echo(text, nl=False, color=True)
