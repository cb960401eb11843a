"""`--data` of `tickdiscord check`: rules held against points or a contract."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tickdiscord.cli.input import InputOptions, open_input
from tickdiscord.cli.loading import Loaded
from tickdiscord.cli.terminal import Terminal
from tickdiscord.clock import StreamClock
from tickdiscord.config.files import read_text
from tickdiscord.diagnostics import Diagnostic, error
from tickdiscord.lint.script import Script
from tickdiscord.runtime.settings import Settings

EMPTY = "TD730"
CONTRACTS = (".yaml", ".yml")


def held_against(data: Path, precision: str, found: Loaded, terminal: Terminal) -> Sequence[Diagnostic]:
    """What does not go with the data. A file of points is read once, however long it is; lines that are none are shown.

    Raises:
        DiagnosticError: the data cannot be read, are no contract, or there are none.
    """
    from tickdiscord.contract.check import against_contract, against_points
    from tickdiscord.contract.form import read_contract

    scripts = [Script(each, found.configuration.workspaces, found.pipelines) for each in found.pipelines]
    if data.suffix in CONTRACTS:
        return against_contract(scripts, read_contract(read_text(data), str(data)))
    clock = StreamClock(0)
    settings = Settings(found.configuration.workspaces, found.handlers.subscriptions, clock)
    options = InputOptions(points=data, recordings=(), dbrp=None, precision=precision)
    with ExitStack() as stack:
        source = open_input(options, clock, terminal, stack)
        told, contract = against_points(scripts, settings, source.chunks())
        if not contract.points:
            raise error(EMPTY, f"there are no points in {data}")
        if source.rejections:
            terminal.note(f"{data}: {contract.points:,} points; lines that are no points: {source.rejections:,}")
    return told
