"""Files that users name: read whole, as UTF-8, with errors that say which and why."""

from collections.abc import Sequence
from pathlib import Path

from tickdiscord.diagnostics import error

UNREADABLE = "TD400"
NOT_TEXT = "TD406"
NOTHING = "TD407"


def read_text(path: Path) -> str:
    """The text of a file; a byte order mark in front is dropped.

    Raises:
        DiagnosticError: it is missing, a folder, not readable, or not UTF-8.
    """
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise error(UNREADABLE, f"`{path}` is a folder, a file is wanted") from None
    except OSError as problem:
        raise error(UNREADABLE, f"`{path}` cannot be read: {problem.strerror or problem}") from None
    except ValueError:
        raise error(UNREADABLE, f"`{path!s}` is no path") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise error(NOT_TEXT, f"`{path}` is not UTF-8: byte {content[problem.start]:#04x} in line {line}") from None


def listed(paths: Sequence[Path], endings: Sequence[str], what: str) -> list[Path]:
    """The files meant by some paths: a folder means the files in it, and below it, that end so, in sorted order.

    Raises:
        DiagnosticError: a path is missing, or a folder has no such file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.suffix in endings and each.is_file())
            if not inside:
                raise error(NOTHING, f"the folder `{path}` holds no {what}", hint=f"they end in {' or '.join(endings)}")
            found += inside
        else:
            found.append(path)
    return found
