"""What helps to test: rules offline (`Rule`), and a stand-in for Discord (`tickdiscord.testing.discord`)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tickdiscord.testing.rule import Event, LevelMargin, Outcome, Request, Rule

__all__ = ["Event", "LevelMargin", "Outcome", "Request", "Rule"]


def __getattr__(name: str) -> Any:
    """Loaded when asked for: the stand-in for Discord needs no rules."""
    if name in __all__:
        from tickdiscord.testing import rule

        return getattr(rule, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
