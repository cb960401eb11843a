"""Files that commands write, beside what they print."""

from pathlib import Path

from tickdiscord.diagnostics import DiagnosticError, error

UNWRITABLE = "TD644"


def write_text(path: Path, text: str) -> None:
    """Write a text into a file.

    Raises:
        DiagnosticError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except (OSError, ValueError) as problem:
        raise unwritable(path, problem) from None


def unwritable(path: Path, problem: OSError | ValueError) -> DiagnosticError:
    """What is said of a file that cannot be written."""
    reason = problem.strerror if isinstance(problem, OSError) else None
    return error(UNWRITABLE, f"`{path}` cannot be written: {reason or problem}")
