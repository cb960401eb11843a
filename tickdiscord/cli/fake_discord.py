"""`tickdiscord fake-discord`: a stand-in for Discord on this machine, that shows the messages it gets."""

import json
import os
import queue
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

import click

from tickdiscord.outbox.answers import in_words
from tickdiscord.testing.discord import FakeDiscord, Received, parse_script

EXAMPLE = """\b
Examples:
  tickdiscord fake-discord --port 8090
  tickdiscord fake-discord --port 8090 --answer 429:2,500x3
"""


@click.command("fake-discord", epilog=EXAMPLE)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pretty", "json"]),
    default="pretty",
    show_default=True,
    help="As a person sees the channel, or one JSON object a line: first the url, then each message.",
)
@click.option(
    "--answer",
    "script",
    default="",
    metavar="SCRIPT",
    help="Answer so at first: 429:2 (rate limit of 2 s), 500x3 (three times), 404, hang, close, ok; with commas.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="ID/TOKEN",
    help="Know only this webhook, as Discord would; may be repeated. Without it every id and token is good.",
)
@click.option("--rate-limit", is_flag=True, help="Keep Discord's limit of 5 messages in 2 s for each webhook.")
def command(port: int, form: str, script: str, only: Sequence[str], rate_limit: bool) -> None:
    """Run a stand-in for Discord on this machine.

    It answers like Discord's webhook endpoint, refuses what Discord would refuse, and shows each message as it would
    look in the channel. Put the url it prints into the `[[discord]]` section. It ends with Ctrl-C.
    """
    if bad := [each for each in only if not all(each.partition("/"))]:
        raise click.BadParameter(f"`{bad[0]}` is not of the form ID/TOKEN", param_hint="--only")
    messages: queue.SimpleQueue[Received] = queue.SimpleQueue()
    discord = FakeDiscord(port, parse_script(script), only=only, rate_limited=rate_limit, on_message=messages.put)
    write = _write_json if form == "json" else _writer()
    with suppress(KeyboardInterrupt), discord:
        try:
            _start(discord.url(only[0].partition("/")[0] if only else "1"), form)
            while True:
                write(messages.get())
        except BrokenPipeError:
            # Whoever read us has gone. What is still in the buffer must not fail once more at the exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _start(url: str, form: str) -> None:
    if form == "json":
        click.echo(json.dumps({"url": url}))
    else:
        click.echo(f'A stand-in for Discord is listening. In the [[discord]] section write\n\n  url = "{url}"\n')


def _write_json(received: Received) -> None:
    line = {"webhook": received.webhook_id, "status": received.status, "body": received.body}
    if received.refusal is not None:
        line["refusal"] = received.refusal
    click.echo(json.dumps(line))


def _writer() -> Callable[[Received], None]:
    from rich.console import Console

    from tickdiscord.testing.discord.show import show

    console = Console(highlight=False)

    def write(received: Received) -> None:
        # Through click, since rich ends the process with status 1 when nobody reads any more.
        with console.capture() as shown:
            if received.taken:
                width = console.width if console.is_terminal else None
                console.print(show(received.body, width), soft_wrap=True)
            else:
                why = in_words(received.status, received.refusal or {}) if received.status else "no answer, by script"
                console.print(f"not taken: {why}", style="red", markup=False, emoji=False, soft_wrap=True)
        click.echo(shown.get())

    return write
