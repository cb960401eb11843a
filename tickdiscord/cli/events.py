"""Events on stdout: a line each, for people or in Kapacitor's JSON."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import click

from tickdiscord.alert.encoding import event_json
from tickdiscord.alert.event import Published
from tickdiscord.cli.options import together
from tickdiscord.cli.terminal import LEVEL_COLOURS, plain
from tickdiscord.gotext import rfc3339
from tickdiscord.runtime.engine import Happening

LEVEL_WIDTH = len("CRITICAL")


EVENTS = together(
    click.option(
        "--format",
        "form",
        type=click.Choice(["pretty", "json", "quiet"]),
        default="pretty",
        show_default=True,
        help="Events for people, as Kapacitor's log handler writes them, or not at all.",
    ),
    click.option("--topic", metavar="NAME", help="Show every event that this topic receives."),
)


@dataclass(frozen=True, kw_only=True)
class EventOptions:
    """Which events are shown, and how: filled by EVENTS."""

    form: str
    topic: str | None


def printer(options: EventOptions, coloured: bool) -> Callable[[Sequence[Happening]], None]:
    """What writes events: one for each event of an alert node, or with a topic, each that this topic receives.

    What a silence held back was shown when it happened.

    The printer raises BrokenPipeError when nobody reads any more.
    """
    form, topic = options.form, options.topic
    if form == "quiet":
        return lambda _: None
    line = event_json if form == "json" else _pretty(coloured)

    def show(happenings: Sequence[Happening]) -> None:
        chosen = _all_on(topic, happenings) if topic else (each.shown for each in happenings if not each.late)
        sys.stdout.write("".join(f"{line(published)}\n" for published in chosen))
        sys.stdout.flush()

    return show


def _all_on(topic: str, happenings: Sequence[Happening]) -> Iterable[Published]:
    return (published for each in happenings for published in each.received if published.topic == topic)


def _pretty(coloured: bool) -> Callable[[Published], str]:
    def line(published: Published) -> str:
        state = published.event.state
        level = str(state.level).ljust(LEVEL_WIDTH)
        if coloured:
            level = click.style(level, fg=LEVEL_COLOURS[str(state.level)], bold=True)
        message = plain(state.message)
        about = "" if state.id in state.message else f"{plain(state.id)}  "
        return f"{rfc3339(state.time)}  {level}  {about}{message}"

    return line
