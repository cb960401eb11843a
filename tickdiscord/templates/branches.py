"""The places where a template goes one way or another: what may be seen of it while it is rendered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tickdiscord.diagnostics import Span
from tickdiscord.templates import tree

Seen = Callable[[int, object], object]
"""Is told the number of a branch and what decides it, and gives that back."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition of `if` or `with`, or what `range` walks over; `text` is its action, `span` its pipeline."""

    text: str
    span: Span
    loop: bool = False


def branches(templates: tree.TemplateSet) -> tuple[Branch, ...]:
    """All branches of a template and of those that are defined in it, in the order of the text.

    html/template makes copies of bodies; a copy is the same branch.
    """
    found = (branch for body in templates.bodies.values() for item in tree.walk(body) for branch in _of(item))
    return tuple(sorted(dict.fromkeys(found), key=lambda each: each.span.start))


def _of(item: tree.Item) -> Iterator[Branch]:
    match item:
        case tree.If(branches=pairs) | tree.With(branches=pairs):
            word = "if" if isinstance(item, tree.If) else "with"
            for number, (pipeline, _) in enumerate(pairs):
                yield Branch(f"{{{{{'else ' if number else ''}{word} {pipeline}}}}}", pipeline.span)
        case tree.Range(pipeline=pipeline):
            yield Branch(f"{{{{range {pipeline}}}}}", pipeline.span, loop=True)
        case _:
            pass
