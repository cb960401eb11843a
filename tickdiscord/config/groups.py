"""Lists of groups that a user expects: a YAML or JSON list, or one a line."""

from pathlib import Path
from typing import Any, cast

import yaml

from tickdiscord.config.files import read_text
from tickdiscord.diagnostics import DiagnosticError, error

NO_LIST = "TD414"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_groups(path: Path) -> tuple[str, ...]:
    """The ids of groups in a file, such as `host=a`, each once; blank lines and lines with a `#` in front are skipped.

    Raises:
        DiagnosticError: the file cannot be read, or holds something else.
    """
    text = read_text(path)
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    if lines and lines[0].startswith(("[", "-")):
        lines = _listed(text, path)
    for line in lines:
        if "=" not in line:
            raise error(NO_LIST, f"`{path}`: `{line:.80}` is no group", hint="a group is written as host=a,cpu=cpu0")
    return tuple(dict.fromkeys(lines))


def _listed(text: str, path: Path) -> list[str]:
    try:
        found: object = yaml.load(text, _Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise _no_list(path, str(problem).splitlines()[0]) from None
    if not isinstance(found, list):
        raise _no_list(path, "it holds something else")
    items = cast("list[object]", found)
    if not all(isinstance(item, str) for item in items):
        raise _no_list(path, "some of it is no text")
    return cast("list[str]", items)


def _no_list(path: Path, why: str) -> DiagnosticError:
    return error(NO_LIST, f"`{path}` is no list of groups: {why}", hint='write ["host=a", "host=b"], or one a line')
