"""Every case of what InfluxDB's parser makes of line protocol: the points, and the reasons for lines that are none."""

import json
import re
from pathlib import Path

import pytest

from tickdiscord.gotext import parse_rfc3339
from tickdiscord.points.report import jsonl_answer

CASES = (Path(__file__).parent.parent / "conformance" / "lineprotocol.jsonl").read_text().splitlines()
REASON = re.compile(r"^unable to parse '(?:.*?)': ((?:(?!': ).)*?)(?=\nunable to parse '|\Z)", re.DOTALL | re.MULTILINE)
PLACE = re.compile(r"line \d+, column \d+: ")


def comparable(point: dict) -> tuple:
    fields = {
        key: (kind, float(value) if kind == "float" else value)
        for key, field in point["fields"].items()
        for kind, value in field.items()
    }
    return point["name"], point.get("tags", {}), fields, parse_rfc3339(point["time"])


@pytest.mark.parametrize("line", CASES, ids=lambda line: json.loads(line)["group"])
def test_agrees_with_influxdb(line: str) -> None:
    expected = json.loads(line)["expect"]
    answer = json.loads(jsonl_answer(line))
    assert list(map(comparable, answer["points"])) == list(map(comparable, expected["points"]))
    reasons = REASON.findall(expected.get("error", ""))
    assert len(answer["errors"]) == len(reasons)
    for ours, theirs in zip(answer["errors"], reasons, strict=True):
        assert PLACE.match(ours)
        assert PLACE.sub("", ours).startswith(theirs[:40])
