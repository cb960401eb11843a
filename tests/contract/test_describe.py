"""A contract says what points are like, in memory that does not grow with them, and is read back as it was written."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from inprocess import outcome

from tickdiscord import load
from tickdiscord.contract import describe
from tickdiscord.contract.check import against_contract
from tickdiscord.contract.describe import Describer, described
from tickdiscord.contract.form import read_contract, written
from tickdiscord.contract.model import Contract
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.lint.script import Script
from tickdiscord.points.chunk import Chunk, ParsedRows
from tickdiscord.points.draft import UNGROUPED
from tickdiscord.points.model import Series, Value

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("describe.yaml").read_text(encoding="utf-8"))

VALUES = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(max_size=8),
)
SMALL = st.one_of(st.integers(-3, 12), st.sampled_from((-0.5, 4.5, 5.0, 9.5)), st.sampled_from(("a", "b")))
TAG_NAMES = "host cpu".split()
TAG_VALUES = "a|b|ü: {|#".split("|")
FIELD_NAMES = "x y".split()
TAGS = st.dictionaries(st.sampled_from(TAG_NAMES), st.sampled_from(TAG_VALUES), max_size=2)


Rows = Sequence[tuple[Mapping[str, str], Mapping[str, Value], int]]


def points(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Rows]:
    fields = st.dictionaries(st.sampled_from(FIELD_NAMES), values, min_size=1)
    return st.lists(st.tuples(TAGS, fields, st.integers(0, 10**18)), min_size=1, max_size=20)


def chunk(rows: Rows, name: str = "cpu") -> Chunk:
    series = [Series("", "", name, dict(sorted(tags.items()))) for tags, _, _ in rows]
    parsed = ParsedRows([fields for _, fields, _ in rows], [time for _, _, time in rows])
    return Chunk(parsed, series, [UNGROUPED] * len(rows), range(len(rows)))


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_says(case: dict[str, Any], tmp_path: Path) -> None:
    file = case.get("file", "points.lp")
    done = outcome({file: case["points"]}, f"points describe {file}", tmp_path)
    assert done.out.partition("of this file finds what does not go with it.\n")[2] == case["says"]
    assert done.code == case.get("code", 0)


@settings(max_examples=40, deadline=None)
@given(points(VALUES))
@example([({}, {"x": "\x85"}, 0)])
def test_is_read_back_as_it_was_written(rows: Rows) -> None:
    contract = described([chunk(rows)])
    text = written(contract, "points.lp")
    assert written(read_contract(text, "contract.yaml"), "points.lp") == text


@settings(max_examples=40, deadline=None)
@given(points(VALUES), st.integers(1, 7))
def test_however_the_points_are_cut(rows: Rows, size: int) -> None:
    """But for steps and examples, which need not be of all values."""
    whole, pieces = described([chunk(rows)]), described(chunk(rows).cut(size))
    assert [(it.points, it.series, it.cadence, it.gaps, it.late, it.tags) for it in whole.measurements.values()] == [
        (it.points, it.series, it.cadence, it.gaps, it.late, it.tags) for it in pieces.measurements.values()
    ]
    for one, other in zip(whole.measurements.values(), pieces.measurements.values(), strict=True):
        for name, field in one.fields.items():
            same = other.fields[name]
            assert (field.types, field.counts, field.low, field.high) == (same.types, same.counts, same.low, same.high)


TERMS = st.sampled_from(('"x"', '"y"'))
LIMITS = st.sampled_from(("5", "4.5", "-0.5", "12", "'a'"))
COMPARED = st.builds("{} {} {}".format, TERMS, st.sampled_from("< <= > >= ==".split()), LIMITS)
CONDITIONS = st.recursive(
    st.one_of(COMPARED, st.sampled_from(("\"host\" == 'a'", "\"cpu\" == 'c'"))),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(("AND", "OR")), inner),
    max_leaves=3,
)


@settings(max_examples=80, deadline=None)
@given(points(SMALL), CONDITIONS)
def test_what_a_contract_rules_out_no_point_does(rows: Rows, condition: str) -> None:
    task = load(f"stream|from().measurement('cpu').groupBy(*)|alert().crit(lambda: {condition})")
    script = Script(task.pipeline, Workspaces(open=True), [task.pipeline])
    said = {each.code for each in against_contract([script], described([chunk(rows)]))}
    if "TD734" in said:
        reached = {str(each.event.state.level) for each in task.run(lines(rows)).events}
        assert "CRITICAL" not in reached


def lines(rows: Rows) -> Iterator[str]:
    for tags, fields, time in rows:
        head = "".join([f",{key}={value.replace(' ', chr(92) + ' ')}" for key, value in sorted(tags.items())])
        yield f"cpu{head} {','.join(f'{key}={_written(value)}' for key, value in fields.items())} {time}"


def _written(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value}i" if isinstance(value, int) else repr(value)


def test_memory_does_not_grow_with_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """What there is too much of is counted up to a bound, and the contract says so."""
    for name, bound in (("MOST_VALUES", 10), ("MOST_SERIES", 20), ("MOST_NAMES", 6)):
        monkeypatch.setattr(describe, name, bound)
    describer = Describer()
    for number in range(0, 300, 30):
        rows: Rows = [
            ({"id": str(each)}, {f"f{each % 9}": f"{each}" * 50}, each) for each in range(number, number + 30)
        ]
        describer.feed(chunk(rows))
    contract = describer.contract()
    found = contract.measurements["cpu"]
    assert (found.points, found.series, found.more_series, contract.more) == (300, 20, True, True)
    assert (found.tags["id"].values, found.tags["id"].more) == (10, True)
    assert len(found.fields) + len(found.tags) + len(contract.measurements) == 6
    again: Contract = read_contract(written(contract, "p"), "contract.yaml")
    assert again.more and again.measurements["cpu"].more_series


def test_no_points(tmp_path: Path) -> None:
    done = outcome({"points.lp": "\n# nothing\n"}, "points describe points.lp", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert "[TD730]" in done.err


def test_several_files_make_one_contract(tmp_path: Path) -> None:
    files = {"a.lp": "cpu,host=a v=1 0\n", "b.lp": "cpu,host=a v=9 10000000000\n"}
    done = outcome(files, "points describe a.lp b.lp -o contract.yaml", tmp_path)
    found = read_contract((tmp_path / "contract.yaml").read_text(encoding="utf-8"), "contract.yaml").measurements["cpu"]
    assert (done.code, found.series, found.cadence, found.fields["v"].high) == (0, 1, 10_000_000_000, 9.0)


def test_points_are_shown_without_the_name_of_a_command(tmp_path: Path) -> None:
    files = {"describe": "cpu v=1 0\n"}
    shown = outcome(files, "points show ./describe", tmp_path)
    assert shown.out == outcome(files, "points ./describe", tmp_path).out
    assert "describe" in outcome(files, "points --help", tmp_path).out
