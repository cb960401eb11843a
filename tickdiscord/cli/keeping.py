"""The state of a run on the command line: what it goes on from, and what the next one will go on from."""

import math
import os
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from tickdiscord.cli.options import PATH, together
from tickdiscord.cli.terminal import Terminal
from tickdiscord.clock import WallClock
from tickdiscord.diagnostics import DiagnosticError, error
from tickdiscord.handlers.subscription import Subscription
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.runtime.engine import Engine
from tickdiscord.state.encoding import restore
from tickdiscord.state.lineage import lineage, making, next_stretch
from tickdiscord.state.saving import EVERY_S, Saving
from tickdiscord.state.store import Mark, StateFile

WITHOUT = "TD587"
"""Code of options that mean nothing without `--state`."""
STDIN = "stdin"
"""The name of the source that is no file."""

STATE = together(
    click.option(
        "--state",
        type=PATH,
        metavar="FILE",
        help="Go on from what this file remembers, and keep it there: levels, windows, the place in the input.",
    ),
    click.option("--resume", is_flag=True, help="Stdin is fed again from its start: skip what --state has seen."),
    click.option(
        "--state-every",
        type=click.FloatRange(min=0),
        default=EVERY_S,
        show_default=True,
        metavar="SECONDS",
        help="How often --state is written; seldomer if it takes long, and always at the end.",
    ),
    click.option("--reset-state", is_flag=True, help="Forget what --state remembers, and begin anew."),
    click.option(
        "--finish", is_flag=True, help="With --state: no more input will follow, so give out what joins etc. hold."
    ),
)


@dataclass(frozen=True, kw_only=True)
class StateOptions:
    """What is remembered between runs: filled by STATE."""

    state: Path | None
    resume: bool
    state_every: float
    reset_state: bool
    finish: bool

    @property
    def ends(self) -> bool:
        """Whether the end of the input is the end of everything."""
        return self.state is None or self.finish


class Keeping:
    """The state file of a run; without `--state` there is none, and nothing happens here.

    In a dry run what is remembered is gone on from, and stays as it is.
    """

    def __init__(
        self, options: StateOptions, source: Path | None, terminal: Terminal, stack: ExitStack, *, dry: bool
    ) -> None:
        """Open it; it is closed with the stack. `source` is the file that points come from, None is stdin.

        Raises:
            DiagnosticError: it cannot be opened, or options contradict one another.
        """
        given = {"--resume": options.resume, "--reset-state": options.reset_state, "--finish": options.finish}
        idle = [name for name, said in given.items() if said and options.state is None]
        if idle:
            raise error(WITHOUT, f"{idle[0]} goes with --state", hint="name the file that remembers: --state FILE")
        self._again = options.resume or source is not None
        self._source = STDIN if source is None else str(source.absolute().resolve())
        self._identity = self._source if source is None else f"{self._source} {_identity(source)}"
        self._terminal = terminal
        self._file: StateFile | None = None
        self._writes = not dry
        self._every_s = options.state_every
        self._saving: Saving | None = None
        self._lineage = uuid.uuid4().hex
        self._meta: dict[str, str] = {}
        self._changed = False
        self._failed = False
        if options.state is not None and (self._writes or (options.state.exists() and not options.reset_state)):
            self._file = StateFile(options.state, anew=options.reset_state, look=dry)
            stack.callback(self._file.close)

    @property
    def keeps(self) -> bool:
        """Whether there is a file that is written."""
        return self._file is not None and self._writes

    @property
    def start(self) -> Mark | None:
        """How far the input was read before, where it goes on from there."""
        if self._file is None or not self._again:
            return None
        return self._file.marks().get(self._source)

    def lineage(
        self,
        pipelines: Sequence[Pipeline],
        subscriptions: Sequence[Subscription],
        others: Sequence[object],
        *,
        repeatable: bool,
    ) -> str:
        """What the keys of requests begin with. `repeatable` says that the same points make the same requests.

        `others` is what decides on the requests beside the rules and their handlers.
        """
        if self._file is None:
            return self._lineage
        made, again = making(pipelines, subscriptions, others), self._again and repeatable
        meta = next_stretch(self._file.meta(), made, self._identity, again=again, fresh=self._lineage)
        self._meta = dict(meta)
        return lineage(meta)

    def begin(self, engine: Engine, mark: Callable[[], Mark]) -> None:
        """Go on from what the file remembers; `mark` says how far the input was read by then.

        Raises:
            DiagnosticError: what it remembers makes no sense, or it cannot be written.
        """
        if self._file is None:
            return
        restore(engine, self._file)
        if self._writes:
            self._saving = Saving(
                self._file, engine, lambda: {self._source: mark()}, WallClock().now, every_s=self._every_s
            )
            # The lineage must be known before the first request is made, or a killed run would make it twice.
            self._saving.save(self._meta)

    @property
    def wait_s(self) -> float:
        """How long nothing needs to be written, even if no point comes."""
        return max(0.0, self._saving.wait_s) if self._saving is not None and self._changed else math.inf

    def check(self) -> None:
        """Something was done: write the state if it is time. What goes wrong is told once, and tried again."""
        self._changed = True
        if self._saving is not None and self._saving.wait_s <= 0:
            self._save(self._saving)

    def end(self) -> bool:
        """Write the state for the last time; whether that has gone well."""
        if self._saving is None:
            return True
        self._save(self._saving)
        return not self._failed

    def _save(self, saving: Saving) -> None:
        try:
            saving.save()
            self._changed = self._failed = False
        except DiagnosticError as problem:
            if not self._failed:
                self._terminal.tell_all(problem.diagnostics)
            self._failed = True


def _identity(path: Path) -> str:
    """Tells a file from another one that took its place."""
    try:
        found = os.stat(path)  # noqa: PTH116  (a path that is none shall fail where the file is opened)
    except (OSError, ValueError):
        return ""
    return f"{found.st_dev}:{found.st_ino}"
