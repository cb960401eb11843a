"""`.discord()`: a message in a Discord channel, as Kapacitor's Discord handler makes it, within Discord's limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tickdiscord.alert.event import Event, Published
from tickdiscord.alert.instrument import template
from tickdiscord.diagnostics import Span, warning
from tickdiscord.gotext import rfc3339
from tickdiscord.handlers.handler import NOTHING, Binding, Bound, Handler, Reaction
from tickdiscord.handlers.workspaces import Workspace, check_username
from tickdiscord.outbox.request import Request
from tickdiscord.properties import BOOL, STRING, maybe, value
from tickdiscord.templates import Kind, Template, TemplateError, TitleData, compile_template

MOST_TITLE = 256
MOST_DESCRIPTION = 4096
MOST_TOGETHER = 6000
"""Characters over all texts of an embed. Discord counts code points, without white space at both ends."""

CUT = "TD510"
TITLE = "TD511"
SECOND_NS = 1_000_000_000


@dataclass(eq=False)
class Discord(Handler):
    """Kapacitor: `services/discord`; what it ignores and its documentation promises, is done here."""

    kind: ClassVar[str] = "discord"
    doc: ClassVar[str] = "Posts the event to a Discord webhook."

    workspace: str = value(STRING, "", "Which [[discord]] section to use; the default one if empty.")
    timestamp: bool | None = maybe(BOOL, "Whether the embed shows the event's time; as configured if not said.")
    username: str = value(STRING, "", "The name that the message is from; as configured if empty.")
    avatar_url: str = value(STRING, "", "The picture beside the message; as configured if empty.")
    embed_title: str = value(STRING, "", "The title, a template over the event; as configured if empty.")

    changes_only: bool = field(default=False, init=False)
    """Whether only changes of the level are sent, as the configuration may want it of its global handler."""

    def bind(self, binding: Binding) -> Bound:
        source = binding.source
        workspace = binding.workspaces.pick(self.workspace, self.said.get("workspace", self.span), source)
        check_username(self.username, self.said.get("username"), source)
        return BoundDiscord(self, workspace, binding, self._title(workspace, binding))

    def _title(self, workspace: Workspace, binding: Binding) -> Template:
        if self.embed_title:
            watched = binding.watched(".embedTitle()", self.span)
            return template(self.embed_title, Kind.TITLE, self.said.get("embedTitle"), binding.source, watched)
        return compile_template(workspace.embed_title, Kind.TITLE)


class BoundDiscord:
    """A Discord handler of a known workspace."""

    def __init__(self, declared: Discord, workspace: Workspace, binding: Binding, title: Template) -> None:
        self._workspace = workspace
        self._title = title
        self._changes_only = declared.changes_only
        self._trouble = binding.trouble
        self._source = binding.source
        self._span = declared.said.get("embedTitle", declared.span)
        self._timestamp = workspace.timestamp if declared.timestamp is None else declared.timestamp
        self._username = (declared.username or workspace.username).strip()
        self._avatar_url = (declared.avatar_url or workspace.avatar_url).strip()

    def react(self, published: Published) -> Reaction:
        if self._changes_only and published.previous == published.event.state.level:
            return NOTHING
        return Reaction((Request("discord", self._workspace.name, self._body(published.event)),))

    def _body(self, event: Event) -> Mapping[str, object]:
        state = event.state
        title = self._shortened("title", self._rendered(event).strip(), MOST_TITLE, event)
        room = min(MOST_DESCRIPTION, MOST_TOGETHER - len(title))
        # Discord refuses an embed in which nothing is to be seen: an empty message must not lose the alert.
        message = state.message.strip() or ("" if title else f"{state.id} is {state.level}")
        description = self._shortened("message", message, room, event)
        embed: dict[str, object] = {"color": self._workspace.colours[state.level]}
        if title:
            embed["title"] = title
        if description:
            embed["description"] = description
        if self._timestamp:
            embed["timestamp"] = rfc3339(state.time // SECOND_NS * SECOND_NS)
        return {
            **({"username": self._username} if self._username else {}),
            **({"avatar_url": self._avatar_url} if self._avatar_url else {}),
            "embeds": [embed],
            "allowed_mentions": {"parse": []},
        }

    def _rendered(self, event: Event) -> str:
        """The title. On an error the raw text stands in: an alert is never lost for its title."""
        try:
            return self._title.render(title_data(event))
        except TemplateError as problem:
            self._tell(TITLE, f"the title of `{event.state.id}` could not be rendered: {problem}")
            return self._title.text

    def _shortened(self, what: str, shown: str, most: int, event: Event) -> str:
        if len(shown) <= most:
            return shown
        self._tell(CUT, f"the {what} of `{event.state.id}` has {len(shown)} characters, Discord takes {most}: cut")
        return shown[: most - 1] + "…"

    def _tell(self, code: str, message: str) -> None:
        self._trouble(warning(code, message, self._place(), source=self._source))

    def _place(self) -> Span | None:
        return self._span if self._source is not None else None


def title_data(event: Event) -> TitleData:
    """What a title's template sees."""
    state = event.state
    return TitleData(
        ID=state.id,
        Message=state.message,
        Details=state.details,
        Level=str(state.level),
        Time=state.time,
        Duration=state.duration,
        Name=event.name,
        TaskName=event.task,
        Group=event.group,
        Tags=event.tags,
        Fields=event.fields,
    )
