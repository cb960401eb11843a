"""What the tests of lambdas are made of: environments in which time stands still, and cases from YAML."""

import datetime
import math
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tickdiscord.clock import ManualClock
from tickdiscord.lambdas import Environment, Lambda, compile_lambda
from tickdiscord.syntax.parser import parse_expression

HERE = Path(__file__).parent
NOW = 1_000_000_000_000_000_000


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a YAML file beside the tests."""
    return yaml.load((HERE / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


def environment(zone: str = "") -> Environment:
    return Environment(ManualClock(NOW), ZoneInfo(zone) if zone else datetime.UTC, Random(1))


def compiled(text: str, zone: str = "", condition: str = "") -> Lambda:
    return compile_lambda(parse_expression(text), environment(zone), condition=condition)


def same(left: object, right: object) -> bool:
    """Whether two results are the same, type and sign of zero included; NaN is NaN."""
    if isinstance(left, float) and isinstance(right, float):
        return (math.isnan(left) and math.isnan(right)) or (
            left == right and math.copysign(1, left) == math.copysign(1, right)
        )
    return type(left) is type(right) and left == right
