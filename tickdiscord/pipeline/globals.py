"""Handlers that the configuration adds to alerts, without a word in the script."""

from tickdiscord.handlers.discord import Discord
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.nodes.alert import Alert
from tickdiscord.pipeline.pipeline import Pipeline


def add_global_handlers(pipeline: Pipeline, workspaces: Workspaces) -> None:
    """Give a Discord handler to every alert that has none, if a workspace is global.

    Kapacitor: an alert with a Discord handler of its own gets no second one; and `state-changes-only` is meant to hold
    for the global handler alone, where Kapacitor switches it on for the whole alert.
    """
    if not workspaces.global_:
        return
    for node in pipeline.nodes:
        if isinstance(node, Alert) and not any(isinstance(each, Discord) for each in node.handlers):
            handler = Discord()
            handler.span = node.span
            handler.changes_only = workspaces.changes_only
            node.handlers.append(handler)
