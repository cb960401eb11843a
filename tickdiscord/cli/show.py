"""`tickdiscord show`: the pipeline of a rule as a picture, and what goes over its edges."""

import datetime
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from tickdiscord.cli.clocks import CLOCK, ClockOptions, run_clock
from tickdiscord.cli.input import INPUT, InputOptions
from tickdiscord.cli.loading import Loaded, loaded
from tickdiscord.cli.options import PATH, RULES, TALK, RuleOptions, TalkOptions
from tickdiscord.cli.replay import open_source
from tickdiscord.cli.showing import show
from tickdiscord.cli.terminal import Terminal
from tickdiscord.cli.writing import write_text
from tickdiscord.cli.zone import zone
from tickdiscord.config.given import read_given
from tickdiscord.graph.counts import Counts
from tickdiscord.graph.forms import FORMS
from tickdiscord.graph.graph import graph_of
from tickdiscord.nodes.node import Node
from tickdiscord.points.precision import Precision
from tickdiscord.runtime.engine import Engine, Happening
from tickdiscord.runtime.settings import Settings

EXAMPLE = """\b
Examples:
  tickdiscord show cpu.tick
  tickdiscord show cpu.tick --points points.lp --precision s
  tickdiscord show rules/ --format svg -o rules.svg
  tickdiscord show cpu.tick --format dot | dot -Tpng > cpu.png
"""


@dataclass(frozen=True, kw_only=True)
class ShowOptions(RuleOptions, InputOptions, ClockOptions, TalkOptions):
    """What is to be shown, and how."""

    form: str
    output: Path | None


@click.command("show", epilog=EXAMPLE)
@RULES
@INPUT
@CLOCK
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    default="text",
    show_default=True,
    help="A tree, the languages of Graphviz or Mermaid, or a picture for light and dark pages.",
)
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Write to a file, not to stdout.")
@TALK
def command(**given: object) -> None:
    """Show the pipelines of rules: their nodes and edges.

    With --points or --recording the rules are run on them, and the number of points that went over each edge is shown,
    as by `kapacitor show`, and each alert's events by level; nothing is sent.
    """
    options = ShowOptions(**given)  # pyright: ignore[reportArgumentType]
    terminal = Terminal(-1 if options.quiet else int(options.verbose), False if options.no_color else None)
    runs = options.points is not None or bool(options.recordings)
    vars = read_given(options.vars_files, options.vars_given)
    found = loaded(options.rules, options.config, options.handlers, vars, any_workspace=True)
    terminal.tell_all(found.warnings)
    counts = _counted(options, found, terminal) if runs else None
    picture = FORMS[options.form]([graph_of(pipeline, counts) for pipeline in found.pipelines])
    if options.output is None:
        show(picture)
    else:
        write_text(options.output, picture)


def _counted(options: ShowOptions, found: Loaded, terminal: Terminal) -> Counts:
    """The numbers of a run on the points that the command line names."""
    configuration = found.configuration
    times = run_clock(options, Precision.named(options.precision))
    settings = Settings(
        workspaces=configuration.workspaces,
        subscriptions=found.handlers.subscriptions,
        clock=times.clock,
        zone=zone(options.timezone) if options.timezone is not None else configuration.zone or datetime.UTC,
        on_error=configuration.on_error or "ok",
        endpoints=configuration.endpoints,
    )
    counts = Counts()
    engine = Engine(
        found.pipelines,
        settings,
        lambda happenings: counts.happened(_events(happenings)),
        terminal.tell if options.verbose else lambda _: None,
        lambda _, __: None,
    )
    for task in engine.tasks:
        counts.watch(task.steps)
    with ExitStack() as stack:
        source = open_source(options, engine, times.clock, terminal, stack)
        times.start(engine)
        source.feed(engine)
        times.run_on(engine)
        engine.end()
    nodes = {(task.pipeline.task, node.name): node for task in engine.tasks for node in task.pipeline.nodes}
    for trouble, number in engine.troubles.counts().items():
        if node := nodes.get((trouble.task, trouble.node)):
            counts.failed(node, number)
    return counts


def _events(happenings: Sequence[Happening]) -> Iterable[tuple[Node, str]]:
    """The alert nodes that made them, and the levels."""
    return ((each.node, str(each.shown.event.state.level)) for each in happenings if each.node is not None)
