"""Functions on times: what calendar and clock show in the environment's zone, and `now()`."""

import datetime
from collections.abc import Callable
from functools import lru_cache

from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.library.entry import Example, Function, Signature, Takes, shows
from tickdiscord.lambdas.types import Type

SECOND = 1_000_000_000

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@lru_cache(maxsize=4096)
def _at(seconds: int, zone: datetime.tzinfo) -> datetime.datetime:
    """A time in a zone; cached, as points of many series share their times."""
    return (_EPOCH + datetime.timedelta(seconds=seconds)).astimezone(zone)


def _local(environment: Environment, ns: int) -> datetime.datetime:
    """A time in the environment's zone, to the second; the times of 64 bits are all in `datetime`'s range."""
    return _at(ns // SECOND, environment.zone)


def _unix_nano(ns: int) -> int:
    return ns


def _minute(environment: Environment, ns: int) -> int:
    return _local(environment, ns).minute


def _hour(environment: Environment, ns: int) -> int:
    return _local(environment, ns).hour


def _weekday(environment: Environment, ns: int) -> int:
    return _local(environment, ns).isoweekday() % 7


def _day(environment: Environment, ns: int) -> int:
    return _local(environment, ns).day


def _month(environment: Environment, ns: int) -> int:
    return _local(environment, ns).month


def _year(environment: Environment, ns: int) -> int:
    return _local(environment, ns).year


def _now(environment: Environment) -> int:
    return environment.clock.now()


def _of_time(name: str, doc: str, behaviour: Callable[[Environment, int], int], *examples: Example) -> Function:
    signature = Signature((Type.TIME,), Type.INT, behaviour)
    return Function(name, doc, ("time",), (signature,), examples, Takes.ENVIRONMENT)


LEAP_DAY = 1_709_251_198_123_456_789
"""2024-02-29T23:59:58.123456789Z, a Thursday."""

FUNCTIONS = (
    Function(
        "unixNano",
        "A time as nanoseconds since 1970, UTC.",
        ("time",),
        (Signature((Type.TIME,), Type.INT, _unix_nano, "{0}"),),
        (shows('unixNano("time")', LEAP_DAY, time=LEAP_DAY),),
    ),
    _of_time("minute", "The minute within the hour, 0 to 59.", _minute, shows('minute("time")', 59, time=LEAP_DAY)),
    _of_time("hour", "The hour within the day, 0 to 23.", _hour, shows('hour("time")', 23, time=LEAP_DAY)),
    _of_time("weekday", "The day of the week; 0 is Sunday.", _weekday, shows('weekday("time")', 4, time=LEAP_DAY)),
    _of_time("day", "The day of the month, from 1.", _day, shows('day("time")', 29, time=LEAP_DAY)),
    _of_time("month", "The month, 1 to 12.", _month, shows('month("time")', 2, time=LEAP_DAY)),
    _of_time("year", "The year.", _year, shows('year("time")', 2024, time=LEAP_DAY)),
    Function(
        "now",
        "The present time: the stream's own, or the wall clock's with `run --clock wall` and in `serve`.",
        (),
        (Signature((), Type.TIME, _now),),
        (shows("unixNano(now()) >= 0", True),),
        Takes.ENVIRONMENT,
        volatile=True,
    ),
)
