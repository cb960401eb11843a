"""Mutations: what each kind makes of a rule; and, whatever the rule, that mutants are rules, others than it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tickdiscord.diagnostics import Source
from tickdiscord.syntax.formatter import format_script
from tickdiscord.syntax.parser import parse
from tickdiscord.testing.mutation.grain import Grain
from tickdiscord.testing.mutation.mutants import Mutant, mutants_of_rule
from tickdiscord.testing.mutation.mutations import MUTATIONS

FILE = Path(__file__).parent / "mutations.yaml"
KINDS: list[Mapping[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def mutants(text: str, grain: Grain | None = None) -> list[Mutant]:
    return list(mutants_of_rule(Path("rule.tick"), Source("rule.tick", text), grain or Grain()))


def changed(mutant: Mutant) -> str:
    """The lines that are new, behind each other; with signs, if there are none, or if none is gone."""
    lines = [line[0] + line[1:].strip() for line in mutant.diff[3:] if line[0] in "-+"]
    new = [line[1:] for line in lines if line[0] == "+"]
    return " ".join(new if 0 < len(new) < len(lines) else lines)


@pytest.mark.parametrize("case", KINDS, ids=[case.get("name", case["kind"]) for case in KINDS])
def test_a_kind_of_mutation(case: Mapping[str, Any]) -> None:
    grain = Grain()
    for field, values in case.get("data", {}).items():
        for value in values:
            grain.note({field: value})
    assert [changed(each) for each in mutants(case["rule"], grain) if each.kind == case["kind"]] == case["gives"]


def test_every_kind_has_its_case() -> None:
    assert [each.name for each in MUTATIONS] == list(dict.fromkeys(case["kind"] for case in KINDS))


CONDITIONS = st.recursive(
    st.sampled_from(
        ['"a" > 1', '"b" <= 0.5', '"c" == TRUE', '"d" =~ /x/', '!"c"', 'abs("a") > limit', "\"d\" != 'it\\'s'"]
    ),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner),
    max_leaves=4,
)
PROPERTIES = st.lists(
    st.one_of(
        st.builds(".crit(lambda: {})".format, CONDITIONS),
        st.builds(".warn(lambda: {})".format, CONDITIONS),
        st.builds(".critReset(lambda: {})".format, CONDITIONS),
        st.sampled_from(
            [
                ".stateChangesOnly()",
                ".stateChangesOnly(5m)",
                ".noRecoveries()",
                ".id('{{ .Name }}')",
                ".message('''{{ if eq .Level \"OK\" }}'ok'{{ else }}{{ .ID | printf \"%s\" }}{{ end }}''')",
                ".discord().workspace('x') // here",
                ".flapping(0.25, 0.5)",
            ]
        ),
    ),
    max_size=5,
    unique=True,
)
NODES = st.lists(
    st.sampled_from(
        [
            "|window().period(10s).every(5s)|mean('a').as('a')",
            "|eval(lambda: \"a\" * 2.0 - limit).as('b')",
            "// groups\n|groupBy('host', 'cpu')",
            '|where(lambda: "a" > -1)',
        ]
    ),
    max_size=3,
)
SCRIPTS = st.builds(
    lambda nodes, properties, separator: (
        separator.join(
            ["var limit = 3.5\n\nstream|from().measurement('m').groupBy(*)", *nodes, "|alert()", *properties]
        )
        + "\n"
    ),
    NODES,
    PROPERTIES,
    st.sampled_from(["\n", "\n    ", "\r\n\t"]),
)


@settings(deadline=None, max_examples=30)
@given(SCRIPTS)
def test_mutants_can_be_parsed_and_formatted_and_differ_from_the_rule_and_from_one_another(text: str) -> None:
    found = mutants(text)
    programs = [parse(each.text) for each in found]
    assert len({parse(text), *programs}) == len(found) + 1
    for mutant, program in zip(found, programs, strict=True):
        assert parse(format_script(mutant.text)) == program
        assert mutant.diff
