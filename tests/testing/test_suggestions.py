"""Tests that are suggested against mutants: each passes on its rule and fails on the mutant it was made for."""

from pathlib import Path
from random import Random

import pytest

from tickdiscord.testing.mutation.results import FileReport
from tickdiscord.testing.mutation.run import Work
from tickdiscord.testing.mutation.suggesting import read_test
from tickdiscord.testing.mutation.trying import complaint
from tickdiscord.testing.rules.loading import Loader

RULES = {
    "levels and resets": """
        stream|from().measurement('m').groupBy('host')
            |alert()
                .warn(lambda: "x" > 5.0)
                .crit(lambda: "x" > 8.0 OR "y" == 'down')
                .critReset(lambda: "x" < 6.0)
                .stateChangesOnly(1m)
                .message('{{ index .Tags "host" }} is {{ .Level }}')
        """,
    "a window": """
        stream|from().measurement('m').groupBy('host')
            |window().period(30s).every(10s)
            |mean('x').as('x')
            |alert().crit(lambda: "x" >= 5.0).stateChangesOnly().topic('t')
        """,
    "flapping, and how long it lasts": """
        stream|from().measurement('m').groupBy('host')
            |alert().info(lambda: "x" > 5.0).flapping(0.25, 0.5).history(5)
        """,
    "a filter, an eval, a state": """
        stream|from().measurement('m').where(lambda: "host" != 'c')
            |stateDuration(lambda: "x" > 5.0).unit(1s)
            |eval(lambda: float("state_duration") / 2.0).as('half').keep()
            |alert().crit(lambda: "half" >= 10.0).id('{{ .Name }}').details('{{ .ID }}')
        """,
    "a deadman": "stream|from().measurement('m').groupBy('host')|deadman(1.0, 20s).noRecoveries()",
    "two handlers": """
        stream|from().measurement('m').groupBy(*)
            |alert().crit(lambda: "x" > 5.0).log('/tmp/x').discord().embedTitle('{{ if eq .Level "OK" }}ok{{ end }}')
        """,
}
TEST = """
rule: rule.tick
until: 2m
points:
  m,host=a x: 1 9 9 1
  m,host=a y: '"up"x4'
expect:
  counts: {INFO: 0..99}
"""


@pytest.mark.parametrize("script", RULES.values(), ids=RULES)
def test_a_suggested_test_passes_on_the_rule_and_fails_on_the_mutant(script: str, tmp_path: Path) -> None:
    (tmp_path / "rule.tick").write_text(script, encoding="utf-8")
    (tmp_path / "rule_test.yaml").write_text(TEST, encoding="utf-8")
    (report,) = Work([tmp_path / "rule_test.yaml"]).reports(lambda: Random(0))
    assert isinstance(report, FileReport)
    shown = [each for each in report.of("survived") if each.suggestion is not None]
    assert shown
    for verdict in shown:
        assert verdict.suggestion is not None
        assert verdict.suggestion.test, verdict.mutant.diff
        test = read_test(verdict.suggestion.test, verdict.suggestion.beside)
        assert test is not None
        loaded = Loader().load(test.setup)
        assert complaint(test, loaded) == ""
        assert complaint(test, verdict.mutant.within(loaded)) != ""
