"""An unchanged kapacitor.conf: its sections about Discord, posts and deadmen, our own, and nothing else of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import tomli

from tickdiscord.alert.silences import Silence
from tickdiscord.config.deadman import KEYS as DEADMAN_KEYS
from tickdiscord.config.deadman import deadman
from tickdiscord.config.discord import KEYS as DISCORD_KEYS
from tickdiscord.config.discord import workspaces
from tickdiscord.config.files import read_text
from tickdiscord.config.httppost import KEYS as POST_KEYS
from tickdiscord.config.httppost import endpoints
from tickdiscord.config.secrets import masked
from tickdiscord.config.section import Section, overrides
from tickdiscord.config.silences import SECTION as SILENCE
from tickdiscord.config.silences import of_sections, silences
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Severity, Source, Span, collecting, did_you_mean, error
from tickdiscord.gotext import parse_duration
from tickdiscord.handlers.endpoints import Endpoint
from tickdiscord.handlers.instead import Instead
from tickdiscord.handlers.workspaces import Workspaces
from tickdiscord.nodes.settings import NodeSettings
from tickdiscord.nodes.step import OnError

SYNTAX = "TD401"
NO_TABLE = "TD404"
OWN = "TD405"

OWN_KEYS = ("outbox", "drain-timeout", "timezone", "on-error", "other-handlers")
ON_ERROR: Mapping[str, OnError] = {"ok": "ok", "hold": "hold", "fail": "fail"}


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration says. `own` settings are None where it says nothing; times are in seconds."""

    path: Path | None = None
    workspaces: Workspaces = field(default_factory=Workspaces)
    outbox: Path | None = None
    drain_timeout_s: float | None = None
    zone: ZoneInfo | None = None
    on_error: OnError | None = None
    instead: Instead | None = None
    """What is done for services that nothing is sent to."""
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, Endpoint])
    """The `[[httppost]]` sections by name."""
    silences: Sequence[Silence] = ()
    nodes: NodeSettings = field(default_factory=NodeSettings)
    warnings: Sequence[Diagnostic] = ()


def read_configuration(path: Path | None, environment: Mapping[str, str]) -> Configuration:
    """The configuration in a file; without one, what the environment says of a single Discord section.

    Raises:
        DiagnosticError: the file cannot be read, or something in it is wrong; everything that is.
    """
    text = "" if path is None else read_text(path)
    shown = Source("environment" if path is None else str(path), masked(text))
    values = _parsed(text, shown)
    folder = Path() if path is None else path.parent
    discord = _sections("discord", DISCORD_KEYS, values, shown, environment)
    posts = _sections("httppost", POST_KEYS, values, shown, environment)
    own = _section("tickdiscord", values, shown)
    own.check_keys(OWN_KEYS)
    watch = _section("deadman", values, shown, overrides("deadman", None, DEADMAN_KEYS, environment))
    found = workspaces(discord, folder, environment)
    settings = _own(own, folder)
    posted = endpoints(posts, folder, environment)
    nodes = NodeSettings(deadman=deadman(watch))
    problems = [problem for section in (*discord, *posts, own, watch) for problem in section.problems]
    quiet: Sequence[Silence] = ()
    with collecting(problems):
        quiet = silences(of_sections(values.get(SILENCE, []), shown), [])
    if any(each.severity == Severity.ERROR for each in problems):
        raise DiagnosticError(*problems)
    return Configuration(path, found, *settings, endpoints=posted, silences=quiet, nodes=nodes, warnings=problems)


def zone_named(name: str) -> ZoneInfo | None:
    """A time zone by its name, or None."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None


def _parsed(text: str, shown: Source) -> Mapping[str, object]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as problem:
        place = min(problem.pos, len(text)) if text else 0
        message = f"not TOML: {problem.msg[:1].lower()}{problem.msg[1:]}"
        raise error(SYNTAX, message, Span(place, place + 1), source=shown) from None
    except RecursionError:
        raise error(SYNTAX, "not TOML: nested too deeply", source=shown) from None


def _sections(
    name: str, keys: Sequence[str], values: Mapping[str, object], shown: Source, environment: Mapping[str, str]
) -> Sequence[Section]:
    """The sections of a name; a single one may stand in single brackets.

    Kapacitor begins with one section that is disabled, which the environment may fill.
    """
    given = values.get(name)
    listed = cast("list[object]", given) if isinstance(given, list) else [given]
    if given is None:
        found = overrides(name, 0, keys, environment)
        return [Section(name, 0, {}, shown, overrides=found)] if found else []
    sections: list[Section] = []
    for number, table in enumerate(listed):
        if not isinstance(table, dict):
            raise error(NO_TABLE, f"`{name}` must be a section: `[[{name}]]`", source=shown)
        found = overrides(name, number, keys, environment)
        sections.append(Section(name, number, cast("dict[str, object]", table), shown, overrides=found))
    return sections


def _section(
    name: str, values: Mapping[str, object], shown: Source, overrides: Mapping[str, str] | None = None
) -> Section:
    given = values.get(name, {})
    if not isinstance(given, dict):
        raise error(NO_TABLE, f"`{name}` must be a section: `[{name}]`", source=shown)
    return Section(name, 0, cast("dict[str, object]", given), shown, overrides=overrides or {})


def _own(
    section: Section, folder: Path
) -> tuple[Path | None, float | None, ZoneInfo | None, OnError | None, Instead | None]:
    """The settings of our own, in the order that `Configuration` has them."""
    outbox, timeout = section.text("outbox"), section.text("drain-timeout")
    zone, on_error = section.text("timezone"), section.text("on-error")
    seconds = _seconds(timeout) if timeout else None
    if timeout and seconds is None:
        section.complain(OWN, "`drain-timeout` is a duration such as 30s", section.place("drain-timeout"))
    if zone and zone_named(zone) is None:
        section.complain(OWN, f"there is no time zone `{zone}`", section.place("timezone"), "such as Europe/Berlin")
    if on_error and on_error not in ON_ERROR:
        hint = did_you_mean(on_error, ON_ERROR)
        section.complain(OWN, "`on-error` is one of ok, hold, fail", section.place("on-error"), hint)
    return (
        folder / outbox if outbox else None,
        seconds,
        zone_named(zone) if zone else None,
        ON_ERROR.get(on_error),
        _instead(section),
    )


def _instead(section: Section) -> Instead | None:
    text = section.text("other-handlers")
    try:
        return Instead.named(text, "`other-handlers`") if text else None
    except DiagnosticError as problem:
        section.complain(OWN, problem.diagnostics[0].message, section.place("other-handlers"))
        return None


def _seconds(text: str) -> float | None:
    try:
        return max(0, parse_duration(text)) / 1e9
    except ValueError:
        return None
