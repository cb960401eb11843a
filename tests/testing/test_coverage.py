"""Coverage, a case of `coverage/*.yaml` each: a rule, its tests, and what of it they miss, line by line."""

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as xml

import pytest
import yaml
from inprocess import outcome
from manual import timeless

from tickdiscord.testing.rules import runner

FOLDER = Path(__file__).parent / "coverage"

CASES: list[Mapping[str, Any]] = [
    {**case, "name": f"{file.stem}: {case['name']}"}
    for file in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case(case: Mapping[str, Any], tmp_path: Path) -> None:
    files = {name: case[key] for key, name in (("rule", "r.tick"), ("test", "r_test.yaml")) if key in case}
    found = outcome({**files, **case.get("files", {})}, case.get("command", "test --coverage"), tmp_path)
    said = timeless(found.said)
    # Of what comes before the table only what the case asks for matters here: which tests passed is tested elsewhere.
    table = said[said.index("rule ") :] if "rule " in said else said
    assert table.rstrip("\n") == case["says"].rstrip("\n"), said
    assert found.code == case.get("code", 0)


CPU = """stream|from().measurement('cpu').groupBy('host')
    |alert()
        .warn(lambda: "idle" < 20 AND "host" != '<b>&"')
        .crit(lambda: "idle" < 5)
        .stateChangesOnly()
"""
TESTS = {
    f"{name}_test.yaml": f"rule: cpu.tick\npoints: {{'cpu,host=a idle': {values}}}\nexpect: {{counts: {{INFO: 0}}}}\n"
    for name, values in (("a", "50 10"), ("b", "50 3"), ("c", "3 10 50"))
}


def test_tests_in_several_processes_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"cpu.tick": CPU, **TESTS}
    alone = outcome(files, "test --coverage", tmp_path)
    monkeypatch.setattr(runner, "PAYS_AFTER_S", -1.0)
    together = outcome(files, "test --coverage --processes 2", tmp_path)
    assert timeless(together.out) == timeless(alone.out)


def test_for_machines_the_table_is_beside_their_output(tmp_path: Path) -> None:
    found = outcome({"cpu.tick": CPU, **TESTS}, "test --format json --coverage", tmp_path)
    assert [json.loads(line) for line in found.out.splitlines()]
    assert found.err.startswith("rule ")


def test_the_page_is_one_file_that_needs_no_other(tmp_path: Path) -> None:
    files = {"cpu.tick": CPU, "<i>.tick": "stream|from()|log()", **TESTS}
    outcome(files, "test --cov-report html:site", tmp_path)
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert Tags.of(page) <= ELEMENTS
    assert "http" not in page
    assert "WARNING is never left" not in page
    assert "the level never goes OK -&gt; WARNING" not in page
    assert "never goes CRITICAL -&gt; OK</li>" in page
    assert "&quot;host&quot; != &#x27;&lt;b&gt;&amp;&quot;&#x27;" in page
    assert "&lt;i&gt;.tick" in page


ELEMENTS = set(
    "a b body h1 h2 head html li mark meta meter ol span style table tbody td tfoot th thead title tr ul".split()
)


class Tags(HTMLParser):
    """The elements of a page, each closed where it has to be."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    @classmethod
    def of(cls, page: str) -> set[str]:
        parser = cls()
        parser.feed(page)
        assert parser.open == []
        return parser.seen

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_cobertura_counts_lines_and_goals(tmp_path: Path) -> None:
    files = {"rules/cpu.tick": CPU, "a_test.yaml": TESTS["a_test.yaml"].replace("cpu.tick", "rules/cpu.tick")}
    outcome(files, "test --cov-report cobertura", tmp_path)
    root = xml.parse(tmp_path / "coverage.xml").getroot()
    assert [root.get(name) for name in ("lines-covered", "lines-valid", "branches-valid")] == ["4", "4", "20"]
    (rule,) = root.iter("class")
    assert rule.get("filename") == "rules/cpu.tick"
    lines = [(each.get("number"), each.get("hits"), each.get("condition-coverage")) for each in rule.iter("line")]
    assert lines == [
        ("1", "1", None),
        ("2", "1", None),
        ("3", "1", "63% (7/11)"),
        ("4", "1", "14% (1/7)"),
    ]


def test_lcov_has_a_branch_for_each_goal(tmp_path: Path) -> None:
    files = {"r.tick": "stream|from().measurement('m')\n|where(lambda: \"x\" > 5)\n|log()", "r_test.yaml": NOTHING}
    outcome(files, "test --cov-report lcov", tmp_path)
    assert (tmp_path / "coverage.lcov").read_text(encoding="utf-8") == LCOV


NOTHING = "rule: r.tick\npoints: {m x: 1i}\nexpect: silent\n"
LCOV = """TN:
SF:r.tick
DA:1,1
BRDA:1,0,0,1
DA:2,1
BRDA:2,0,0,1
BRDA:2,0,1,0
BRDA:2,0,2,1
DA:3,0
BRDA:3,0,0,-
BRF:5
BRH:3
LF:3
LH:2
end_of_record
"""


EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_tests_of_the_examples_leave_nothing_out(tmp_path: Path) -> None:
    found = outcome({}, f"test {EXAMPLES} --cov-report term --threshold 100", tmp_path)
    assert found.code == 0, found.said
