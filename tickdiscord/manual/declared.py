"""What a declaration says, as a table of Markdown: arguments and properties with their types and defaults."""

from collections.abc import Iterator, Mapping, Sequence

from tickdiscord.graph.calls import written
from tickdiscord.manual.codes import SCRIPT
from tickdiscord.manual.examples import POINTS, Shown
from tickdiscord.properties import Property, properties_of


def call(name: str, declared: type, chained: str) -> str:
    """How a script makes it: `|percentile(field, percentile)`."""
    shown = [f"{_named(found)}{'…' if found.rest else ''}" for found in _positional(declared)]
    return f"{chained}{name}({', '.join(shown)})"


def table(declared: type, left_out: Sequence[str] = (), options: Mapping[str, Property] | None = None) -> str:
    """Its arguments, then its properties; nothing if it has none. `options` are their names in handler files."""
    named = None if options is None else {found.name: option for option, found in options.items()}
    rows = [
        [name, *([_option(named, found)] if named is not None else []), _types(found), _default(found), said]
        for name, found, said in _rows(declared, left_out)
    ]
    head = ["", *(["option"] if named is not None else []), "type", "default", ""]
    return "\n".join(map(_line, [head, ["---"] * len(head), *rows])) if rows else ""


def example(shown: Shown) -> str:
    """The files of an example, its command, and what that prints or writes."""
    blocks: list[str] = []
    for name, text in shown.example.files.items():
        head = "" if name in (SCRIPT, POINTS) else f"`{name}`:\n\n"
        blocks.append(f"{head}```\n{text.rstrip()}\n```")
    commands = [f"$ tickdiscord {shown.example.command}", *([f"$ cat {shown.file}"] if shown.file else [])]
    result = "\n".join([*commands, shown.out])
    return "\n\n".join([*blocks, f"```\n{result.rstrip()}\n```"])


def anchor(heading: str) -> str:
    """Where a heading is found in its page, as GitHub makes it."""
    return "".join(each for each in heading.lower().replace(" ", "-") if each.isalnum() or each in "-_")


def cell(text: str) -> str:
    """A text within a table: a bar stands for itself, also within code."""
    return text.replace("|", "\\|").replace("\n", " ")


def _positional(declared: type) -> list[Property]:
    return [found for found in properties_of(declared).values() if found.positional]


def _named(found: Property) -> str:
    return found.attribute.strip("_")


def _rows(declared: type, left_out: Sequence[str]) -> Iterator[tuple[str, Property, str]]:
    for found in _positional(declared):
        yield f"*{_named(found)}*", found, cell(found.doc)
    for name, found in properties_of(declared).items():
        if not found.positional and name not in left_out:
            more = " May be said several times." if found.repeatable else ""
            yield f"`.{name}()`" if name.isidentifier() else "", found, cell(found.doc) + more


def _option(named: Mapping[str, str], found: Property) -> str:
    return f"`{named[found.name]}`" if found.name in named else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _types(found: Property) -> str:
    if found.rest is not None and {*found.required} <= {found.rest}:
        return f"{found.rest.name}…"
    shown = [each.name for each in found.required] + [f"[{each.name}]" for each in found.optional]
    between = "; " if any("," in name for name in shown) else ", "
    return between.join([*shown, *([f"{found.rest.name}…"] if found.rest else [])]) or "–"


def _default(found: Property) -> str:
    """What it is when nobody says it; nothing where that is nothing."""
    if found.default is None or found.default is False or found.default in ((), ""):
        return ""
    return f"`{cell(written(found, found.default))}`"
