"""Tables: one test over a list of cases, each of which fills in or replaces a part of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import yaml

from tickdiscord import regex
from tickdiscord.testing.rules.document import UNKNOWN_KEY, Entry, Item, suggestion

_PARAMETER = regex.compile(r"\$(\w+)|\$\{(\w+)\}")


def parameters(entries: Mapping[str, Entry], known: Sequence[str], test: Mapping[str, Entry]) -> Mapping[str, Item]:
    """What a case fills in: its entries that are no keys of tests.

    Raises:
        DiagnosticError: one of them stands nowhere in the test.
    """
    used = {name for entry in test.values() for name in _used(entry.value.node)}
    found: dict[str, Item] = {}
    for name, entry in entries.items():
        if name in known:
            continue
        if name not in used:
            hint = suggestion(name, [*known, *sorted(used)])
            raise entry.key.wrong(
                UNKNOWN_KEY, f"`{name}` is no key of a test, and `${name}` stands nowhere in it", hint
            )
        found[name] = entry.value
    return found


def filled(entry: Entry, given: Mapping[str, Item]) -> Entry:
    """An entry with `$name` and `${name}` replaced: by the value itself where nothing else stands, else by its text."""
    return Entry(entry.key, Item(_filled(entry.value.node, given), entry.value.source))


def _filled(node: yaml.Node, given: Mapping[str, Item]) -> yaml.Node:
    marks = (node.start_mark, node.end_mark)
    match node:
        case yaml.ScalarNode():
            text = str(node.value)
            if "$" not in text:
                return node
            whole = _PARAMETER.fullmatch(text)
            name = (whole.group(1) or whole.group(2)) if whole else None
            if name is not None and name in given:
                return given[name].node
            return yaml.ScalarNode(node.tag, _replaced(text, given), *marks, style=node.style)
        case yaml.SequenceNode():
            items = [_filled(each, given) for each in cast("list[yaml.Node]", node.value)]
            return yaml.SequenceNode(node.tag, items, *marks)
        case yaml.MappingNode():
            pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
            return yaml.MappingNode(node.tag, [(_filled(k, given), _filled(v, given)) for k, v in pairs], *marks)
        case _:
            return node


def _replaced(text: str, given: Mapping[str, Item]) -> str:
    pieces: list[str] = []
    at = 0
    while found := _PARAMETER.search(text, at):
        name = found.group(1) or found.group(2) or ""
        pieces += [text[at : found.start()], given[name].raw if name in given else text[found.start() : found.end()]]
        at = found.end()
    return "".join([*pieces, text[at:]])


def _used(node: yaml.Node) -> Iterator[str]:
    match node:
        case yaml.ScalarNode():
            at = 0
            while found := _PARAMETER.search(str(node.value), at):
                yield found.group(1) or found.group(2) or ""
                at = found.end()
        case yaml.SequenceNode():
            for each in cast("list[yaml.Node]", node.value):
                yield from _used(each)
        case yaml.MappingNode():
            for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                yield from _used(key)
                yield from _used(value)
        case _:
            pass
