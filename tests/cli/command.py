"""Runs the command line as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


def environment(folder: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command: nothing of the machine's own settings, state kept in the folder."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "SYSTEMROOT") if key in os.environ}
    return {**kept, "XDG_STATE_HOME": str(folder / "state"), "COLUMNS": "120", **(more or {})}


def tickdiscord(
    *arguments: str | Path,
    folder: Path,
    stdin: str | bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Done:
    """Run a command to its end, in a folder."""
    ended = subprocess.run(
        line(arguments),
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=folder,
        env=environment(folder, env),
        timeout=timeout_s,
        check=False,
    )
    return Done(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def line(arguments: Sequence[str | Path]) -> list[str]:
    """The command line of a process."""
    return [sys.executable, "-m", "tickdiscord", *map(str, arguments)]
