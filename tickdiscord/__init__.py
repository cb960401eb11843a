"""Run Kapacitor's TICKscript alert rules on line protocol, send the alerts to Discord, test the rules offline."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tickdiscord.diagnostics import Diagnostic, DiagnosticError
    from tickdiscord.runtime.api import Result, Task, load

__all__ = ["Diagnostic", "DiagnosticError", "Result", "Task", "load"]


def __getattr__(name: str) -> object:
    """The public names, imported when first used: the command line needs few of them."""
    if name in ("Diagnostic", "DiagnosticError"):
        from tickdiscord import diagnostics

        return getattr(diagnostics, name)
    if name in __all__:
        from tickdiscord.runtime import api

        return getattr(api, name)
    raise AttributeError(f"module 'tickdiscord' has no attribute '{name}'")
