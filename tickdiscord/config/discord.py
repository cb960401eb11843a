"""The `[[discord]]` sections of kapacitor.conf, with the rules that Kapacitor checks at its start."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tickdiscord.alert.level import Level
from tickdiscord.config.section import Section
from tickdiscord.diagnostics import Diagnostic, Severity
from tickdiscord.handlers.workspaces import COLOURS, USERNAME, Workspace, Workspaces, username_problem
from tickdiscord.outbox.webhook import Secret, Webhook

SEVERAL = "TD410"
URL = "TD411"
COLOUR = "TD412"

KEYS = (
    "enabled default workspace url timestamp username avatar-url embed-title global state-changes-only "
    "ssl-ca ssl-cert ssl-key insecure-skip-verify colors"
).split()

MOST_COLOUR = 0xFFFFFF


def workspaces(sections: Sequence[Section], folder: Path, environment: Mapping[str, str]) -> Workspaces:
    """The workspaces of a configuration; what is wrong is noted in the sections.

    Relative paths of files are meant from `folder`, where the configuration is.
    """
    made = [_workspace(section, folder, environment) for section in sections]
    if len(sections) > 1:
        _check_several(sections)
    default = next((number for number, each in enumerate(sections) if len(sections) == 1 or each.flag("default")), 0)
    chosen = sections[default] if sections else None
    is_global = chosen is not None and made[default].enabled and chosen.flag("global")
    return Workspaces(
        known={each.name: each for each in made},
        default=made[default].name if made else "",
        global_=is_global,
        changes_only=is_global and chosen is not None and chosen.flag("state-changes-only"),
    )


def _workspace(section: Section, folder: Path, environment: Mapping[str, str]) -> Workspace:
    section.check_keys(KEYS)
    name, enabled = section.text("workspace"), section.flag("enabled")
    url = _url(section, folder, environment) if enabled else ""
    username = section.text("username")
    problem = username_problem(username)
    if problem and enabled:
        section.complain(USERNAME, problem, section.place("username"))
    webhook = Webhook(
        name,
        Secret(url),
        ca=_file(section, "ssl-ca", folder),
        cert=_file(section, "ssl-cert", folder),
        key=_file(section, "ssl-key", folder),
        insecure_skip_verify=section.flag("insecure-skip-verify"),
    )
    if enabled:
        _check_webhook(section, webhook, url)
    for key in ("default", "global", "state-changes-only"):
        section.flag(key)
    return Workspace(
        name=name,
        enabled=enabled,
        webhook=webhook if enabled else None,
        timestamp=section.flag("timestamp"),
        username=username,
        avatar_url=section.text("avatar-url"),
        embed_title=section.text("embed-title"),
        colours=_colours(section),
    )


def _check_several(sections: Sequence[Section]) -> None:
    """Kapacitor: `Configs.Validate`."""
    names: dict[str, int] = {}
    defaults = [section for section in sections if section.flag("default")]
    for section in sections:
        name = section.text("workspace")
        if not name and section.flag("default"):
            message = (
                "Kapacitor starts only if each of several [[discord]] sections has a name; the default one has none"
            )
            span, hint = section.place(), "give it a `workspace`"
            section.problems.append(Diagnostic(SEVERAL, message, span, hint, Severity.WARNING, source=section.shown))
        elif not name:
            hint = "give it a `workspace`"
            section.complain(SEVERAL, "each of several [[discord]] sections needs a name", section.place(), hint)
        elif name in names:
            message = f"there are two [[discord]] sections with the workspace `{name}`"
            section.complain(SEVERAL, message, section.place("workspace"))
        names[name] = section.number
        if section.flag("global") and not section.flag("default"):
            section.complain(SEVERAL, "only the default section may be global", section.place("global"))
        elif section.flag("state-changes-only") and not (section.flag("global") and section.flag("default")):
            message = "`state-changes-only` goes with `global` and `default` only"
            section.complain(SEVERAL, message, section.place("state-changes-only"))
    if not defaults:
        message = "none of the [[discord]] sections is the default one"
        sections[0].complain(SEVERAL, message, sections[0].place(), "set `default = true` in one of them")
    for section in defaults[1:]:
        section.complain(SEVERAL, "a second [[discord]] section is the default one", section.place("default"))


def _url(section: Section, folder: Path, environment: Mapping[str, str]) -> str:
    """The webhook's URL; `${VAR}` stands for a variable of the environment, `file:` names a file that holds it."""

    def variable(found: re.Match[str]) -> str:
        value = environment.get(found[1])
        if value is None:
            message = f"the url names `${{{found[1]}}}`, which the environment does not have"
            section.complain(URL, message, section.place("url"))
        return value or ""

    before = len(section.problems)
    url = re.sub(r"\$\{(\w+)\}", variable, section.text("url"))
    if url.startswith("file:"):
        file = folder / url.removeprefix("file://").removeprefix("file:")
        try:
            url = file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as problem:
            why = problem.strerror if isinstance(problem, OSError) else "it is not text"
            section.complain(URL, f"the url is to be read from `{file}`: {why}", section.place("url"))
            return ""
    if not url and len(section.problems) == before:
        message = f"[[discord]] number {section.number + 1} is enabled and has no url"
        hint = "copy the webhook's URL from the channel's settings, or set `enabled = false`"
        section.complain(URL, message, section.place(), hint)
    return url


def _check_webhook(section: Section, webhook: Webhook, url: str) -> None:
    keys = {"TD560": "url", "TD561": "ssl-ca", "TD562": "insecure-skip-verify"}
    for each in webhook.problems():
        if url or each.code != "TD560":
            span = section.place(keys.get(each.code, ""))
            section.problems.append(
                Diagnostic(each.code, each.message, span, each.hint, each.severity, source=section.shown)
            )


def _file(section: Section, key: str, folder: Path) -> Path | None:
    given = section.text(key)
    return folder / given if given else None


def _colours(section: Section) -> Mapping[Level, int]:
    """Our own addition: `colors = { critical = 0xFF0000 }`."""
    colours = dict(COLOURS)
    by_name = {level.name.lower(): level for level in Level}
    for name, colour in section.table("colors").items():
        level = by_name.get(name.lower())
        if level is None:
            message = f"`colors` knows no level `{name}`"
            section.complain(COLOUR, message, section.place("colors"), f"levels are: {', '.join(by_name)}")
        elif not isinstance(colour, int) or isinstance(colour, bool) or not 0 <= colour <= MOST_COLOUR:
            section.complain(COLOUR, "a colour is a number from 0 to 0xFFFFFF", section.place("colors"))
        else:
            colours[level] = colour
    return colours
