"""The files that log handlers append to; the one effect of a run that is neither sent nor shown."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from tickdiscord.diagnostics import DiagnosticError, Span, error

UNWRITABLE = "TD521"


class LogFiles:
    """Appends lines to files, each opened when first written to, and again when it has been moved away (rotated)."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def append(self, path: str, mode: int, lines: Iterable[str]) -> None:
        """Write lines at the end of a file, in one piece; a new file gets the permissions `mode`.

        Raises:
            DiagnosticError: the file cannot be written.
        """
        content = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
        try:
            descriptor = self._descriptor(path, mode)
            while content:
                content = content[os.write(descriptor, content) :]
        except OSError as problem:
            raise _unwritable(path, problem) from None

    def check(self, path: str, mode: int, place: Span | None = None) -> None:
        """Open a file, to see before the run begins that it can be written; `place` is where it is named.

        Raises:
            DiagnosticError: it cannot.
        """
        try:
            self._descriptor(path, mode)
        except (OSError, ValueError) as problem:
            raise _unwritable(path, problem, place) from None

    def close(self) -> None:
        """Close all files."""
        for descriptor in self._open.values():
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._open.clear()

    def _descriptor(self, path: str, mode: int) -> int:
        known = self._open.get(path)
        if known is not None:
            if _is_still(path, known):
                return known
            os.close(known)
            del self._open[path]
        made = self._open[path] = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, mode)
        return made


def _is_still(path: str, descriptor: int) -> bool:
    try:
        return os.path.samestat(Path(path).stat(), os.fstat(descriptor))
    except OSError:
        return False


def _unwritable(path: str, problem: OSError | ValueError, place: Span | None = None) -> DiagnosticError:
    reason = getattr(problem, "strerror", None) or problem
    return error(UNWRITABLE, f"the log `{path}` cannot be written: {reason}", place)
