"""The words for a precision."""

import pytest

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.points.precision import Precision


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("n", 1),
        ("ns", 1),
        ("u", 10**3),
        ("us", 10**3),
        ("ms", 10**6),
        ("s", 10**9),
        ("m", 60 * 10**9),
        ("h", 3600 * 10**9),
    ],
)
def test_words(word: str, unit: int) -> None:
    assert Precision.named(word) == unit


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("sec", "did you mean `s`?"),
        ("millis", "did you mean `ms`?"),
        ("µs", "did you mean `us`?"),
        ("", "write one of n, ns, u, us, ms, s, m, h"),
    ],
)
def test_another_word_is_an_error_that_names_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        Precision.named(word)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.hint) == ("TD600", hint)


@pytest.mark.parametrize(("word", "unit"), [("ns", 1), ("us", 1), ("", 1), ("d", 1), ("s", 10**9)])
def test_kapacitor_takes_what_it_does_not_know_for_nanoseconds(word: str, unit: int) -> None:
    assert Precision.as_kapacitor(word) == unit


@pytest.mark.parametrize(("time", "cut"), [(1_999_999_999, 10**9), (0, 0), (-1, -(10**9))])
def test_truncation_goes_down(time: int, cut: int) -> None:
    assert Precision.SECOND.truncate(time) == cut
