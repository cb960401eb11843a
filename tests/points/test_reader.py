"""What a reader makes of bytes as they arrive, case by case."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from drive import NOW, drive

from tickdiscord.clock import ManualClock, StreamClock
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LONGEST_LINE, LineReader
from tickdiscord.points.table import SeriesTable

CASES = yaml.safe_load((Path(__file__).parent / "reader.yaml").read_text())


def writes(case: dict[str, Any]) -> list[bytes]:
    if "hex" in case:
        return [bytes.fromhex(it) for it in case["hex"]]
    if "repeat" in case:
        before, repeated, times, behind = case["repeat"]
        return [(before + repeated * times + behind).encode()]
    return [it.encode() for it in case["writes"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_reader(case: dict[str, Any]) -> None:
    given = writes(case)
    clock = StreamClock(0) if case.get("clock") == "stream" else ManualClock(NOW)
    precision = Precision.named(case.get("precision", "ns"))
    result = drive(given, clock=clock, precision=precision, longest_line=case.get("longest_line", LONGEST_LINE))
    if "rows" in case or "chunks" not in case:
        rows = [f"{name} {tags} {fields} {time}" for name, tags, fields, time in result.rows]
        assert rows == case.get("rows", [])
    assert [f"{it.line}:{it.column} {it.reason}" for it in result.rejected] == case.get("rejected", [])
    if "series" in case:
        assert len({id(it) for it in result.series}) == case["series"]
    if "chunks" in case:
        assert result.sizes == case["chunks"]
    assert (result.end.offset, result.end.lines) == (sum(map(len, given)), b"".join(given).count(b"\n"))


def test_a_rejection_says_the_line_of_the_whole_stream() -> None:
    body = b"cpu v=1 1\n" * 1000 + b"cpu v=x 1\n"
    (rejected,) = drive(body, block=512).rejected
    assert str(rejected) == "line 1001, column 7: invalid boolean: `x`"
    shown = str(rejected.diagnostic("<stdin>"))
    assert shown.startswith("<stdin>:1001:7: warning[TD616]: invalid boolean: `x`")


def test_points_are_of_the_database_that_the_reader_was_given() -> None:
    stream = io.BytesIO(b"m,a=1 v=1 1\n")
    reader = LineReader(stream, clock=ManualClock(), rejected=lambda _: None, database="d", retention_policy="r")
    (chunk,) = reader.chunks()
    assert (chunk.series[0].database, chunk.series[0].retention_policy) == ("d", "r")
    assert chunk.groups[0].id == ""


def test_a_tag_with_ever_new_values_does_not_fill_the_memory() -> None:
    table = SeriesTable("", "", generation=100)
    steady = table[b"m,host=a"]
    for request in range(1000):
        assert table[b"m,id=%d" % request].tags == {"id": str(request)}
        assert table[b"m,host=a"] is steady
        assert len(table) <= 100


def test_lines_near_the_longest_that_is_proved() -> None:
    lines = [b'm s="%b",v=1 %d\n' % (b"x" * size, size) for size in (5, 29_000, 31_000, 5, 200_000, 7)]
    rows = drive(b"".join(lines)).rows
    assert [(len(fields["s"]), fields["v"], time) for _, _, fields, time in rows] == [
        (size, 1.0, size) for size in (5, 29_000, 31_000, 5, 200_000, 7)
    ]
