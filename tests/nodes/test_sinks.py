"""The nodes whose points leave the pipeline: for InfluxDB, for an address on the web, or for the stream itself."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ticking import Ticking, sent

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.outbox.request import Entry, Key, Request
from tickdiscord.points.line_protocol import field_set, head
from tickdiscord.points.model import Value
from tickdiscord.points.reader import LineReader
from tickdiscord.runtime.influxdb_file import InfluxDBFile

HERE = Path(__file__).parent / "sinks"


def written(name: str) -> list[Any]:
    """The cases of the file with this name."""
    found = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case.get("name") or case["script"]) for case in found]


@pytest.mark.parametrize("size", [None, 1])
@pytest.mark.parametrize("case", written("sinks"))
def test_what_comes_out(case: Mapping[str, Any], size: int | None) -> None:
    run = Ticking.of(case).run(size)
    assert run.lines == case.get("gives", "").splitlines()
    assert "\n".join(map(str, run.troubles)) == case.get("warnings", "").rstrip()
    if size is None:
        assert list(map(sent, run.requests)) == case.get("requests", "").splitlines()


@pytest.mark.parametrize("case", written("sinks"))
def test_a_run_cut_in_two_is_one_run(case: Mapping[str, Any]) -> None:
    for place in range(1, len(case["points"].splitlines())):
        run, whole = Ticking.of(case).run(1, cut=place), Ticking.of(case).run(1)
        assert run.lines == whole.lines
        assert run.requests == whole.requests


@pytest.mark.parametrize("case", written("refused"))
def test_what_is_refused(case: Mapping[str, Any]) -> None:
    with pytest.raises(DiagnosticError) as refusal:
        Ticking.of(case).run()
    assert "\n".join(map(str, refusal.value.diagnostics)) == case["error"].rstrip()


def influxdb(database: str, policy: str, lines: str, create: bool = False) -> Entry:
    body = {"database": database, "retentionPolicy": policy, "create": create, "points": 1, "lines": lines}
    return Entry(Key("", "task", "influxdb_out2", 0, 1), "", Request("influxDBOut", "", body))


def test_the_file_for_influxdb_says_where_points_belong() -> None:
    stream = io.StringIO()
    file = InfluxDBFile(stream)
    file.write(
        [influxdb("a", "p", "cpu f=1 1\n"), influxdb("a", "p", "cpu f=2 2\n"), influxdb("b", "", "m f=3 3\n", True)]
    )
    file.write([influxdb("b", "", "m f=4 4\n", True), influxdb('c"\n', "p", "n f=5 5\n", True)])
    assert stream.getvalue().splitlines() == [
        "# CONTEXT-DATABASE: a",
        "# CONTEXT-RETENTION-POLICY: p",
        "cpu f=1 1",
        "cpu f=2 2",
        '# CREATE DATABASE "b"',
        "# CONTEXT-DATABASE: b",
        "# CONTEXT-RETENTION-POLICY: ",
        "m f=3 3",
        "m f=4 4",
        r'# CREATE DATABASE "c\"\n" WITH NAME "p"',
        '# CONTEXT-DATABASE: c"\\n',
        "# CONTEXT-RETENTION-POLICY: p",
        "n f=5 5",
    ]


names = st.text(st.characters(codec="utf-8", exclude_characters="\\\n\r\0", exclude_categories=["Cc"]), min_size=1)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
values: st.SearchStrategy[Value] = st.one_of(
    st.booleans(), st.integers(-(1 << 63), (1 << 63) - 1), st.floats(allow_nan=False, allow_infinity=False), texts
)


@settings(max_examples=150)
@given(
    names.filter(lambda name: not name.startswith(("#", " ", ">")) and name.strip()),
    st.dictionaries(names, names, max_size=3),
    st.dictionaries(names, values, min_size=1, max_size=3),
)
def test_what_is_written_can_be_read(name: str, tags: dict[str, str], fields: dict[str, Value]) -> None:
    line = f"{head(name, tags)} {field_set(fields)} 1\n"
    rejected: list[object] = []
    reader = LineReader(io.BytesIO(line.encode()), clock=ManualClock(), rejected=rejected.append)
    (chunk,) = reader.chunks()
    point = chunk.point(0)
    assert (point.name, dict(point.tags), dict(point.fields)) == (name, tags, fields)
    assert [type(value) for value in point.fields.values()] == [type(fields[key]) for key in point.fields]
