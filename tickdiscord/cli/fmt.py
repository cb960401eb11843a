"""`tickdiscord fmt`: rules in Kapacitor's standard form."""

import difflib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from tickdiscord.cli import exits
from tickdiscord.cli.options import NO_COLOUR, PATH, QUIET
from tickdiscord.cli.showing import show
from tickdiscord.cli.stdin import NAME, STDIN, stdin_text
from tickdiscord.cli.terminal import Terminal, plain
from tickdiscord.cli.writing import unwritable
from tickdiscord.config.files import listed_rules, read_text
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.syntax.formatter import format_script

EXAMPLE = """\b
Examples:
  tickdiscord fmt cpu.tick
  tickdiscord fmt -w rules/
  tickdiscord fmt --check --diff rules/
  tickdiscord fmt - < cpu.tick
"""

COLOURS = {"+": "green", "-": "red", "@": "cyan"}
"""Of the lines of a difference, by their first character."""
MOST_COMPARED = 20_000
"""With more lines than this, finding the smallest difference would take too long: the whole file is shown changed."""
NO_NEWLINE = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class Script:
    """A script as it was and as it should be; `path` is None for stdin."""

    name: str
    path: Path | None
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@click.command("fmt", epilog=EXAMPLE)
@click.argument("paths", nargs=-1, type=PATH, metavar="[FILE…|-]")
@click.option("-w", "--write", is_flag=True, help="Write the files that change, instead of showing them.")
@click.option("--check", is_flag=True, help="Change nothing: name the files that would change, and exit with 2.")
@click.option("--diff", is_flag=True, help="Show what would change.")
@QUIET
@NO_COLOUR
def command(paths: Sequence[Path], write: bool, check: bool, diff: bool, quiet: bool, no_color: bool) -> int:
    """Format rules as Kapacitor's tickfmt does.

    A folder means all .tick files in it; without a file, or with -, it is stdin. A file with a syntax error is left as
    it is. The exit code is 0; 1 if a script has errors; 2 with --check if one is not formatted.
    """
    if write and check:
        raise click.UsageError("--write and --check exclude each other")
    terminal = Terminal(-1 if quiet else 0, False if no_color else None)
    coloured = terminal.coloured(sys.stdout)
    failed = found = False
    for path in listed_rules(paths or [Path(STDIN)]):
        try:
            script = _formatted(path, terminal)
            if diff and script.changed:
                show_difference(script, coloured)
            if write:
                write_script(script, terminal)
            elif check and script.changed and not diff:
                click.echo(plain(script.name))
            elif not check and not diff:
                show(script.after)
        except DiagnosticError as problem:
            terminal.tell_all(problem.diagnostics)
            failed = True
        else:
            found = found or script.changed
    if failed:
        return exits.WRONG
    return exits.FOUND if check and found else exits.OK


def _formatted(path: Path, terminal: Terminal) -> Script:
    stdin = str(path) == STDIN
    name = NAME if stdin else str(path)
    text = stdin_text(terminal) if stdin else read_text(path)
    return Script(name, None if stdin else path, text, format_script(text, name))


def write_script(script: Script, terminal: Terminal, done: str = "formatted") -> None:
    """Replace a file by its formatted text, all of it or not at all; of stdin, show it."""
    if script.path is None:
        show(script.after)
    elif script.changed:
        _replace(script.path.resolve(), script.after.encode())
        terminal.note(f"{done} {script.name}")


def _replace(path: Path, content: bytes) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            shutil.copymode(path, name)
            Path(name).replace(path)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as problem:
        raise unwritable(path, problem) from None


def show_difference(script: Script, coloured: bool, done: str = "formatted") -> None:
    """Show what would change, as a unified diff."""
    for line in difference(script, done):
        show(line, COLOURS.get(line[:1]) if coloured else None)


def difference(script: Script, done: str = "formatted") -> Iterator[str]:
    """What changes, as a unified diff, line by line, each with its line break."""
    before, after = _lines(script.before), _lines(script.after)
    yield f"--- {script.name}\n"
    yield f"+++ {script.name} ({done})\n"
    if len(before) + len(after) > MOST_COMPARED:
        changes = _everything(before, after)
    else:
        changes = islice(difflib.unified_diff(before, after), 2, None)
    for line in changes:
        yield line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}\n"


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline="\n"))


def _everything(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    yield f"@@ -1,{len(before)} +1,{len(after)} @@\n"
    yield from (f"-{line}" for line in before)
    yield from (f"+{line}" for line in after)
