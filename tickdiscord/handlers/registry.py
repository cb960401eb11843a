"""The handlers there are: every module beside this one that defines a handler class adds it by being there."""

import functools
import importlib
import pkgutil
from collections.abc import Mapping

import tickdiscord.handlers
from tickdiscord.handlers.handler import Handler
from tickdiscord.handlers.others import OTHERS


@functools.cache
def handler_classes() -> Mapping[str, type[Handler]]:
    """The handler classes by the name that a script writes: `discord`, `log`, and the services not sent to: `slack`."""
    return {**own_classes(), **OTHERS}


@functools.cache
def own_classes() -> Mapping[str, type[Handler]]:
    """Those that do something, by kind."""
    for module in pkgutil.iter_modules(tickdiscord.handlers.__path__):
        importlib.import_module(f"tickdiscord.handlers.{module.name}")
    return dict(sorted((found.kind, found) for found in Handler.__subclasses__() if found.kind))


@functools.cache
def file_kinds() -> Mapping[str, type[Handler]]:
    """All of them, by the kind that a handler file says."""
    return {found.in_files or found.kind: found for found in handler_classes().values()}
