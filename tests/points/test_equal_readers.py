"""The fast readers give what the exact parser gives, on any bytes, in blocks of any size, for any choice of rows."""

import io

from drive import NOW, drive
from hypothesis import given, settings
from hypothesis import strategies as st

from tickdiscord.clock import ManualClock
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.exact import ParsedPoint, parse_lines
from tickdiscord.points.precision import Precision
from tickdiscord.points.reader import LineReader

NAMES = [
    "cpu",
    "a",
    "b",
    "used idle",
    "idle",
    "v",
    "é",
    "a\\,b",
    "a\\ b",
    "a\\=b",
    'q\\"',
    "x\\y",
    "x\\\\",
    "=",
    "\ufffd",
    "\t",
    "\r",
]
NUMBERS = [
    "1",
    "1.5",
    "-0",
    ".5",
    "1.",
    "1e3",
    "1e400",
    "12i",
    "-7i",
    "007i",
    "9223372036854775807i",
    "9223372036854775808i",
    "1u",
    "+1",
    "nan",
    "9" * 45,
]
VALUES = [
    *NUMBERS,
    "t",
    "F",
    "true",
    "nope",
    '"s"',
    '""',
    '"a b,v=2"',
    '"q\\"x"',
    '"back\\\\"',
    '"new\nline"',
    '"\r"',
    '"a"b',
    '"open',
    "",
    "é",
]
TIMES = [
    "",
    " 1709251198000000000",
    " 5",
    " -5",
    " 9223372036854775807",
    " 9000000000",
    " x",
    " 1 ",
    "  7",
    " 99999999",
    " 5\r",
]
SHORT = [name for name in NAMES if name.isalpha()]


def joined(separator: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(separator.join)


def likely(common: list[str], rare: list[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(common), st.sampled_from(common), st.sampled_from(rare))


NAME = likely(SHORT, NAMES)
TAGS = st.lists(joined("=", NAME, NAME), max_size=3).map(lambda tags: "".join(f",{tag}" for tag in tags))
FIELDS = st.lists(joined("=", NAME, likely(["1", "2.5", "12i", '"s t"', "t"], VALUES)), min_size=1, max_size=4).map(
    ",".join
)
POINT = st.tuples(NAME, TAGS, st.just(" "), FIELDS, likely([" 1709251198000000000", " 5"], TIMES)).map("".join)
JUNK = st.one_of(
    st.sampled_from(["", "# a comment", '# a "comment', "   ", "cpu", ",", "cpu v", "\x00cpu v=1", " cpu v=1 5", "\\"]),
    st.text(alphabet='cv,=" \\1i5\nt#é\x00\t', max_size=20),
)
TEXT = st.lists(st.one_of(POINT, POINT, POINT, JUNK), max_size=8).map("\n".join)
BODY = st.one_of(
    TEXT.map(str.encode),
    joined("", TEXT, st.just("\n")).map(str.encode),
    st.binary(max_size=60),
    st.tuples(TEXT, st.binary(max_size=4), TEXT).map(lambda it: it[0].encode() + it[1] + b"\n" + it[2].encode()),
)
PRECISION = st.sampled_from(Precision)


def strict(body: bytes) -> bytes:
    """Without what only the command line takes: a CR at the end of a line, and the prompt of `telegraf --test`."""
    return body.replace(b"\r", b"").replace(b">", b"")


def exactly(body: bytes, precision: Precision) -> tuple[list, list]:
    found = parse_lines(body, precision, NOW)
    points = [it for it in found if isinstance(it, ParsedPoint)]
    return [(p.name, p.tags, p.fields, p.time) for p in points], [it for it in found if not isinstance(it, ParsedPoint)]


@settings(max_examples=500, deadline=None)
@given(BODY.map(strict), PRECISION)
def test_a_reader_gives_what_the_exact_parser_gives(body: bytes, precision: Precision) -> None:
    rows, rejected = exactly(body, precision)
    result = drive(body, precision=precision)
    assert repr(result.rows) == repr(rows)
    assert result.rejected == rejected
    assert (result.end.offset, result.end.points) == (len(body), len(rows))


@settings(max_examples=200, deadline=None)
@given(BODY, st.integers(1, 40))
def test_blocks_of_any_size_give_the_same(body: bytes, block: int) -> None:
    whole, pieces = drive(body), drive(body, block=block)
    assert repr(pieces.rows) == repr(whole.rows)
    assert pieces.rejected == whole.rejected
    assert pieces.end == whole.end


@settings(max_examples=150, deadline=None)
@given(BODY, st.integers(1, 40))
def test_reading_can_be_taken_up_again_behind_any_chunk(body: bytes, block: int) -> None:
    first = drive(body, block=block)
    for position in first.positions:
        again = drive(body[position.offset :], start=position)
        assert repr(again.rows) == repr(first.rows[position.points :])
        assert again.end == first.end


@settings(max_examples=200, deadline=None)
@given(BODY, st.data())
def test_columns_are_what_the_points_say(body: bytes, data: st.DataObject) -> None:
    for chunk in LineReader(io.BytesIO(body), clock=ManualClock(NOW), rejected=lambda _: None).chunks():
        chosen = sorted(data.draw(st.sets(st.integers(0, len(chunk) - 1))))
        for rows in (chunk, chunk.take(chosen)):
            points = [rows.point(index) for index in range(len(rows))]
            names = {name for point in points for name in point.fields if "\ufffd" not in name} | {"v", "no such"}
            for name in sorted(names):
                assert repr(fresh(rows).column(name)) == repr([point.fields.get(name) for point in points])
            assert rows.times() == [point.time for point in points]


def fresh(chunk: Chunk) -> Chunk:
    """The same chunk, of which nothing is decoded or parsed yet."""
    return Chunk(chunk.rows.take(range(len(chunk))), chunk.series, chunk.groups, chunk.order)
