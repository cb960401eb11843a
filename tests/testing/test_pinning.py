"""What is pinned out of any recording is there again when the file with the tests is run."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tickdiscord.testing.pinning.pin import Pinning, Wanted, pin
from tickdiscord.testing.rules.feed import FileSource
from tickdiscord.testing.rules.files import read_file
from tickdiscord.testing.rules.loading import Loader
from tickdiscord.testing.rules.runner import Options, run_file
from tickdiscord.testing.rules.suite import Setup

LEVELS = """|alert().info(lambda: "v" > 50).warn(lambda: "v" > 70).crit(lambda: "v" > 90).critReset(lambda: "v" < 60)
    .message('{{ .ID }} {{ .Level }} {{ index .Fields "v" }} {{ .Duration }}')"""

RULES = {
    "every": f"stream|from().measurement('m').groupBy('host'){LEVELS}",
    "changes": f"stream|from().measurement('m').groupBy('host'){LEVELS}.stateChangesOnly()",
    "ungrouped": f"stream|from(){LEVELS}.stateChangesOnly(1m)",
    "window": f"stream|from().groupBy('host')|window().period(30s).every(10s)|max('v').as('v'){LEVELS}",
    "flapping": f"stream|from().groupBy('host'){LEVELS}.flapping(0.2, 0.5).history(4)",
    "dead": "stream|from().measurement('m').groupBy('host')|deadman(0.0, 30s)",
    "count": """stream|from().groupBy('host')|alert().crit(lambda: count() % 3 == 0).message('{{ .Level }}')""",
}

LINES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b c"]),
        st.integers(0, 100),
        st.sampled_from([0, 1_000_000_000, 7_300_000_000, 90 * 10**9]),
    ),
    min_size=1,
    max_size=25,
)


def recording(rows: list[tuple[str, int, int]]) -> str:
    """Line protocol, each point some time behind the one before."""
    time, lines = 1_772_438_400_000_000_000, list[str]()
    for host, value, later in rows:
        time += later
        lines.append(f"m,host={host.replace(' ', chr(92) + ' ')},dc=x v={value},other={value}i {time}\n")
    return "".join(lines)


def pinned(folder: Path, script: str, text: str) -> Pinning:
    (folder / "rule.tick").write_text(script, encoding="utf-8")
    (folder / "points.lp").write_text(text, encoding="utf-8")
    setup = Setup(rules=(folder / "rule.tick",))
    return pin(Wanted(setup, FileSource(folder / "points.lp"), folder / "rule_test.yaml", None, None), lambda _: None)


@given(st.sampled_from(sorted(RULES)), LINES)
@settings(max_examples=20, deadline=None)
def test_every_change_is_pinned_by_a_test_that_passes(name: str, rows: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = pinned(folder, RULES[name], recording(rows))
        assert made.failed == []
        assert len(made.pinned) == made.found.number
        assert all(each.exact for each in made.pinned)
        if not made.text:
            return
        path = folder / "rule_test.yaml"
        path.write_text(made.text, encoding="utf-8")
        found = run_file(path, Options(processes=1), Loader())
        assert Counter(each.outcome for each in found.results) == {"passed": made.found.number}
        for each, test in zip(made.pinned, read_file(path).tests, strict=True):
            said = f"{each.change.level} {chr(34)}{each.change.message}"
            assert said.replace("\n", "\\n") in made.text
            assert f"from {each.change.previous} to {each.change.level}" in test.name


def test_no_point_and_no_field_can_be_left_out(tmp_path: Path) -> None:
    rows = [("a", value, 1_000_000_000) for value in range(100)]
    made = pinned(tmp_path, RULES["changes"], recording(rows))
    kept = [str(each.test["points"]) for each in made.pinned]
    assert kept == ["{'m,host=a v': '51'}", "{'m,host=a v': '51 71'}", "{'m,host=a v': '51 _x38 90 91'}"]
    assert [each.test.get("interval", "1s") for each in made.pinned] == ["1s", "20s", "1s"]
