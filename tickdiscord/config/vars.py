"""Vars files, as `kapacitor define` takes them: JSON or YAML, values for a script's vars, perhaps a whole task."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from tickdiscord.config.files import read_text
from tickdiscord.config.values import EXAMPLES, from_node, span_of
from tickdiscord.config.yaml_nodes import check_size
from tickdiscord.diagnostics import (
    Diagnostic,
    DiagnosticError,
    Source,
    Span,
    collecting,
    did_you_mean,
    error,
)
from tickdiscord.pipeline.pipeline import Dbrp
from tickdiscord.syntax import tree

SYNTAX = "TD431"
UNKNOWN_KEY = "TD432"
TYPE = "TD433"
TWICE = "TD434"

KEYS = ("id", "template-id", "dbrps", "vars")
VAR_KEYS = ("type", "value", "description", "default")
"""The last is only for people: `tickdiscord vars` writes it."""
DBRP_KEYS = ("db", "rp")

Entries = dict[str, tuple[Span, yaml.Node]]
"""The keys of a mapping: their places and their values."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class VarsFile:
    """What a vars file says. `task` and `template` are empty where it says nothing of them."""

    path: Path
    vars: Mapping[str, tree.Expression] = field(default_factory=dict[str, tree.Expression])
    task: str = ""
    template: str = ""
    dbrps: Sequence[Dbrp] = ()


def read_vars(path: Path) -> VarsFile:
    """The values in a vars file.

    It is an object of vars, each `{"type", "value"}`; or, with `vars` in it, the definition of a task, which may have
    `id`, `template-id` and `dbrps` besides. A value that is null fills nothing.

    Raises:
        DiagnosticError: the file cannot be read, or something in it is wrong; everything that is.
    """
    text = read_text(path)
    if text.lstrip().startswith("{"):
        text = _as_yaml(text)
    source = Source(str(path), text)
    problems: list[Diagnostic] = []
    found = VarsFile(path)
    with collecting(problems, source):
        entries = _entries(_root(source), "a vars file")
        found = _task(path, entries, problems) if _is_task(entries) else VarsFile(path, _vars(entries, problems))
    if problems:
        raise DiagnosticError(*problems).within(source)
    return found


def _as_yaml(json: str) -> str:
    """JSON in a form that YAML takes as well: no tabs between the values, no characters in two halves."""
    whole = _SURROGATES.sub(lambda pair: chr(0x10000 + (_half(pair[1]) << 10) + _half(pair[2])), json)
    return whole.replace("\t", " ")


def _half(hexadecimal: str) -> int:
    return int(hexadecimal, 16) & 0x3FF


def _root(source: Source) -> yaml.Node:
    try:
        root = cast("yaml.Node | None", yaml.compose(source.text, Loader=_Loader))  # pyright: ignore[reportUnknownMemberType]
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = min(mark.index, len(source.text)) if mark else 0
        raise error(SYNTAX, f"neither JSON nor YAML: {problem.problem}", Span(place, place + 1)) from None
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise error(SYNTAX, f"neither JSON nor YAML: {str(problem).splitlines()[0]}") from None
    if root is None:
        raise error(SYNTAX, "the file is empty", hint='write {"limit": {"type": "float", "value": 5.0}}')
    check_size(root, source, SYNTAX)
    return root


def _entries(node: yaml.Node, what: str) -> Entries:
    if not isinstance(node, yaml.MappingNode):
        raise error(SYNTAX, f"{what} is an object of keys with values", span_of(node))
    entries: Entries = {}
    for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        if not isinstance(key, yaml.ScalarNode):
            raise error(SYNTAX, f"the keys of {what} are names", span_of(key))
        name = str(key.value)
        if name in entries:
            raise error(TWICE, f"`{name}` stands twice", span_of(key))
        entries[name] = (span_of(key), value)
    return entries


def _is_task(entries: Entries) -> bool:
    """Whether these are the keys of a task; a var may have the same name, but then it has a type."""
    return any(name in KEYS and not _is_var(node) for name, (_, node) in entries.items())


def _is_var(node: yaml.Node) -> bool:
    if not isinstance(node, yaml.MappingNode):
        return False
    keys = {str(key.value): value for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value)}
    return isinstance(keys.get("type"), yaml.ScalarNode)


def _task(path: Path, entries: Entries, problems: list[Diagnostic]) -> VarsFile:
    problems += [_unknown(name, place, KEYS) for name, (place, _) in entries.items() if name not in KEYS]
    given: Mapping[str, tree.Expression] = {}
    with collecting(problems):
        if _said(entries.get("vars")):
            given = _vars(_entries(entries["vars"][1], "`vars`"), problems)
    dbrps: list[Dbrp] = []
    with collecting(problems):
        dbrps = _dbrps(entries["dbrps"][1]) if _said(entries.get("dbrps")) else []
    return VarsFile(path, given, _text(entries, "id"), _text(entries, "template-id"), dbrps)


def _said(entry: tuple[Span, yaml.Node] | None) -> bool:
    return entry is not None and not (isinstance(entry[1], yaml.ScalarNode) and entry[1].value in ("", "null", "~"))


def _text(entries: Entries, key: str) -> str:
    if not _said(entries.get(key)):
        return ""
    node = entries[key][1]
    if not isinstance(node, yaml.ScalarNode):
        raise error(SYNTAX, f"`{key}` is a name", span_of(node))
    return str(node.value)


def _dbrps(node: yaml.Node) -> list[Dbrp]:
    if not isinstance(node, yaml.SequenceNode):
        raise error(SYNTAX, "`dbrps` is a list", span_of(node), '[{"db": "telegraf", "rp": "autogen"}]')
    found: list[Dbrp] = []
    for each in cast("list[yaml.Node]", node.value):
        entries = _entries(each, "a dbrp")
        if set(entries) != set(DBRP_KEYS):
            raise error(SYNTAX, "a dbrp has the keys `db` and `rp`", span_of(each))
        found.append(Dbrp(_text(entries, "db"), _text(entries, "rp")))
    return found


def _vars(entries: Entries, problems: list[Diagnostic]) -> Mapping[str, tree.Expression]:
    given: dict[str, tree.Expression] = {}
    for name, (place, node) in entries.items():
        with collecting(problems):
            value = _var(name, place, node, problems)
            if value is not None:
                given[name] = value
    return given


def _var(name: str, place: Span, node: yaml.Node, problems: list[Diagnostic]) -> tree.Expression | None:
    hint = f'write "{name}": {{"type": "int", "value": 5}}'
    if not isinstance(node, yaml.MappingNode):
        raise error(TYPE, f"`{name}` has no type", place, hint)
    entries = _entries(node, f"`{name}`")
    problems += [_unknown(key, span, VAR_KEYS) for key, (span, _) in entries.items() if key not in VAR_KEYS]
    type = _text(entries, "type")
    if type not in EXAMPLES:
        span = span_of(entries["type"][1]) if type else place
        message = f"there is no type `{type}`" if type else f"`{name}` has no type"
        raise error(TYPE, message, span, did_you_mean(type, EXAMPLES) or f"types are: {', '.join(EXAMPLES)}")
    if "value" not in entries:
        if type == "star":
            return tree.Star()
        raise error(TYPE, f"`{name}` has no value", place, f'write "value": {EXAMPLES[type]}')
    return from_node(type, entries["value"][1])


def _unknown(key: str, place: Span, known: Sequence[str]) -> Diagnostic:
    return Diagnostic(UNKNOWN_KEY, f"there is no key `{key}`", place, did_you_mean(key, known) or ", ".join(known))
