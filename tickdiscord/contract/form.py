"""A contract as YAML: written for people, who may change it, and read back with places for mistakes."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import yaml

from tickdiscord.config.yaml_nodes import Entry, documents, entries, is_said, literal, span_of
from tickdiscord.contract.model import Contract, Field, Gap, Measurement, Tag
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, Span, collecting, did_you_mean, error
from tickdiscord.gotext import duration_text, parse_duration, parse_rfc3339, rfc3339
from tickdiscord.lambdas import Type

UNKNOWN_KEY = "TD728"
BAD_VALUE = "TD729"

HEAD = """\
# What `tickdiscord points describe` found in {name}. Times are UTC; what is left out is not known.
# `tickdiscord check rule.tick --data` of this file finds what does not go with it.
"""
OF_FIELDS = {each.value: each for each in (Type.BOOL, Type.INT, Type.FLOAT, Type.STRING)}
WIDTH = 10_000
ODD_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line breaks that YAML's other styles write as they are, and read back as spaces."""

T = TypeVar("T")


class Line(dict[str, object]):
    """A mapping that stands in one line."""


class Dumper(yaml.SafeDumper):
    """Writes what a contract is made of."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _line(dumper: Dumper, line: Line) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", line.items(), flow_style=True)


def _text(dumper: Dumper, text: str) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style='"' if ODD_BREAKS.search(text) else None)


Dumper.add_representer(Line, _line)
Dumper.add_representer(str, _text)


def written(contract: Contract, name: str) -> str:
    """The contract as a file; `name` says where it was found."""
    body = {
        "points": contract.points,
        "rejected": contract.rejected or None,
        "first": None if contract.first is None else rfc3339(contract.first),
        "last": None if contract.last is None else rfc3339(contract.last),
        "databases": list(contract.dbrps) or None,
        "more": contract.more or None,
        "measurements": {key: _measurement(each) for key, each in contract.measurements.items()},
    }
    text: str = yaml.dump(_known(body), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
    return HEAD.format(name=" ".join(name.split())) + text


def _measurement(found: Measurement) -> Mapping[str, object]:
    gap = found.longest_gap
    return _known(
        {
            "points": found.points,
            "series": found.series,
            "more": found.more_series or None,
            "cadence": None if found.cadence is None else duration_text(found.cadence),
            "gaps": found.gaps or None,
            "longest_gap": gap and Line(length=duration_text(gap.length), begin=rfc3339(gap.begin)),
            "late": found.late or None,
            "tags": {name: _tag(each) for name, each in found.tags.items()} or None,
            "fields": {name: _field(each) for name, each in found.fields.items()},
        }
    )


def _tag(found: Tag) -> Mapping[str, object]:
    return Line(_known({"values": found.values, "more": found.more or None, "examples": list(found.examples) or None}))


def _field(found: Field) -> Mapping[str, object]:
    types = sorted(each.value for each in found.types)
    counts = Line(sorted((kind.value, count) for kind, count in found.counts.items()))
    said = {
        "type": types[0] if len(types) == 1 else types,
        "count": found.count if len(types) == 1 else counts,
        "min": found.low,
        "max": found.high,
        "step": found.step,
        "examples": list(found.examples) or None,
    }
    return Line(_known(said))


def _known(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def read_contract(text: str, name: str) -> Contract:
    """The contract in a file.

    Raises:
        DiagnosticError: it is no YAML, or something in it is no part of a contract; everything that is wrong.
    """
    source = Source(name, text)
    read = documents(source)
    problems: list[Diagnostic] = []
    found = Contract()
    with collecting(problems, source):
        if len(read) != 1:
            raise error(BAD_VALUE, "a file holds one contract, with `measurements:`", Span(0, 0))
        found = _contract(Keys(entries(read[0], "a contract"), problems), span_of(read[0]))
    if problems:
        raise DiagnosticError(*problems).within(source)
    return found


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a mapping. What is wrong with their values joins the problems, and counts as not said."""

    said: Mapping[str, Entry]
    problems: list[Diagnostic]

    def only(self, *known: str) -> "Keys":
        """Complain about all others."""
        for key, (span, _) in self.said.items():
            if key not in known:
                hint = did_you_mean(key, known) or f"known are: {', '.join(known)}"
                self.problems.append(Diagnostic(UNKNOWN_KEY, f"a contract has no key `{key}` here", span, hint))
        return self

    def get(self, key: str, read: Callable[[yaml.Node], T | None], wanted: str) -> T | None:
        """A value, if it is said."""
        entry = self.said.get(key)
        if entry is None or not is_said(entry):
            return None
        try:
            found = read(entry[1])
        except DiagnosticError as problem:
            self.problems.extend(problem.diagnostics)
            return None
        if found is None:
            self.problems.append(Diagnostic(BAD_VALUE, f"`{key}` is {wanted}", span_of(entry[1])))
        return found

    def number(self, key: str) -> int:
        """A count; 0 if it is not said."""
        return self.get(key, _count, "a number, 0 or more") or 0

    def flag(self, key: str) -> bool:
        return self.get(key, _bool, "true or false") or False

    def duration(self, key: str) -> int | None:
        return self.get(key, _duration, "a duration, such as 10s")

    def time(self, key: str) -> int | None:
        return self.get(key, _time, "a time with its zone, such as 2024-05-01T12:00:00Z")

    def texts(self, key: str) -> Sequence[str]:
        return self.get(key, _texts, "a list of texts") or ()

    def named(self, key: str, what: str, read: "Callable[[Keys], T]") -> dict[str, T]:
        """Parts by name."""

        def parts(node: yaml.Node) -> dict[str, T]:
            return {
                name: read(Keys(entries(each, f"{what} `{name}`"), self.problems))
                for name, (_, each) in entries(node, f"`{key}`").items()
            }

        return self.get(key, parts, "a list of names") or {}


