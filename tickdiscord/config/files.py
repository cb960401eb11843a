"""Files that users name: read whole, as UTF-8, with errors that say which and why."""

from collections.abc import Sequence
from pathlib import Path

from tickdiscord.diagnostics import error

UNREADABLE = "TD400"
NOT_TEXT = "TD406"
NO_RULES = "TD407"

RULES = (".tick",)
"""How the names of rules end."""


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


def listed(paths: Sequence[Path], endings: Sequence[str]) -> list[Path]:
    """The files meant by some paths: a folder means the files in it, and below it, that end so, in sorted order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(each for each in path.rglob("*") if each.suffix in endings and each.is_file())
        else:
            found.append(path)
    return found


def listed_rules(paths: Sequence[Path], also: Sequence[str] = ()) -> list[Path]:
    """The rules meant by some paths, at least one; in folders files that end in one of `also` count, too.

    Raises:
        DiagnosticError: there are none.
    """
    found = listed(paths, (*RULES, *also))
    if not found:
        names = ", ".join(f"`{path}`" for path in paths)
        raise error(NO_RULES, f"there are no rules in {names}", hint="rules are files that end in .tick")
    return found
