"""`tickdiscord topics`: what the topics of a state file know of every event id."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from tickdiscord.alert.event import EventState
from tickdiscord.alert.level import Level
from tickdiscord.cli import exits
from tickdiscord.cli.options import NO_COLOUR, PATH
from tickdiscord.cli.showing import show
from tickdiscord.cli.terminal import LEVEL_COLOURS, Terminal, plain
from tickdiscord.diagnostics import did_you_mean, error
from tickdiscord.gotext import rfc3339
from tickdiscord.state.encoding import topics_of
from tickdiscord.state.store import StateFile

UNKNOWN = "TD590"
LEVELS = {str(level): level for level in Level}
WIDTH = max(map(len, LEVELS))

EXAMPLE = """\b
Examples:
  tickdiscord topics --state cpu.state
  tickdiscord topics --state cpu.state --topic cpu --level CRITICAL
  tickdiscord topics --state cpu.state --format json
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What a topic knows of an id."""

    topic: str
    state: EventState

    @property
    def since(self) -> int:
        """Since when it has not been OK, or when it became OK, as far as events tell; in nanoseconds."""
        return self.state.time - (self.state.duration if self.state.level else 0)


@click.command("topics", epilog=EXAMPLE)
@click.option("--state", type=PATH, required=True, metavar="FILE", help="What `tickdiscord run --state` has written.")
@click.option("--topic", metavar="NAME", help="Only this topic.")
@click.option(
    "--level", type=click.Choice(list(LEVELS), case_sensitive=False), default="OK", help="Only ids of at least this."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pretty", "json"]),
    default="pretty",
    show_default=True,
    help="For people, or lines of JSON.",
)
@NO_COLOUR
def command(state: Path, topic: str | None, level: str, form: str, no_color: bool) -> int:
    """Show what topics know of every event id: the level, since when, and the last message.

    An alert's own topic is named main:TASK:NODE, others as rules and handlers name them. A run may go on meanwhile; the
    file is at most some seconds behind it. A state other than OK counts from its first event, OK from its last one.
    """
    terminal = Terminal(0, False if no_color else None)
    with StateFile(state, look=True) as file:
        topics = topics_of(file)
    if topic is not None and topic not in topics:
        raise error(UNKNOWN, f"`{state}` has no topic `{topic}`", hint=did_you_mean(topic, topics))
    least = LEVELS[level.upper()]
    known = [
        Known(name, each)
        for name, found in sorted(topics.items())
        for each in sorted(found.states.values(), key=lambda each: each.id)
        if topic in (None, name) and each.level >= least
    ]
    if form == "json":
        show("".join(map(_json, known)))
    else:
        click.echo("".join(_pretty(known, terminal.coloured(sys.stdout))), nl=False, color=True)
    return exits.OK


def _json(known: Known) -> str:
    state = known.state
    shown = {
        "topic": known.topic,
        "id": state.id,
        "level": str(state.level),
        "since": rfc3339(known.since),
        "time": rfc3339(state.time),
        "message": state.message,
    }
    return json.dumps(shown, ensure_ascii=False) + "\n"


def _pretty(known: list[Known], coloured: bool) -> Iterator[str]:
    """Each topic as a heading, its ids below."""
    last = None
    for each in known:
        if each.topic != last:
            yield f"{'' if last is None else chr(10)}{plain(each.topic)}\n"
            last = each.topic
        level = str(each.state.level).ljust(WIDTH)
        if coloured:
            level = click.style(level, fg=LEVEL_COLOURS[str(each.state.level)], bold=True)
        about = "" if each.state.message == each.state.id else f"  {plain(each.state.message)}"
        yield f"  {level}  {rfc3339(each.since)}  {plain(each.state.id)}{about}\n"
