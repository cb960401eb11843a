"""The handlers there are: every module beside this one that defines a handler class adds it by being there."""

import functools
import importlib
import pkgutil
from collections.abc import Mapping

import tickdiscord.handlers
from tickdiscord.handlers.handler import Handler

UNSUPPORTED = (
    "aggregate alerta bigPanda email exec hipChat kafka mqtt opsGenie opsGenie2 pagerDuty pagerDuty2 post publish "
    "pushover sensu serviceNow slack snmpTrap talk tcp teams telegram victorOps zenoss"
).split()
"""What Kapacitor has beside ours, by the name a script writes."""


@functools.cache
def handler_classes() -> Mapping[str, type[Handler]]:
    """The handler classes by kind: `discord`, `log`."""
    for module in pkgutil.iter_modules(tickdiscord.handlers.__path__):
        importlib.import_module(f"tickdiscord.handlers.{module.name}")
    return dict(sorted((found.kind, found) for found in Handler.__subclasses__() if found.kind))
