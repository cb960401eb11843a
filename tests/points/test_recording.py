"""Files of points: line protocol and recordings of streams, plain and gzipped, by name and by content."""

import gzip
from pathlib import Path

import pytest
from drive import NOW, row

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.points.precision import Precision
from tickdiscord.points.recording import RecordingReader, open_points
from tickdiscord.points.rejected import Rejected

RECORDING = b'db\nrp\ncpu,host=a v=1 1\ndb\nrp\ncpu,host=b s="x y" 2\nother\n\nmem v=3i 3\ndb\nrp\ncpu,host=a v=4 4\n'
SOURCES = [("db", "rp"), ("db", "rp"), ("other", ""), ("db", "rp")]
FIELDS = [{"v": 1.0}, {"s": "x y"}, {"v": 3}, {"v": 4.0}]


def read(path: Path) -> tuple[list, list[Rejected], object]:
    rejected: list[Rejected] = []
    with open_points(path) as points:
        reader = points.reader(clock=ManualClock(NOW), rejected=rejected.append, database="d", retention_policy="r")
        found = [
            (series.database, series.retention_policy, *row(chunk, index), order)
            for chunk in reader.chunks()
            for index, (series, order) in enumerate(zip(chunk.series, chunk.order, strict=True))
        ]
        return found, rejected, reader.position


@pytest.mark.parametrize("name", ["a.srpl", "a.srpl.gz", "a.SRPL", "recorded", "recorded.gz", "points.lp"])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_recording_brings_database_and_retention_policy(tmp_path: Path, name: str, compressed: bool) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(RECORDING) if compressed else RECORDING)
    found, rejected, position = read(path)
    assert rejected == []
    assert [(database, policy) for database, policy, *_ in found] == SOURCES
    assert [fields for *_, fields, _, _ in found] == FIELDS
    assert [time for *_, time, _ in found] == [1, 2, 3, 4]
    assert [order for *_, order in found] == [0, 1, 2, 3]
    assert (position.offset, position.lines, position.points) == (len(RECORDING), 12, 4)


@pytest.mark.parametrize("name", ["points.lp", "points.txt.gz", "points"])
@pytest.mark.parametrize("compressed", [False, True])
def test_line_protocol_has_what_the_caller_says(tmp_path: Path, name: str, compressed: bool) -> None:
    path = tmp_path / name
    body = b"cpu v=1 1\ncpu v=2 2\n"
    path.write_bytes(gzip.compress(body) if compressed else body)
    found, rejected, _ = read(path)
    assert rejected == []
    assert found == [("d", "r", "cpu", {}, {"v": float(time)}, time, time - 1) for time in (1, 2)]


@pytest.mark.parametrize(
    ("entries", "places"),
    [
        (b"db\nrp\ncpu v=x 1\ndb\nrp\ncpu v=2 2\n", ["line 3, column 7: invalid boolean: `x`"]),
        (b"db\nrp\ncpu,a=1,a=1 v=1 1\ndb\nrp\ncpu v=2 2", ["line 3, column 9: duplicate tags: `a`"]),
        (b'db\nrp\ncpu v="open 1\ndb\nrp\ncpu v=2 2\n', ["line 3, column 7: unbalanced quotes"]),
        (b"db\nrp\ncpu v=2 2\ndb\nrp\n", ["line 5, column 1: the recording ends within an entry"]),
        (b"db\r\nrp\r\ncpu v=2 2\r\n\n\n", []),
    ],
)
@pytest.mark.parametrize("block", [1, 7, 1000])
def test_an_entry_that_is_none_does_not_stop_the_others(
    tmp_path: Path, entries: bytes, places: list[str], block: int
) -> None:
    path = tmp_path / "a.srpl"
    path.write_bytes(entries)
    rejected: list[Rejected] = []
    with path.open("rb") as stream:
        reader = RecordingReader(
            stream, clock=ManualClock(NOW), rejected=rejected.append, precision=Precision.NANOSECOND, block=block
        )
        rows = [row(chunk, index) for chunk in reader.chunks() for index in range(len(chunk))]
    assert rows == [("cpu", {}, {"v": 2.0}, 2)]
    assert [str(it) for it in rejected] == places


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing", None, "TD630"),
        ("nul\0byte", None, "TD630"),
        ("a.brpl", b"", "TD631"),
        ("a.brpl.gz", gzip.compress(b"{}", mtime=0), "TD631"),
        ("batches", b'{"name":"cpu"}', "TD631"),
        ("broken.gz", gzip.compress(RECORDING, mtime=0)[:-9], "TD632"),
        ("broken.lp", b"\x1f\x8bnot gzip", "TD632"),
    ],
)
def test_what_cannot_be_read_is_refused_by_code(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DiagnosticError) as caught:
        read(path)
    assert [it.code for it in caught.value.diagnostics] == [code]
