"""Sizes for people to read."""

import math

from tickdiscord.lambdas.int64 import unsigned
from tickdiscord.lambdas.library.entry import Function, Signature, shows
from tickdiscord.lambdas.types import Type

UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")


def _of_int(size: int) -> str:
    """As go-humanize writes it: one decimal below 10, none above."""
    size &= (1 << 64) - 1
    if size < 10:
        return f"{size} B"
    power = math.floor(math.log(size) / math.log(1000))
    shown = math.floor(size / 1000.0**power * 10 + 0.5) / 10
    return f"{shown:.{1 if shown < 10 else 0}f} {UNITS[power]}"


def _of_float(size: float) -> str:
    return _of_int(unsigned(size))


FUNCTIONS = (
    Function(
        "humanBytes",
        "A number of bytes with an SI unit.",
        ("size",),
        (Signature((Type.INT,), Type.STRING, _of_int), Signature((Type.FLOAT,), Type.STRING, _of_float)),
        (
            shows("humanBytes(82854982)", "83 MB"),
            shows("humanBytes(1500)", "1.5 kB"),
            shows("humanBytes(9.9)", "9 B"),
            shows("humanBytes(-1)", "18 EB"),
        ),
    ),
)
