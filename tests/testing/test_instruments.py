"""An instrument is a second compilation: without one the generated Python is what it is in a build that knows of none.

`generated.yaml` holds that Python, and the same with what coverage sees.
"""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest
import yaml

from tickdiscord.alert.instrument import Owner
from tickdiscord.clock import StreamClock
from tickdiscord.diagnostics import Source, Span
from tickdiscord.lambdas import Environment, Probe, Type
from tickdiscord.lambdas.codegen import generate
from tickdiscord.lambdas.compiler import checked_plan
from tickdiscord.lambdas.plan import Plan
from tickdiscord.syntax.parser import parse_expression
from tickdiscord.templates import Branch, Kind, codegen, compile_template
from tickdiscord.templates.branches import branches
from tickdiscord.templates.data import MessageData
from tickdiscord.templates.parser import parse
from tickdiscord.testing.coverage.recorder import Recorder

CASES: Mapping[str, Sequence[Mapping[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "generated.yaml").read_text(encoding="utf-8")
)
WORLD = Environment(StreamClock(0), datetime.UTC, Random(0))
SOURCE = Source("r.tick", "")
OWNER = Owner("where1", "|where()", SOURCE, Span(0, 0))


def planned(case: Mapping[str, str]) -> Plan:
    return checked_plan(parse_expression(case["lambda"], "r.tick"), WORLD, SOURCE, condition="|where()")


def generated(plan: Plan, case: Mapping[str, str], probe: Probe | None) -> str:
    found = generate(plan, [Type[name] for name in case["types"].split()], probe)
    return "".join((*found.functions, found.piece.text))


@pytest.mark.parametrize("case", CASES["lambdas"], ids=lambda case: f"{case['lambda']} {case['types']}")
def test_a_lambda_without_a_probe_and_with_one(case: Mapping[str, str]) -> None:
    plan = planned(case)
    assert generated(plan, case, None) == case["code"]
    assert generated(plan, case, Recorder().of_lambda(OWNER, plan)) == case["seen"]


@pytest.mark.parametrize("case", CASES["templates"], ids=lambda case: case["template"])
def test_a_template_without_a_probe_and_with_one(case: Mapping[str, str]) -> None:
    templates = parse(case["template"], "message")
    found: Sequence[Branch] = branches(templates)
    assert codegen.generate(templates, MessageData).source == case["code"]
    seen = Recorder().of_template(OWNER, found)
    assert codegen.generate(templates, MessageData, seen, found).source == case["seen"]


def test_a_template_without_branches_is_the_same_with_an_instrument() -> None:
    assert compile_template("{{ .ID }} is {{ .Level }}", Kind.MESSAGE).branches == []
