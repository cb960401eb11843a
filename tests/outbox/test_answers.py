"""What each answer to a posted message means; the cases are in `answers.yaml`."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tickdiscord.outbox.answers import LONGEST_REASON, Again, Dead, Delivered, SwitchOff, Verdict, verdict

CASES = yaml.safe_load(Path(__file__).with_name("answers.yaml").read_text())
KINDS = {"delivered": Delivered, "again": Again, "dead": Dead, "switch off": SwitchOff}


def judge(case: dict[str, Any]) -> Verdict:
    return verdict(case["status"], case.get("headers", {}), case.get("body", "").encode("latin-1"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_answer(case):
    found = judge(case)
    assert type(found) is KINDS[case["is"]]
    if isinstance(found, Again):
        asked = (case.get("after"), case.get("counted", True), case.get("everywhere", False))
        assert (found.after_s, found.counted, found.everywhere) == asked
    if "reason" in case:
        assert not isinstance(found, Delivered)
        assert found.reason == case["reason"]


@pytest.mark.parametrize("body", ['{"message": "' + "x" * 5000 + '"}', "[" * 100_000])
def test_a_reason_is_one_line_of_bounded_length(body):
    found = verdict(400, {}, body.encode())
    assert isinstance(found, Dead)
    assert len(found.reason) <= LONGEST_REASON
