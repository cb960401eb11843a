"""`--update`: what came out of a test, written into its file, with comments and order as they are."""

import importlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tickdiscord.alert.event import Published
from tickdiscord.diagnostics import error
from tickdiscord.testing.rules.comparing_events import in_scope
from tickdiscord.testing.rules.expectations import Counts, LevelAt, NodeOutput, Timeline
from tickdiscord.testing.rules.expectations import Path as DocumentPath
from tickdiscord.testing.rules.mismatch import Mismatch
from tickdiscord.testing.rules.moments import offset_text
from tickdiscord.testing.rules.patterns import EventPattern, TextPattern
from tickdiscord.testing.rules.run import Observed
from tickdiscord.testing.rules.showing import event_line, given_line

MISSING = "TD771"

Written = str | int | list[str]
"""What is written: a line, a number, or the lines of a timeline."""


def updates(found: Sequence[Mismatch], observed: Observed) -> Iterator[tuple[DocumentPath, Written]]:
    """What to write, and where, so that expectations that do not hold hold; others are left as they are."""
    for each in found:
        expectation = each.expectation
        if not expectation.path:
            continue
        match expectation:
            case Timeline():
                got = in_scope(expectation.scope, observed)
                like = expectation.events if len(expectation.events) == len(got) else ()
                yield (
                    expectation.path,
                    [
                        _line(event, like[index] if like else None, observed.start, expectation.scope.group)
                        for index, event in enumerate(got)
                    ],
                )
            case Counts():
                got = in_scope(expectation.scope, observed)
                for level in expectation.counts:
                    number = len(got) if level is None else sum(one.event.state.level == level for one in got)
                    name = "events" if level is None else str(level)
                    yield (*expectation.path, name), number
            case LevelAt() if each.rows:
                yield expectation.path, each.rows[0].got.split()[-1]
            case NodeOutput():
                given = observed.probes.given(expectation.node) or []
                lines = [f"{offset_text(one.time, observed.start)} {given_line(one)}".strip() for one in given]
                yield expectation.path, lines if expectation.amount is None else len(lines)
            case _:
                pass


def _line(published: Published, like: EventPattern | None, start: int, group: str | None) -> str:
    """An event as a test would say it: with its message, unless the line that stood there left it out."""
    pattern = like or EventPattern(message=TextPattern(""))
    line = event_line(published, pattern, message=pattern.message is not None)
    if group is not None and published.event.group and line.startswith(f"{published.event.group} "):
        line = line.removeprefix(f"{published.event.group} ")
    return f"{offset_text(published.event.state.time, start)} {line}"


def require() -> None:
    """See that files can be written.

    Raises:
        DiagnosticError: the library for it is missing.
    """
    try:
        importlib.import_module("ruamel.yaml")
    except ImportError:
        hint = "pip install 'tickdiscord[test]'"
        raise error(MISSING, "`--update` needs the package ruamel.yaml, which is not installed", hint=hint) from None


def write(path: Path, wanted: Mapping[DocumentPath, Written]) -> int:
    """Write values into a test file; how many were written.

    Raises:
        DiagnosticError: the file cannot be written.
    """
    library: Any = importlib.import_module("ruamel.yaml")
    yaml: Any = library.YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        text = path.read_text(encoding="utf-8")
        _match_indent(yaml, text)
        document: Any = yaml.load(text)
        for place, value in wanted.items():
            _put(document, place, value, library)
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(document, file)
    except OSError as problem:
        raise error(MISSING, f"`{path}` cannot be written: {problem.strerror or problem}") from None
    return len(wanted)


def _match_indent(yaml: Any, text: str) -> None:
    """Lists as the file has them: below their key, or further in."""
    lines = text.splitlines()
    for before, line in itertools.pairwise(lines):
        if before.rstrip().endswith(":") and line.lstrip().startswith("- "):
            further = len(line) - len(line.lstrip()) - (len(before) - len(before.lstrip(" -")))
            yaml.indent(mapping=2, sequence=2 + max(0, further), offset=max(0, further))
            return


def _put(document: Any, place: DocumentPath, value: Written, library: Any) -> None:
    *way, last = place
    parent: Any = document
    for step in way:
        parent = parent[step]
    old: Any = parent.get(last) if hasattr(parent, "get") else parent[last]
    if not isinstance(value, list):
        parent[last] = value
    elif isinstance(old, str) and "\n" in old:
        parent[last] = library.scalarstring.LiteralScalarString("\n".join(value) + "\n")
    elif hasattr(old, "fa") and hasattr(old, "append"):
        _replace_items(old, value)
    else:
        parent[last] = _listed(value, library)


def _replace_items(old: Any, lines: list[str]) -> None:
    """Items that stay keep their comments."""
    del old[len(lines) :]
    for index, line in enumerate(lines):
        if index >= len(old):
            old.append(line)
        elif old[index] != line:
            old[index] = line
    if not lines:
        old.fa.set_flow_style()


def _listed(lines: list[str], library: Any) -> Any:
    found: Any = library.comments.CommentedSeq(lines)
    if not lines:
        found.fa.set_flow_style()
    return found
