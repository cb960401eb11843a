"""The test files of kapacitor-unit, unchanged: their counts keep their meaning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tickdiscord.alert.level import Level
from tickdiscord.config.files import read_text
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, collecting
from tickdiscord.points.precision import Precision
from tickdiscord.testing.rules.document import Entry, Item, composed, suggestion
from tickdiscord.testing.rules.expectations import Amount, Counts, Expectation
from tickdiscord.testing.rules.feed import Feed, FileSource
from tickdiscord.testing.rules.feed import Source as Points
from tickdiscord.testing.rules.moments import SECOND
from tickdiscord.testing.rules.reading import NOTHING
from tickdiscord.testing.rules.reading_points import POINTS, Defaults, sources
from tickdiscord.testing.rules.suite import RuleTest, Setup, Suite

RULE = "TD765"

TEST_KEYS = (
    "name description task_name task_script task_id db rp type data data_path recording_id precision expects clock "
    "offset_unit reset_topics shift"
).split()
RULE_KEYS = ("task_name", "task_script", "task_id")
LEVELS = {"ok": Level.OK, "warn": Level.WARNING, "crit": Level.CRITICAL}
RECORDINGS = (".srpl", ".srpl.gz", "")


def is_kapacitor_unit(root: Item) -> bool:
    """Whether a document is one of kapacitor-unit: a list of tests, or `tests:`, whose tests name a task."""
    tests = root
    if root.is_mapping:
        entries = root.entries("a test file")
        if list(entries) != ["tests"]:
            return False
        tests = entries["tests"].value
    return tests.is_list and any(
        each.is_mapping and not {*RULE_KEYS, "expects"}.isdisjoint(each.entries("a test")) for each in tests.items()
    )


def looks_alike(text: str) -> bool:
    """Whether a text may be such a file, which is found out without reading it as YAML."""
    return "expects:" in text and any(f"{key}:" in text for key in RULE_KEYS)


def read_kapacitor_unit(root: Item, path: Path, scripts: Path | None) -> Suite:
    """The tests of such a file. Scripts are looked for beside it, then in the folder `scripts`.

    Raises:
        DiagnosticError: something in it is wrong; everything that is.
    """
    tests = root.entries("a test file")["tests"].value if root.is_mapping else root
    problems: list[Diagnostic] = []
    found: list[RuleTest] = []
    for index, item in enumerate(tests.items()):
        with collecting(problems):
            found.append(_test(item, index, path, scripts))
    if not found and not problems:
        problems += root.wrong(NOTHING, "there is no test in this file").diagnostics
    if problems:
        raise DiagnosticError(*problems)
    data = [
        path.parent / item.entries("a test")["data_path"].value.raw
        for item in tests.items()
        if "data_path" in item.entries("a test")
    ]
    return Suite(path, list(_numbered(found)), data, update=False)


def _numbered(tests: Sequence[RuleTest]) -> Iterator[RuleTest]:
    """kapacitor-unit takes several tests of one name; here the second one says so."""
    seen: dict[str, int] = {}
    for test in tests:
        number = seen[test.name] = seen.get(test.name, 0) + 1
        yield test if number == 1 else replace(test, name=f"{test.name} ({number})")


def _test(item: Item, index: int, path: Path, scripts: Path | None) -> RuleTest:
    entries = item.entries("a test of kapacitor-unit", TEST_KEYS)
    name = entries["name"].value.text("`name`") if "name" in entries else f"test {index + 1}"
    rule = _rule(item, entries, path, scripts)
    database = (_text(entries, "db"), _text(entries, "rp"))
    anchor = entries["name"].value if "name" in entries else item
    return RuleTest(
        name=name,
        setup=Setup(rules=(rule,), database=database if all(database) else None),
        feed=Feed(_points(entries, path), database=database if all(database) else ("", "")),
        expect=(_expected(entries),),
        span=anchor.span,
        source=item.source,
    )


def _text(entries: Mapping[str, Entry], key: str) -> str:
    return entries[key].value.raw if key in entries else ""


def _rule(item: Item, entries: Mapping[str, Entry], path: Path, scripts: Path | None) -> Path:
    key = next((key for key in RULE_KEYS if key in entries), None)
    if key is None:
        raise item.wrong(RULE, "the test names no rule", "add `task_name: cpu.tick`")
    name = entries[key].value.text(f"`{key}`")
    folders = [path.parent, *([scripts] if scripts else [])]
    for folder in folders:
        for candidate in (folder / name, folder / f"{name}.tick"):
            if candidate.is_file():
                return candidate
    places = " and ".join(f"`{folder}`" for folder in folders)
    hint = "" if scripts else "say where the rules are: --scripts DIR"
    raise entries[key].value.wrong(RULE, f"there is no rule `{name}` in {places}", hint)


def _points(entries: Mapping[str, Entry], path: Path) -> Sequence[Points]:
    """Lines without a time come a second apart; there they would come as fast as they are sent."""
    precision = Precision.as_kapacitor(_text(entries, "precision"))
    defaults = Defaults(path.parent, SECOND, precision, as_written=True)
    if "recording_id" in entries:
        return [_recording(entries["recording_id"].value, path, precision)]
    if "data_path" in entries:
        item = entries["data_path"].value
        file = path.parent / item.text("`data_path`")
        root = composed(Source(str(file), read_text(file)))
        return sources(root, defaults) if root else ()
    return sources(entries["data"].value, defaults) if "data" in entries else ()


def _recording(item: Item, path: Path, precision: Precision) -> FileSource:
    name = item.text("`recording_id`")
    for ending in RECORDINGS:
        file = path.parent / f"{name}{ending}"
        if file.is_file():
            return FileSource(file, precision)
    hint = "copy it from the server, out of Kapacitor's folder `replay`"
    raise item.wrong(POINTS, f"there is no recording `{name}.srpl` beside the test file", hint)


def _expected(entries: Mapping[str, Entry]) -> Expectation:
    """kapacitor-unit compares the events of all alerts of the task; a level that is not said has none."""
    counts: dict[Level | None, Amount] = {level: Amount(0, 0) for level in LEVELS.values()}
    entry = entries.get("expects")
    if entry is None:
        return Counts(counts)
    for name, each in entry.value.entries("`expects`").items():
        if name not in LEVELS:
            raise each.key.wrong(RULE, f"`expects` has no key `{name}`", suggestion(name, list(LEVELS)))
        number = each.value.count(f"`{name}`")
        counts[LEVELS[name]] = Amount(number, number)
    return Counts(counts, span=entry.key.span)
