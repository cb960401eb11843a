"""The texts of an alert's events: id, message, details."""

from collections.abc import Mapping

from tickdiscord.alert.event import Deferred, EventState
from tickdiscord.alert.instrument import template
from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import Span, warning
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.step import Context
from tickdiscord.points.model import Group, Series, Value
from tickdiscord.templates import (
    NO_SERVER,
    DetailsData,
    IdData,
    Kind,
    MessageData,
    Template,
    TemplateData,
    TemplateError,
    compile_template,
)

DEFAULT_ID = "{{ .Name }}:{{ .Group }}"
DEFAULT_MESSAGE = "{{ .ID }} is {{ .Level }}"
DEFAULT_DETAILS = "{{ json . }}"
MOST_IDS = 65_536
"""Rendered ids are remembered up to this number."""


class Texts:
    """The templates of an alert. One that fails never loses an event: the default stands in, and it is reported."""

    def __init__(self, node: Node, id: str, message: str, details: str, context: Context) -> None:
        self._node = node
        self._context = context
        self._task = context.task
        self._id = self._compile(id, Kind.ID, "id")
        self._message = self._compile(message, Kind.MESSAGE, "message")
        self._details = self._compile(details, Kind.DETAILS, "details")
        self._defaults = {
            kind: compile_template(text, kind)
            for kind, text in ((Kind.ID, DEFAULT_ID), (Kind.MESSAGE, DEFAULT_MESSAGE), (Kind.DETAILS, DEFAULT_DETAILS))
        }
        self._ids: dict[tuple[Series, Group], str] = {}

    def id(self, series: Series, group: Group) -> str:
        """The id of a series; it depends on nothing else."""
        key = (series, group)
        id = self._ids.get(key)
        if id is None:
            if len(self._ids) >= MOST_IDS:
                self._ids.clear()
            id = self._ids[key] = self.fresh_id(series.name, group, series.tags)
        return id

    def fresh_id(self, name: str, group: Group, tags: Mapping[str, str]) -> str:
        return self._render(self._id, Kind.ID, IdData(name, self._task, shown(group), tags, NO_SERVER))

    def state(
        self,
        id: str,
        level: Level,
        time: int,
        duration: int,
        name: str,
        group: Group,
        tags: Mapping[str, str],
        fields: Mapping[str, Value],
    ) -> EventState:
        """What a topic keeps of an event, with its texts."""
        who = (name, self._task, shown(group), tags, NO_SERVER)
        what = (id, fields, str(level), time, duration)
        message = self._render(self._message, Kind.MESSAGE, MessageData(*who, *what))
        data = DetailsData(*who, *what, message)
        if self._details.text == DEFAULT_DETAILS:
            return EventState(id, level, time, duration, message, Deferred(lambda: self._default(Kind.DETAILS, data)))
        return EventState(id, level, time, duration, message, self._render(self._details, Kind.DETAILS, data))

    def _compile(self, text: str, kind: Kind, name: str) -> Template:
        said = self._node.said.get(name)
        # What a deadman says without a word in the script is the configuration's.
        watched = None if said == self._node.span else self._context.watched(self._node, f".{name}()")
        return template(text, kind, said, self._context.source, watched)

    def _render(self, template: Template, kind: Kind, data: TemplateData) -> str:
        try:
            return template.render(data)
        except TemplateError as problem:
            place: Span = self._node.said.get(kind.name.lower(), self._node.span)
            message = f"the {kind.name.lower()} could not be rendered, the default stands in: {problem}"
            self._context.trouble(
                self._node, f".{kind.name.lower()}()", warning("TD141", message, place, source=self._context.source)
            )
            return self._default(kind, data)

    def _default(self, kind: Kind, data: TemplateData) -> str:
        try:
            return self._defaults[kind].render(data)
        except TemplateError:  # longer than any text may be
            return ""


def shown(group: Group) -> str:
    """A group as templates see it (Kapacitor: no grouping is `nil`)."""
    return group.id or "nil"
