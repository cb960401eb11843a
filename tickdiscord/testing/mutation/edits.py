"""Changes of a text, so that what is changed is the text that its author wrote, and a difference shows only that."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tickdiscord.diagnostics import Source, Span

CONTEXT = 1
"""Lines before and behind a change that a difference shows."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Put a text in the place of a piece of another one."""

    span: Span
    text: str = ""


Edits = tuple[Edit, ...]
"""Changes that belong together; their pieces do not overlap."""


def edited(text: str, edits: Edits) -> str:
    """A text with some changes carried out."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda each: each.span.start):
        pieces += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*pieces, text[at:]])


def without(items: Sequence[Span], index: int) -> Edit:
    """Leave out one of some items that stand in a row, separated by commas."""
    own = items[index]
    if index + 1 < len(items):
        return Edit(Span(own.start, items[index + 1].start))
    return Edit(Span(items[index - 1].end, own.end) if index else own)


def difference(source: Source, text: str) -> Iterator[str]:
    """The lines of a unified diff from a text to another one."""
    before, after = source.text.splitlines(), text.splitlines()
    yield from difflib.unified_diff(before, after, source.name, "mutant", n=CONTEXT, lineterm="")
