"""The `[[httppost]]` sections of kapacitor.conf: endpoints that post handlers name."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tickdiscord.config.files import read_text
from tickdiscord.config.section import Section
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, collecting
from tickdiscord.handlers.endpoints import Endpoint, is_url
from tickdiscord.templates import Kind, Template, compile_template

WRONG = "TD413"

KEYS = (
    "endpoint url url-template headers basic-auth alert-template alert-template-file row-template row-template-file"
).split()

VARIABLE = re.compile(r"\$\{(\w+)\}")


def endpoints(sections: Sequence[Section], folder: Path, environment: Mapping[str, str]) -> Mapping[str, Endpoint]:
    """The endpoints of a configuration by name; what is wrong is noted in the sections.

    Kapacitor: `services/httppost`, `Config.Validate`; `url-template` is another word for `url`. `${VAR}` stands for a
    variable of the environment, so that secrets stay out of the file. Relative paths of template files are meant from
    `folder`.
    """
    found: dict[str, Endpoint] = {}
    for section in sections:
        section.check_keys(KEYS)
        name = section.text("endpoint")
        if not name:
            section.complain(WRONG, "an [[httppost]] section names its `endpoint`", section.place())
        elif name in found:
            message = f"there are two [[httppost]] sections with the endpoint `{name}`"
            section.complain(WRONG, message, section.place("endpoint"))
        endpoint = _endpoint(section, name, folder, environment)
        if endpoint is not None:
            found[name] = endpoint
    return found


def _endpoint(section: Section, name: str, folder: Path, environment: Mapping[str, str]) -> Endpoint | None:
    auth = _texts(section, "basic-auth", environment)
    for key in auth:
        if key not in ("username", "password"):
            message = f"`basic-auth` has a username and a password, no `{key}`"
            section.complain(WRONG, message, section.place("basic-auth"))
    headers = _texts(section, "headers", environment)
    for header, said in headers.items():
        if not re.fullmatch(r"[!#-'*+.0-9A-Z^-z|~-]+", header) or re.search(r"[\r\n\0]", said):
            section.complain(WRONG, f"`{header}` is no header", section.place("headers"))
    url = _url(section, environment)
    alert = _template(section, "alert-template", Kind.ALERT, folder)
    row = _template(section, "row-template", Kind.ROW, folder)
    if not url:
        return None
    user, password = auth.get("username", ""), auth.get("password", "")
    return Endpoint(name, url, headers, user, password, alert, row)


def _url(section: Section, environment: Mapping[str, str]) -> str:
    """The URL, empty if there is none. Messages quote nothing of it: it may be a secret."""
    key = "url-template" if section.text("url-template") else "url"
    if key != "url" and section.text("url"):
        section.complain(WRONG, "`url-template` is another name for `url`: say one of them", section.place(key))
    text = _expanded(section, key, section.text(key), environment)
    if not text:
        section.complain(WRONG, "an [[httppost]] section has a `url`", section.place())
        return ""
    templates: list[Template] = []
    problems: list[Diagnostic] = []
    for sees in (Kind.ALERT, Kind.ROW):
        with collecting(problems):
            templates.append(compile_template(text, sees))
    if not templates:
        section.complain(WRONG, f"the url is no template: {problems[0].message}", section.place(key))
    elif templates[0].constant and not is_url(text):
        message = "the url begins with http:// or https:// and names a server"
        section.complain(WRONG, message, section.place(key))
    return text


def _template(section: Section, key: str, kind: Kind, folder: Path) -> Template | None:
    text, file = section.text(key), section.text(f"{key}-file")
    if text and file:
        section.complain(WRONG, f"`{key}` and `{key}-file` exclude each other", section.place(f"{key}-file"))
        return None
    where = key
    try:
        if file:
            where = f"{key}-file"
            text = read_text(folder / file)
        return compile_template(text, kind) if text else None
    except DiagnosticError as problem:
        for each in problem.diagnostics:
            message = f"{each.message} (in `{where}`)"
            section.problems.append(
                Diagnostic(each.code, message, section.place(where), each.hint, source=section.shown)
            )
        return None


def _texts(section: Section, key: str, environment: Mapping[str, str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, said in section.table(key).items():
        if isinstance(said, str):
            found[name] = _expanded(section, key, said, environment)
        else:
            section.complain(WRONG, f"`{name}` in `{key}` wants a string", section.place(key))
    return found


def _expanded(section: Section, key: str, text: str, environment: Mapping[str, str]) -> str:
    def variable(found: re.Match[str]) -> str:
        value = environment.get(found[1])
        if value is None:
            message = f"`{key}` names `${{{found[1]}}}`, which the environment does not have"
            section.complain(WRONG, message, section.place(key))
        return value or ""

    return VARIABLE.sub(variable, text)
