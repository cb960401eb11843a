"""Functions that remember: each has one state per lambda and group, which a call moves on; and `rand`."""

import math

from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.int64 import GREATEST
from tickdiscord.lambdas.library.entry import Function, Signature, Takes, shows
from tickdiscord.lambdas.types import Type

State = list[float]
"""What a function remembers: numbers, changed in place."""


def _sigma(state: State, x: float) -> float:
    """Welford's running mean and variance, which already include x."""
    count, mean, m2 = state
    count += 1
    delta = x - mean
    mean += delta / count
    m2 += delta * (x - mean)
    state[:] = count, mean, m2
    if count < 2:
        return 0.0
    variance = m2 / (count - 1)
    return math.fabs(x - mean) / math.sqrt(variance) if variance else 0.0


def _spread(state: State, x: float) -> float:
    least, greatest = state
    if x < least:
        state[0] = least = x
    if x > greatest:
        state[1] = greatest = x
    return greatest - least


def _count(state: State) -> int:
    state[0] += 1
    return int(state[0])


def _rand(environment: Environment) -> int:
    return environment.random.getrandbits(63)


def _rand_below(environment: Environment, n: int) -> int:
    """Kapacitor takes n for an unsigned number, and cuts the result to 63 bits."""
    limit = n & ((1 << 64) - 1)
    return environment.random.randrange(limit) & GREATEST if limit else 0


FUNCTIONS = (
    Function(
        "sigma",
        "How many standard deviations a value is away from the running mean.",
        ("x",),
        (Signature((Type.FLOAT,), Type.FLOAT, _sigma),),
        (shows('sigma("v")', 0.0, v=3.0),),
        Takes.STATE,
        initial=lambda: [0, 0.0, 0.0],
    ),
    Function(
        "spread",
        "The difference between the largest and the smallest value so far.",
        ("x",),
        (Signature((Type.FLOAT,), Type.FLOAT, _spread),),
        (shows('spread("v")', 0.0, v=3.0),),
        Takes.STATE,
        initial=lambda: [math.inf, -math.inf],
    ),
    Function(
        "count",
        "How many times it has been called.",
        (),
        (Signature((), Type.INT, _count),),
        (shows("count()", 1), shows("count() + count()", 3)),
        Takes.STATE,
        initial=lambda: [0],
    ),
    Function(
        "rand",
        "A random int: below n, or of 63 bits.",
        ("n",),
        (Signature((), Type.INT, _rand), Signature((Type.INT,), Type.INT, _rand_below)),
        (shows("rand(1)", 0), shows("rand() >= 0", True)),
        Takes.ENVIRONMENT,
        volatile=True,
    ),
)
