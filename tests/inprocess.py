"""Runs a command of tickdiscord within the process of the tests, on files in a folder of their own."""

import contextlib
import io
import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tickdiscord.cli.main import run


@dataclass(frozen=True)
class Outcome:
    """What a command left behind; `said` is what it printed, stderr first."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.err + self.out


@contextlib.contextmanager
def _within(folder: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """In a folder, with these variables and nothing of the machine's own settings."""
    before, environment = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    for name in [name for name in environment if name.startswith(("KAPACITOR_", "TICKDISCORD_"))]:
        del os.environ[name]
    os.environ.update({"XDG_STATE_HOME": str(folder / "state"), **variables})
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environment)


def outcome(
    files: Mapping[str, str], command: str, folder: Path, variables: Mapping[str, str] = MappingProxyType({})
) -> Outcome:
    """What `tickdiscord COMMAND` does in a folder with these files, by name, and these environment variables."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with _within(folder, variables), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(shlex.split(command))
    return Outcome(code, out.getvalue(), err.getvalue())
