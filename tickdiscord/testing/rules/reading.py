"""Reads a test file: what stands in it is checked whole, with the place of every mistake, before anything runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from tickdiscord.config.files import read_text
from tickdiscord.config.kapacitor import ON_ERROR, zone_named
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, collecting, error
from tickdiscord.nodes.step import OnError
from tickdiscord.points.precision import Precision
from tickdiscord.testing.rules.cases import filled, parameters
from tickdiscord.testing.rules.document import WRONG_TYPE, Entry, Item, composed, suggestion
from tickdiscord.testing.rules.expectations import Expectation, Timeline
from tickdiscord.testing.rules.expectations import Path as DocumentPath
from tickdiscord.testing.rules.feed import Feed
from tickdiscord.testing.rules.moments import SECOND, Moment
from tickdiscord.testing.rules.reading_expect import expectations
from tickdiscord.testing.rules.reading_points import Defaults, read_duration, read_moment, sources
from tickdiscord.testing.rules.suite import FAULTS, Circumstances, Fault, RuleTest, Setup, Suite

NOTHING = "TD761"
SAME_NAME = "TD762"
INCLUDE = "TD763"
VALUE = "TD764"

SHARED_KEYS = (
    "rule rules vars vars_file config handlers dbrp points start interval until precision order timezone on_error "
    "expect_groups faults"
).split()
TEST_KEYS = ("name", "expect", "todo", "cases", *SHARED_KEYS)
FILE_KEYS = ("include", "tests", *TEST_KEYS)

DEFAULT_INTERVAL = 10 * SECOND

Entries = Mapping[str, Entry]


def suite_of(root: Item, path: Path, rule: Path | None = None, update: bool = True) -> Suite:
    """The tests under the root of a document; `rule` is the rule that is meant where none is named.

    Raises:
        DiagnosticError: something is wrong; everything that is.
    """
    problems: list[Diagnostic] = []
    entries = root.entries("a test file", FILE_KEYS)
    reader = Reader(path, rule)
    shared = {**reader.included(entries), **{key: value for key, value in entries.items() if key in SHARED_KEYS}}
    tests: list[RuleTest] = []
    if "tests" not in entries:
        with collecting(problems):
            tests += reader.tests(entries, {**shared, **entries}, (), _stem(path))
    else:
        for key in ("name", "expect", "cases", "todo"):
            if key in entries:
                problems += entries[key].key.wrong(WRONG_TYPE, f"`{key}` stands in a test, below `tests`").diagnostics
        for index, item in enumerate(entries["tests"].value.items()):
            with collecting(problems):
                own = item.entries("a test", TEST_KEYS)
                tests += reader.tests(own, {**shared, **own}, ("tests", index), f"test {index + 1}")
        if not entries["tests"].value.items():
            problems += entries["tests"].key.wrong(NOTHING, "there is no test in this file").diagnostics
    problems += _same_names(tests)
    if problems:
        raise DiagnosticError(*problems)
    return Suite(path, tests, reader.read, update)


def _stem(path: Path) -> str:
    return path.stem.removesuffix("_test").removesuffix(".test")


def _same_names(tests: Sequence[RuleTest]) -> Iterator[Diagnostic]:
    seen: dict[str, RuleTest] = {}
    for test in tests:
        first = seen.setdefault(test.name, test)
        if first is not test:
            line = first.source.place(first.span.start)[0]
            message = f"two tests have the name `{test.name}`; the other one is in line {line}"
            yield Diagnostic(SAME_NAME, message, test.span, "each test has a name of its own", source=test.source)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the tests of one file; names of files are meant from the folder of the file that says them."""

    path: Path
    rule: Path | None
    read: list[Path] = field(default_factory=list[Path])
    """The files that are included."""

    def included(self, entries: Entries, open: tuple[Path, ...] = ()) -> Entries:
        """What other files say for all tests of this one."""
        entry = entries.get("include")
        found: dict[str, Entry] = {}
        for item in entry.value.items() if entry else []:
            path = self._folder(item) / item.text("the name of a file")
            chain = (*open, Path(item.source.name).resolve())
            if path.resolve() in chain:
                raise item.wrong(INCLUDE, f"`{path}` includes itself", "leave this `include` out")
            try:
                source = Source(str(path), read_text(path))
            except DiagnosticError as problem:
                raise item.wrong(INCLUDE, problem.diagnostics[0].message) from None
            self.read.append(path)
            root = composed(source)
            if root is None:
                continue
            own = root.entries("an included file", ("include", *SHARED_KEYS))
            found.update(
                {**self.included(own, chain), **{key: value for key, value in own.items() if key != "include"}}
            )
        return found

    def tests(self, own: Entries, all: Entries, path: DocumentPath, default: str) -> Iterator[RuleTest]:
        """The test under some entries, or one for each of its cases."""
        if "cases" not in own:
            yield self._test(all, path, default)
            return
        cases = own["cases"].value.items()
        if not cases:
            raise own["cases"].key.wrong(NOTHING, "there are no cases")
        base = {key: value for key, value in all.items() if key != "cases"}
        prefix = own["name"].value.text("`name`") if "name" in own else default
        for index, case in enumerate(cases):
            entries = case.entries("a case")
            given = parameters(entries, TEST_KEYS, base)
            merged = {key: filled(value, given) for key, value in base.items()}
            merged.update({key: value for key, value in entries.items() if key in TEST_KEYS})
            name = entries["name"].value.text("`name`") if "name" in entries else f"case {index + 1}"
            at = (*path, "cases", index) if "expect" in entries else ()
            test = self._test(merged, at, default)
            yield replace(test, name=f"{prefix}: {name}", span=case.span, source=case.source)

    def _test(self, entries: Entries, path: DocumentPath, default: str) -> RuleTest:
        name = entries.get("name")
        anchor = name or next(iter(entries.values()))
        interval = DEFAULT_INTERVAL
        if "interval" in entries:
            interval = read_duration(entries["interval"].value, "`interval`", least=1)
        order = self._word(entries, "order", ("time", "written"), "time")
        precision = Precision.NANOSECOND
        if "precision" in entries:
            precision = self._precision(entries["precision"].value)
        points = entries.get("points")
        folder = self._folder(points.value) if points else self.path.parent
        defaults = Defaults(folder, interval, precision, as_written=order == "written")
        feed = Feed(
            sources(points.value, defaults) if points else (),
            start=self._start(entries),
            database=self._database(entries) or ("", ""),
        )
        if not points and "until" not in entries and not self._todo(entries):
            raise anchor.key.wrong(NOTHING, "the test has no points", "give it `points:`, or `until:` for a deadman")
        return RuleTest(
            name=name.value.text("`name`") if name else default,
            setup=self._setup(entries),
            feed=feed,
            expect=self._expect(entries, (*path, "expect"), anchor),
            circumstances=self._circumstances(entries),
            todo=self._todo(entries),
            faults=self._faults(entries),
            span=anchor.value.span if name else anchor.key.span,
            source=anchor.key.source,
            path=path,
        )

    def _expect(self, entries: Entries, path: DocumentPath, anchor: Entry) -> Sequence[Expectation]:
        if "expect" in entries:
            return expectations(entries["expect"].value, path)
        return [Timeline((), unknown=True, span=anchor.key.span, path=path)]

    def _todo(self, entries: Entries) -> str | None:
        entry = entries.get("todo")
        if entry is None:
            return None
        if entry.value.is_bool:
            return "" if entry.value.flag("`todo`") else None
        return "" if entry.value.is_null else entry.value.text("`todo`")

    def _setup(self, entries: Entries) -> Setup:
        named = entries.get("rule") or entries.get("rules")
        if named is None and self.rule is None:
            known = ", ".join(entries)
            raise error(
                NOTHING,
                "the test names no rule",
                next(iter(entries.values())).key.span,
                f"add `rule: cpu.tick`; it has: {known}",
                next(iter(entries.values())).key.source,
            )
        rules = tuple(self._files(named)) if named else (self.rule,)
        config = list(self._files(entries.get("config")))
        return Setup(
            rules=tuple(each for each in rules if each is not None),
            vars=self._vars(entries.get("vars")),
            vars_files=tuple(self._files(entries.get("vars_file"))),
            config=config[0] if config else None,
            handlers=tuple(self._files(entries.get("handlers"))),
        )

    def _files(self, entry: Entry | None) -> Iterator[Path]:
        """The files that a key names, which must be there."""
        for item in entry.value.items() if entry else []:
            path = self._folder(item) / item.text("the name of a file")
            if not path.exists():
                raise item.wrong(VALUE, f"there is no `{path}`", "names are meant from the folder of the test file")
            yield path

    def _vars(self, entry: Entry | None) -> tuple[tuple[str, str], ...]:
        if entry is None or entry.value.is_null:
            return ()
        return tuple((name, _word(each.value)) for name, each in entry.value.entries("`vars`").items())

    def _circumstances(self, entries: Entries) -> Circumstances:
        until = read_moment(entries["until"].value, "`until`") if "until" in entries else None
        zone = entries["timezone"].value.text("`timezone`") if "timezone" in entries else ""
        if zone and zone_named(zone) is None:
            raise entries["timezone"].value.wrong(VALUE, f"there is no time zone `{zone}`", "such as Europe/Berlin")
        on_error = self._word(entries, "on_error", tuple(ON_ERROR), "")
        groups = entries.get("expect_groups")
        return Circumstances(
            until=until,
            zone=zone,
            on_error=cast("OnError", on_error) if on_error else None,
            groups=tuple(each.text("a group") for each in groups.value.items()) if groups else (),
        )

    def _start(self, entries: Entries) -> Moment | None:
        if "start" not in entries:
            return None
        found = read_moment(entries["start"].value, "`start`")
        if not found.absolute and found.ns:
            hint = "write 2026-01-31T12:00:00Z"
            raise entries["start"].value.wrong(VALUE, "the start of a test is a time of the calendar", hint)
        return found

    def _database(self, entries: Entries) -> tuple[str, str] | None:
        if "dbrp" not in entries:
            return None
        text = entries["dbrp"].value.text("`dbrp`").replace('"', "")
        database, dot, retention_policy = text.partition(".")
        if not dot or not database or not retention_policy:
            raise entries["dbrp"].value.wrong(
                VALUE, f"`{text}` is no database and retention policy", "telegraf.autogen"
            )
        return database, retention_policy

    def _precision(self, item: Item) -> Precision:
        try:
            return Precision.named(item.text("`precision`"))
        except DiagnosticError as problem:
            found = problem.diagnostics[0]
            raise item.wrong(VALUE, found.message, found.hint) from None

    def _word(self, entries: Entries, key: str, words: Sequence[str], default: str) -> str:
        if key not in entries:
            return default
        found = entries[key].value.text(f"`{key}`")
        if found not in words:
            raise entries[key].value.wrong(VALUE, f"`{key}` is one of {', '.join(words)}", suggestion(found, words))
        return found

    def _faults(self, entries: Entries) -> Mapping[Fault, bool]:
        """A list of faults, none of which may change the outcome, or a mapping: `late: may change`."""
        entry = entries.get("faults")
        if entry is None:
            return {}
        if not entry.value.is_mapping:
            return {_fault(each): False for each in entry.value.items()}
        found: dict[Fault, bool] = {}
        for each in entry.value.entries("`faults`").values():
            said = each.value.text("what a fault may do")
            if said not in ("same", "may change"):
                raise each.value.wrong(VALUE, f"`{said}` is not `same` or `may change`")
            found[_fault(each.key)] = said == "may change"
        return found

    def _folder(self, item: Item) -> Path:
        return Path(item.source.name).parent


def _fault(item: Item) -> Fault:
    name = item.text("a fault")
    if name not in FAULTS:
        raise item.wrong(VALUE, f"there is no fault `{name}`", suggestion(name, FAULTS))
    return name


def _word(item: Item) -> str:
    """A value of a var as a word of a command line; a list as `['a', 'b']`."""
    if item.is_list:
        escaped = (each.text("an item").replace("\\", "\\\\").replace("'", "\\'") for each in item.items())
        return f"[{', '.join(f'{chr(39)}{each}{chr(39)}' for each in escaped)}]"
    return "" if item.is_null else item.text("the value of a var")
