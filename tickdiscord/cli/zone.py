"""The time zone that a command line names."""

import datetime

from tickdiscord.config.kapacitor import zone_named
from tickdiscord.diagnostics import did_you_mean, error


def zone(name: str) -> datetime.tzinfo:
    """A time zone by its name, such as `Europe/Berlin`.

    Raises:
        DiagnosticError: there is none of that name.
    """
    found = zone_named(name)
    if found is None:
        from zoneinfo import available_timezones

        hint = did_you_mean(name, available_timezones()) or "such as UTC or Europe/Berlin"
        raise error("TD643", f"there is no time zone `{name}`", hint=hint)
    return found
