"""The `[deadman]` section of kapacitor.conf."""

from tickdiscord.config.section import WRONG_TYPE, Section
from tickdiscord.gotext import parse_duration
from tickdiscord.nodes.settings import DeadmanSettings

INTERVAL = "TD413"

KEYS = ("interval", "threshold", "id", "message", "global")
DEFAULT = DeadmanSettings()


def deadman(section: Section) -> DeadmanSettings:
    """What the section says; what is wrong is noted in it."""
    section.check_keys(KEYS)
    return DeadmanSettings(
        everywhere=section.flag("global"),
        interval=_interval(section),
        threshold=_threshold(section),
        id=section.text("id", DEFAULT.id),
        message=section.text("message", DEFAULT.message),
    )


def _interval(section: Section) -> int:
    """In nanoseconds; a Go duration."""
    written = section.text("interval", "10s")
    try:
        interval = parse_duration(written)
    except ValueError:
        interval = 0
    if interval <= 0:
        section.complain(INTERVAL, "`interval` is a duration such as 10s, above 0", section.place("interval"))
        return DEFAULT.interval
    return interval


def _threshold(section: Section) -> float:
    given = section.overrides.get("threshold", section.values.get("threshold", DEFAULT.threshold))
    try:
        if not isinstance(given, bool) and isinstance(given, int | float | str):
            return float(given)
    except (ValueError, OverflowError):
        pass
    section.complain(WRONG_TYPE, "`threshold` wants a number", section.place("threshold"))
    return DEFAULT.threshold
