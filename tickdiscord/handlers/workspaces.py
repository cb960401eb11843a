"""The Discord workspaces of the configuration: one for each `[[discord]]` section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import Source, Span, did_you_mean, error
from tickdiscord.outbox.webhook import Webhook, named

UNKNOWN = "TD501"
DISABLED = "TD502"
USERNAME = "TD503"

COLOURS: Mapping[Level, int] = {
    Level.OK: 0x7A65F2,
    Level.INFO: 0x7A65F2,
    Level.WARNING: 0xF48D38,
    Level.CRITICAL: 0xF95F53,
}
"""Kapacitor's colours."""

MOST_USERNAME = 80
FORBIDDEN_WITHIN = ("discord", "clyde")
FORBIDDEN_NAMES = ("everyone", "here")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The settings of one workspace; `webhook` is None where nothing is ever sent: a dry run without configuration."""

    name: str
    enabled: bool = True
    webhook: Webhook | None = None
    timestamp: bool = False
    username: str = ""
    avatar_url: str = ""
    embed_title: str = ""
    colours: Mapping[Level, int] = field(default_factory=lambda: COLOURS)


@dataclass(frozen=True, slots=True)
class Workspaces:
    """All workspaces. `default` is the name of the one that is meant by none.

    `global_` adds a handler to every alert without a Discord handler, and `changes_only` makes that one send state
    changes only. With `open` every name is taken, as `check` and dry runs do it without a configuration.
    """

    known: Mapping[str, Workspace] = field(default_factory=dict[str, Workspace])
    default: str = ""
    global_: bool = False
    changes_only: bool = False
    open: bool = False

    def pick(self, name: str, span: Span | None = None, source: Source | None = None) -> Workspace:
        """The workspace of a handler; the empty name is the default one.

        Raises:
            DiagnosticError: there is none of that name, or it is disabled.
        """
        wanted = name or self.default
        found = self.known.get(wanted)
        if found is None:
            if self.open:
                return Workspace(wanted)
            raise error(UNKNOWN, *self._unknown(name, span), source=source)
        if not found.enabled:
            hint = "set `enabled = true` in its [[discord]] section"
            raise error(DISABLED, f"{named(found.name)} is disabled", span, hint, source)
        return found

    def webhooks(self) -> Sequence[Webhook]:
        """The webhooks that may be posted to."""
        return [each.webhook for each in self.known.values() if each.enabled and each.webhook is not None]

    def _unknown(self, name: str, span: Span | None) -> tuple[str, Span | None, str]:
        if not self.known:
            return "no Discord workspace is configured", span, "give a configuration: --config kapacitor.conf"
        named_ones = [each for each in self.known if each]
        hint = did_you_mean(name, named_ones) or (f"configured are: {', '.join(named_ones)}" if named_ones else "")
        return f"there is no workspace `{name}`", span, hint


def username_problem(username: str) -> str:
    """Why Discord would refuse a username, or nothing. An empty one is the webhook's own."""
    name = username.strip().lower()
    if username and not 1 <= len(username.strip()) <= MOST_USERNAME:
        return f"a username has 1 to {MOST_USERNAME} characters"
    within = next((word for word in FORBIDDEN_WITHIN if word in name), None)
    if within:
        return f"Discord refuses a username with `{within}` in it"
    return f"Discord refuses the username `{username}`" if name in FORBIDDEN_NAMES else ""


def check_username(username: str, span: Span | None, source: Source | None) -> None:
    """Refuse a username that Discord would refuse.

    Raises:
        DiagnosticError: it would.
    """
    problem = username_problem(username)
    if problem:
        raise error(USERNAME, problem, span, source=source)
