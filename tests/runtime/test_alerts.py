"""Streams through one `|alert()`: levels, resets, flapping, state changes; expected values are Kapacitor's own."""

import pytest
import streams

CASES = streams.cases("alerts.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_events_are_those_of_kapacitor(case: streams.Case) -> None:
    got = streams.on_topic(streams.happenings(case), "t")
    wanted = case["events"] or []
    assert [streams.seen(each, case, want) for each, want in zip(got, wanted, strict=True)] == wanted


@pytest.mark.parametrize("size", [1, 2, 7])
def test_the_size_of_chunks_changes_nothing(size: int) -> None:
    for case in CASES[::5]:
        whole = [each.shown for each in streams.happenings(case)]
        assert [each.shown for each in streams.happenings(case, size=size)] == whole
