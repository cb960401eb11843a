"""What must hold for any value."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tickdiscord import gotext

int64 = st.integers(-(1 << 63), (1 << 63) - 1)
finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite)
def test_the_shortest_digits_say_the_value_exactly(value: float) -> None:
    for verb in "efgx":
        assert gotext.parse_float(gotext.format_float(value, verb)) == value
    assert gotext.value_text(value) == gotext.format_float(value, "g")
    assert float(gotext.json_float(value)) == value


@given(finite, st.integers(0, 30))
def test_digits_behind_the_point_agree_with_the_exact_value(value: float, precision: int) -> None:
    assert gotext.format_float(value, "f", precision) == f"{value:.{precision}f}"


@given(int64)
def test_a_duration_reads_back(ns: int) -> None:
    assert gotext.parse_duration(gotext.duration_text(ns)) == ns


@given(st.text())
def test_a_quoted_string_reads_back(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    assert gotext.unquote(gotext.quote(text)) == text
    assert gotext.quote(text, ascii_only=True).isascii()
    assert gotext.unquote(gotext.quote(text, ascii_only=True)) == text


@given(st.binary())
def test_bytes_that_are_no_text_read_back_too(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert gotext.unquote(gotext.quote(text)).encode("utf-8", "surrogateescape") == data


@given(st.datetimes(timezones=st.just(UTC)))
def test_the_calendar_is_that_of_datetime(moment: datetime) -> None:
    ns = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    c = gotext.civil(ns)
    assert (c.year, c.month, c.day, c.hour, c.minute, c.second) == moment.timetuple()[:6]
    assert (c.weekday, c.yearday) == (moment.isoweekday() % 7, moment.timetuple().tm_yday)
    assert gotext.civil_ns(c.year, c.month, c.day, c.hour * 3600 + c.minute * 60 + c.second, c.nanosecond) == ns
    assert gotext.parse_rfc3339(gotext.rfc3339(ns)) == ns


@given(int64, st.text(alphabet="0123456789JanuryModPMpTZ:-+_., "))
def test_any_layout_is_a_layout(ns: int, layout: str) -> None:
    assert isinstance(gotext.format_time(ns, layout), str)
