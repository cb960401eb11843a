"""Writes points as line protocol, as InfluxDB's own client does."""

import math
from collections.abc import Mapping

from tickdiscord.gotext import format_float
from tickdiscord.points.model import Value

_MEASUREMENT = str.maketrans({",": "\\,", " ": "\\ "})
_TAG = str.maketrans({",": "\\,", " ": "\\ ", "=": "\\="})
_FIELD = str.maketrans({",": "\\,", '"': '\\"', " ": "\\ ", "=": "\\="})
_STRING = str.maketrans({'"': '\\"', "\\": "\\\\"})


def head(measurement: str, tags: Mapping[str, str]) -> str:
    """The measurement and tag set of a line; tags without a value are left out (influxdb: `MakeKey`)."""
    written = (f",{tag.translate(_TAG)}={tags[tag].translate(_TAG)}" for tag in sorted(tags) if tags[tag])
    return f"{measurement.translate(_MEASUREMENT)}{''.join(written)}"


def field_set(fields: Mapping[str, Value]) -> str:
    """The field set of a line, empty if there is none. Floats that line protocol has no form for are left out."""
    return ",".join(
        f"{name.translate(_FIELD)}={_written(value)}"
        for name, value in sorted(fields.items())
        if not isinstance(value, float) or math.isfinite(value)
    )


def _written(value: Value) -> str:
    if isinstance(value, str):
        return f'"{value.translate(_STRING)}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format_float(value, "f")
    return f"{int(value)}i"
