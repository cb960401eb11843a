"""Points that are written as series or lines of a test are read back as they were, in their order."""

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from tickdiscord.diagnostics import Source
from tickdiscord.points.model import SeriesPool
from tickdiscord.testing.pinning.forms import Points, points_as_lines, points_as_series, start
from tickdiscord.testing.pinning.keeping import Kept
from tickdiscord.testing.pinning.yaml_text import document
from tickdiscord.testing.rules.document import composed
from tickdiscord.testing.rules.feed import Fed
from tickdiscord.testing.rules.reading import suite_of

BESIDE = Path(__file__).parents[2] / "examples" / "discord" / "a_test.yaml"
SECOND = 1_000_000_000
Row = tuple[str, int, int]
"""A host, a time in seconds, a value."""

rows = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=8)


def kept(them: list[Row]) -> Kept:
    pool = SeriesPool()
    series = {host: pool.make("", "", "m", {"host": host}) for host in "abc"}
    points = [Fed(time * SECOND, series[host], {"v": value}) for host, time, value in them]
    return Kept(points, points[0].time)


def read_back(form: Points, points: Kept) -> list[Row] | None:
    written = form(points)
    if written is None:
        return None
    text = document({"rule": "cpu.tick", **start(points, said=True), **written, "expect": "silent"})
    root = composed(Source(str(BESIDE), text))
    assert root is not None
    (test,) = suite_of(root, BESIDE).tests
    found = test.feed.points(test.feed.base())
    return [(fed.series.tags["host"], fed.time // SECOND, int(str(fed.fields["v"]))) for fed in found]


@given(rows)
@example([("b", 0, 6), ("a", 2, 9), ("b", 2, 5)])
def test_series(them: list[Row]) -> None:
    them = sorted(them, key=lambda row: row[1])
    assert read_back(points_as_series, kept(them)) in (them, None)


@given(rows)
def test_lines(them: list[Row]) -> None:
    assert read_back(points_as_lines, kept(them)) == them


def test_series_stand_in_the_order_that_their_points_of_one_time_have() -> None:
    them = [("b", 0, 6), ("a", 2, 9), ("b", 2, 5)]
    assert read_back(points_as_series, kept(them)) == them
