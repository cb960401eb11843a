"""Tests in a rule's own file: comments that begin with `// test:` or `// tests:`."""

import re
from collections.abc import Iterator
from pathlib import Path

from tickdiscord.config.files import read_text
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, collecting
from tickdiscord.testing.rules.document import Item, composed
from tickdiscord.testing.rules.reading import SAME_NAME, suite_of
from tickdiscord.testing.rules.suite import RuleTest, Suite

_COMMENT = re.compile(r"[ \t]*//[ \t]?")
_BEGIN = re.compile(r"[ \t]*//[ \t]?tests?:[ \t]*(?:#.*)?$")
_NOT_BLANK = re.compile(r"[^\n\r]")


def has_blocks(text: str) -> bool:
    """Whether a rule has tests in its comments."""
    return any(_BEGIN.match(line) for line in text.splitlines())


def read_blocks(path: Path) -> Suite:
    """The tests in the comments of a rule; they are about this rule unless they name another.

    Raises:
        DiagnosticError: the file cannot be read, or something in a test is wrong; everything that is.
    """
    text = read_text(path)
    problems: list[Diagnostic] = []
    tests: list[RuleTest] = []
    for number, blanked in enumerate(_blocks(text)):
        with collecting(problems, Source(str(path), text)):
            tests += _tests(Source(str(path), blanked), Source(str(path), text), path, number)
    names = [test.name for test in tests]
    for index, test in enumerate(tests):
        if test.name in names[:index]:
            message, hint = f"two tests have the name `{test.name}`", "each test has a name of its own"
            problems.append(Diagnostic(SAME_NAME, message, test.span, hint, source=test.source))
    if problems:
        raise DiagnosticError(*problems)
    return Suite(path, tests, update=False)


def _tests(blanked: Source, whole: Source, path: Path, number: int) -> Iterator[RuleTest]:
    """The tests of one block; mistakes are shown in the text of the rule."""
    root = composed(blanked)
    if root is None:
        return
    entries = root.entries("the tests of a rule")
    item = Item(root.node, whole)
    if "test" in entries:
        item = Item(root.entries("the tests of a rule", ("test",))["test"].value.node, whole)
    name = path.stem if not number else f"{path.stem} {number + 1}"
    yield from suite_of(item, path.with_name(f"{name}.tick"), path, update=False).tests


def _blocks(text: str) -> Iterator[str]:
    """The text once for each block, with blanks for everything else, so that every place stays where it is."""
    lines = text.splitlines(keepends=True)
    blank = [_NOT_BLANK.sub(" ", line) for line in lines]
    at = 0
    while at < len(lines):
        if not _BEGIN.match(lines[at].rstrip("\r\n")):
            at += 1
            continue
        end = at
        while end < len(lines) and _COMMENT.match(lines[end]) and (end == at or not _BEGIN.match(lines[end].rstrip())):
            end += 1
        bare = [_COMMENT.sub(lambda found: " " * len(found[0]), line) for line in lines[at:end]]
        yield "".join([*blank[:at], *bare, *blank[end:]])
        at = end
