"""Finds the files with tests, and reads each in the form that it has."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tickdiscord.config.files import read_text
from tickdiscord.diagnostics import DiagnosticError, Source, error
from tickdiscord.testing.rules.blocks import has_blocks, read_blocks
from tickdiscord.testing.rules.document import composed
from tickdiscord.testing.rules.kapacitor_unit import is_kapacitor_unit, looks_alike, read_kapacitor_unit
from tickdiscord.testing.rules.reading import NOTHING, suite_of
from tickdiscord.testing.rules.suite import Suite

ENDINGS = (".yaml", ".yml")
TEST = "_test"


def test_files(paths: Sequence[Path]) -> list[Path]:
    """The files with tests among some paths, each once, in sorted order within each path.

    A file that is named is one, whatever its name. In a folder, and below, those are `*_test.yaml`, rules with tests
    in their comments, and the files of kapacitor-unit.

    Raises:
        DiagnosticError: a path is not there, or there is none in all of them.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(_within(path))))
        elif path.is_file():
            found[path] = None
        else:
            raise error("TD400", f"there is no `{path}`")
    if not found:
        names = ", ".join(f"`{path}`" for path in paths)
        hint = "tests stand in files named *_test.yaml, or in a rule behind `// test:`"
        raise error(NOTHING, f"there is nothing to test in {names}", hint=hint)
    return list(found)


def _within(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        if path.suffix in ENDINGS:
            if path.stem.endswith(TEST) or looks_alike(_glimpse(path)):
                yield path
        elif path.suffix == ".tick" and has_blocks(_glimpse(path)):
            yield path


def _glimpse(path: Path) -> str:
    """What is in a file, if it can be read: a file that nobody named must not stop the others."""
    try:
        return read_text(path)
    except DiagnosticError:
        return ""


def read_file(path: Path, scripts: Path | None = None) -> Suite:
    """The tests of a file.

    Raises:
        DiagnosticError: it cannot be read, or something in it is wrong; everything that is.
    """
    if path.suffix == ".tick":
        suite = read_blocks(path)
        if not suite.tests:
            hint = "tests stand in comments that begin with `// test:`"
            raise error(NOTHING, f"the rule `{path}` has no tests in it", hint=hint)
        return suite
    source = Source(str(path), read_text(path))
    root = composed(source)
    if root is None:
        raise error(NOTHING, "the file is empty", source=source, hint="the shortest test says rule, points, expect")
    if is_kapacitor_unit(root):
        return read_kapacitor_unit(root, path, scripts)
    return suite_of(root, path)
