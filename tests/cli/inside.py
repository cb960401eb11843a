"""Runs the command line within the tests' own process: stdout and stderr are texts in memory, stdin is a file."""

import io
import sys
from pathlib import Path

import pytest
from command import Done

from tickdiscord.cli.main import run


def inside(monkeypatch: pytest.MonkeyPatch, folder: Path, arguments: list[str], stdin: bytes = b"") -> Done:
    """Run a command to its end, in a folder."""
    (given := folder / "stdin").write_bytes(stdin)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with monkeypatch.context() as patch, given.open(encoding="utf-8") as reading:
        patch.chdir(folder)
        patch.setattr(sys, "stdin", reading)
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        code = run(arguments)
    return Done(code, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content = stream.buffer
    assert isinstance(content, io.BytesIO)
    return content.getvalue().decode()
