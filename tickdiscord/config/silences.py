"""Silences: the `[[silence]]` sections of a configuration, and files of their own, TOML or YAML.

A TOML file has the same sections; a YAML file is a list of mappings with the same keys, or one such mapping a document.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import tomli
import yaml

from tickdiscord.alert.silences import ALWAYS, Silence
from tickdiscord.config.files import listed, read_text
from tickdiscord.config.section import Section
from tickdiscord.config.yaml_nodes import documents, entries, literal, span_of
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, Span, collecting, did_you_mean, error
from tickdiscord.gotext import parse_rfc3339
from tickdiscord.syntax import tree

WRONG = "TD540"
BACKWARDS = "TD541"
OVERLAPPING = "TD542"

SECTION = "silence"
KEYS = ("id", "tags", "from", "until", "comment")
ENDINGS = (".yaml", ".yml", ".json", ".toml")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one silence, wherever that is: values by key, and where they stand."""

    values: Mapping[str, object]
    places: Mapping[str, Span]
    place: Span | None
    source: Source

    def at(self, key: str) -> Span | None:
        return self.places.get(key, self.place)

    def wrong(self, key: str, message: str, hint: str = "", code: str = WRONG) -> DiagnosticError:
        return error(code, message, self.at(key), hint, self.source)


def read_silences(paths: Sequence[Path]) -> list[Silence]:
    """The silences in files and folders.

    Raises:
        DiagnosticError: a file cannot be read, or something in it is wrong; everything that is.
    """
    problems: list[Diagnostic] = []
    said: list[Said] = []
    for path in listed(paths, ENDINGS):
        with collecting(problems):
            source = Source(str(path), read_text(path))
            said += _of_toml(source) if path.suffix == ".toml" else _of_yaml(source)
    return silences(said, problems)


def silences(said: Sequence[Said], problems: list[Diagnostic]) -> list[Silence]:
    """The silences that are said.

    Raises:
        DiagnosticError: something is wrong with them, or went wrong before.
    """
    found: list[Silence] = []
    for each in said:
        with collecting(problems):
            silence = _silence(each)
            twice = next((other for other in found if other.same(silence) and other.meets(silence)), None)
            found.append(silence)
            if twice is not None:
                about = f" (`{twice.comment}`)" if twice.comment else ""
                message = f"another silence of the same events overlaps with this one{about}"
                raise each.wrong("from", message, "make them one, or let one end where the other begins", OVERLAPPING)
    if problems:
        raise DiagnosticError(*problems)
    return found


def of_sections(given: object, source: Source) -> list[Said]:
    """What the `[[silence]]` sections of TOML say.

    Raises:
        DiagnosticError: they are no sections.
    """
    listed_ones = cast("list[object]", given) if isinstance(given, list) else [given]
    if not all(isinstance(each, dict) for each in listed_ones):
        raise error(WRONG, f"`{SECTION}` must be a section: `[[{SECTION}]]`", source=source)
    sections = cast("list[Mapping[str, object]]", listed_ones)
    return [Said(each, *_places(source, number), source) for number, each in enumerate(sections)]


def _of_toml(source: Source) -> list[Said]:
    try:
        values = tomli.loads(source.text)
    except (tomli.TOMLDecodeError, RecursionError) as problem:
        raise error(WRONG, f"not TOML: {problem}", source=source) from None
    for key in values:
        if key != SECTION:
            raise error(WRONG, f"a file of silences has `[[{SECTION}]]` sections, no `{key}`", source=source)
    return of_sections(values.get(SECTION, []), source)


def _of_yaml(source: Source) -> list[Said]:
    nodes: list[yaml.Node] = []
    for document in documents(source):
        whole = isinstance(document, yaml.SequenceNode)
        nodes += cast("list[yaml.Node]", document.value) if whole else [document]
    found: list[Said] = []
    for node in nodes:
        try:
            said = entries(node, "a silence")
            values = {key: _plain(key, value) for key, (_, value) in said.items()}
        except DiagnosticError as problem:
            placed = (Diagnostic(d.code, d.message, d.span, d.hint, d.severity, source) for d in problem.diagnostics)
            raise DiagnosticError(*placed) from None
        found.append(Said(values, {key: place for key, (place, _) in said.items()}, span_of(node), source))
    return found


def _plain(key: str, node: yaml.Node) -> object:
    if key == "tags":
        return {name: _plain("", value) for name, (_, value) in entries(node, "`tags`").items()}
    found = literal(node)
    return found.value if isinstance(found, tree.String) else found


def _places(source: Source, number: int) -> tuple[Mapping[str, Span], Span | None]:
    """Where the keys of a section of TOML stand, and the section itself."""
    section = Section(SECTION, number, {}, source)
    places = {key: place for key in KEYS if (place := section.place(key)) is not None}
    return places, section.place()


def _silence(said: Said) -> Silence:
    for key in said.values:
        if key not in KEYS:
            hint = did_you_mean(key, KEYS) or f"it has: {', '.join(KEYS)}"
            raise said.wrong(key, f"a silence has no key `{key}`", hint)
    id, comment = _text(said, "id"), _text(said, "comment")
    tags = _tags(said)
    if not id and not tags:
        hint = "`id` is an event's id, `tags` are some of its tags; `*` stands for any text"
        raise said.wrong("id", "a silence says which events it holds back: an `id`, or `tags`", hint)
    since, until = _moment(said, "from"), _moment(said, "until")
    if until is None:
        raise said.wrong("until", "a silence ends some time: `until`", "such as 2024-03-01T06:00:00Z")
    if since is not None and until <= since:
        raise said.wrong("until", "the silence ends before it begins", "exchange `from` and `until`", BACKWARDS)
    return Silence(id or "*", tags, ALWAYS if since is None else since, until, comment)


def _text(said: Said, key: str) -> str:
    value = said.values.get(key, "")
    if not isinstance(value, str):
        raise said.wrong(key, f"`{key}` wants a string")
    return value


def _tags(said: Said) -> Mapping[str, str]:
    value = said.values.get("tags", {})
    if not isinstance(value, dict):
        raise said.wrong("tags", "`tags` are names with values", 'such as tags = { host = "db1" }')
    named = cast("dict[str, object]", value)
    for name, wanted in named.items():
        if not isinstance(wanted, str):
            raise said.wrong("tags", f"the value of the tag `{name}` wants to be a string")
    return cast("Mapping[str, str]", named)


def _moment(said: Said, key: str) -> int | None:
    """A time in nanoseconds: RFC 3339, as a text or as TOML has it."""
    value: Any = said.values.get(key)
    if value is None:
        return None
    text = value.isoformat() if isinstance(value, datetime.datetime) and value.tzinfo else value
    try:
        return parse_rfc3339(text.replace(" ", "T", 1) if isinstance(text, str) else "")
    except ValueError:
        hint = "with its zone: 2024-03-01T06:00:00Z, or 2024-03-01T06:00:00+01:00"
        raise said.wrong(key, f"`{key}` is no time", hint) from None
