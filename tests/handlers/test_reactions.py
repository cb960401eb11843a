"""What handlers make of events, a case each; and the same when the run is cut into two anywhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from handlers.engines import Scene, cases

CASES = cases("reactions.yaml")
IDS = [case["name"] for case in CASES]

DAY = 86_400


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_reaction(case: Mapping[str, Any], tmp_path: Path) -> None:
    scene = Scene(case, tmp_path).run()
    assert scene.requests == case["requests"]
    assert {topic: scene.on(topic) for topic in case.get("topic", {})} == case.get("topic", {})
    assert [each.message for each in scene.troubles] == case.get("troubles", [])


@pytest.mark.parametrize("case", [case for case in CASES if "rule" in case], ids=lambda case: case["name"])
def test_a_run_cut_in_two_is_one_run(case: Mapping[str, Any], tmp_path: Path) -> None:
    for place in range(1, len(case["points"].splitlines())):
        assert Scene(case, tmp_path).run(place).requests == case["requests"]


def test_a_month_of_errors_is_a_message_a_day_at_exact_instants(tmp_path: Path) -> None:
    (page,) = (case for case in CASES if case["name"] == "the aggregate of the page")
    points = "".join(f"errors,host=a count=1 {second}\n" for second in range(0, 30 * DAY, 600))
    scene = Scene({**page, "points": points}, tmp_path).run()
    assert scene.requests == ["discord dev 144 500 errors last 24h0m0s."] * 30
    ends = [it.published[0].event.state.time // 1_000_000_000 for it in scene.happenings if it.task == ""]
    assert ends == [day * DAY - 600 for day in range(1, 31)]


def test_the_details_say_that_the_input_ended_within_an_interval(tmp_path: Path) -> None:
    (page,) = (case for case in CASES if case["name"] == "the aggregate of the page")
    scene = Scene({**page, "points": "errors,host=a count=1 0\nerrors,host=b count=1 5400\n"}, tmp_path).run()
    (late,) = (it.published[0].event.state for it in scene.happenings if it.task == "")
    assert str(late.details) == "a 0\nb 5400\n(the input ended 1h30m0s into the interval of 24h0m0s)"
