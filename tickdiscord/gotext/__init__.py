"""How Go prints and parses: floats, durations, times and quoted strings, as Kapacitor's users see them."""

from tickdiscord.gotext.durations import duration_text, parse_duration
from tickdiscord.gotext.floats import format_float, json_float, parse_float, value_text
from tickdiscord.gotext.jsonstring import json_string
from tickdiscord.gotext.quoting import can_backquote, is_print, quote, quote_rune, unquote
from tickdiscord.gotext.times import (
    Civil,
    civil,
    civil_ns,
    format_time,
    month_name,
    parse_rfc3339,
    rfc3339,
    time_text,
    weekday_name,
)

__all__ = [
    "Civil",
    "can_backquote",
    "civil",
    "civil_ns",
    "duration_text",
    "format_float",
    "format_time",
    "is_print",
    "json_float",
    "json_string",
    "month_name",
    "parse_duration",
    "parse_float",
    "parse_rfc3339",
    "quote",
    "quote_rune",
    "rfc3339",
    "time_text",
    "unquote",
    "value_text",
    "weekday_name",
]