def _contract(keys: Keys, span: Span) -> Contract:
    keys.only("points", "rejected", "first", "last", "databases", "more", "measurements")
    keys.number("points")
    if "measurements" not in keys.said:
        keys.problems.append(Diagnostic(BAD_VALUE, "a contract has `measurements:`", span))
    return Contract(
        keys.named("measurements", "the measurement", _read_measurement),
        keys.time("first"),
        keys.time("last"),
        keys.texts("databases"),
        keys.number("rejected"),
        keys.flag("more"),
    )


def _read_measurement(keys: Keys) -> Measurement:
    keys.only("points", "series", "more", "cadence", "gaps", "longest_gap", "late", "tags", "fields")
    gaps = keys.get("longest_gap", lambda node: _gap(Keys(entries(node, "`longest_gap`"), keys.problems)), "a gap")
    return Measurement(
        keys.number("points"),
        keys.get("series", _count, "a number, 0 or more"),
        keys.flag("more"),
        keys.duration("cadence"),
        keys.number("gaps"),
        gaps,
        keys.number("late"),
        keys.named("tags", "the tag", _read_tag),
        keys.named("fields", "the field", _read_field),
    )


def _gap(keys: Keys) -> Gap:
    keys.only("length", "begin")
    return Gap(keys.duration("length") or 0, keys.time("begin") or 0)


def _read_tag(keys: Keys) -> Tag:
    keys.only("values", "more", "examples")
    return Tag(keys.get("values", _count, "a number, 0 or more"), keys.flag("more"), keys.texts("examples"))


def _read_field(keys: Keys) -> Field:
    keys.only("type", "count", "min", "max", "step", "examples")
    types = keys.get("type", _types, f"one or several of {', '.join(OF_FIELDS)}") or frozenset[Type]()
    low, high = (keys.get(key, _float, "a number") for key in ("min", "max"))
    if low is not None and high is not None and low > high:
        keys.problems.append(Diagnostic(BAD_VALUE, "`min` is larger than `max`", span_of(keys.said["min"][1])))
    step = keys.get("step", _float, "a number")
    return Field(types, _counts(keys, types), low, high, step, keys.texts("examples"))


def _counts(keys: Keys, types: frozenset[Type]) -> Mapping[Type, int]:
    """How often each type came: a number for one type, else a number for each."""
    entry = keys.said.get("count")
    if entry is None or not isinstance(entry[1], yaml.MappingNode):
        count = keys.number("count")
        return dict.fromkeys(types, count) if len(types) == 1 else {}
    each = Keys(entries(entry[1], "`count`"), keys.problems).only(*OF_FIELDS)
    return {kind: each.number(name) for name, kind in OF_FIELDS.items() if name in each.said}


def _value(node: yaml.Node) -> object:
    return getattr(literal(node), "value", None) if isinstance(node, yaml.ScalarNode) else None


def _count(node: yaml.Node) -> int | None:
    value = _value(node)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _bool(node: yaml.Node) -> bool | None:
    value = _value(node)
    return value if isinstance(value, bool) else None


def _float(node: yaml.Node) -> float | None:
    value = _value(node)
    if not isinstance(value, float | int) or isinstance(value, bool):
        return None
    return value if abs(value) < math.inf else None


def _duration(node: yaml.Node) -> int | None:
    try:
        return parse_duration(_word(node))
    except ValueError:
        return None


def _time(node: yaml.Node) -> int | None:
    try:
        return parse_rfc3339(_word(node))
    except ValueError:
        return None


def _word(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _texts(node: yaml.Node) -> Sequence[str] | None:
    if not isinstance(node, yaml.SequenceNode):
        return None
    items = cast("list[yaml.Node]", node.value)
    return tuple(map(_word, items)) if all(isinstance(each, yaml.ScalarNode) for each in items) else None


def _types(node: yaml.Node) -> frozenset[Type] | None:
    names = _texts(node) if isinstance(node, yaml.SequenceNode) else (_word(node),)
    if names is None or not set(names) <= OF_FIELDS.keys():
        return None
    return frozenset(OF_FIELDS[name] for name in names)
