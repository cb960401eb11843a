"""All codes of diagnostics: what each means, with a wrong and a right example.

The codes of lint rules are described by the docstrings of their modules, all others in `catalogue/`, a file for each
room of the package. Both are read when first asked for.
"""

import functools
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, cast

import yaml

from tickdiscord.diagnostics import Diagnostic
from tickdiscord.lint.findings import rules
from tickdiscord.lint.ignores import USELESS

UNKNOWN = "TD660"
"""Code of a code that does not exist."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SCRIPT = "rule.tick"
LINT = "lint"


@dataclass(frozen=True, slots=True)
class Example:
    """Files by name, and the command that is run on them; or, where no command can show it, words.

    `environment` are variables that are set. A file `points.lp` is what the command reads.
    """

    files: Mapping[str, str]
    command: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code of diagnostics: `subject` is the page that it stands on, `meaning` paragraphs of text."""

    code: str
    title: str
    meaning: str
    subject: str
    wrong: Example
    right: Example


@functools.cache
def codes() -> Mapping[str, Code]:
    """All codes, sorted."""
    found = [*_of_pages(), *map(_of_rule, rules())]
    return {each.code: each for each in sorted(found, key=lambda each: each.code)}


@functools.cache
def subjects() -> Mapping[str, str]:
    """The headings of the pages, by subject."""
    return {name: str(page["heading"]) for name, page in _pages().items()} | {LINT: "Lint"}


def unknown_code(written: str) -> Diagnostic:
    """The error for a code that does not exist."""
    hint = "codes are like TD101; `tickdiscord explain-code --list` shows them all"
    return Diagnostic(UNKNOWN, f"there is no code `{written}`", hint=hint)


def _pages() -> Mapping[str, Mapping[str, Any]]:
    folder = resources.files(__package__ or "tickdiscord.manual").joinpath("catalogue")
    pages = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return {each.name.removesuffix(".yaml"): yaml.load(each.read_text(encoding="utf-8"), _Loader) for each in pages}


def _of_pages() -> list[Code]:
    return [
        Code(code, entry["title"], entry["means"].strip(), subject, *_examples(entry))
        for subject, page in _pages().items()
        for code, entry in page["codes"].items()
    ]


def _examples(entry: Mapping[str, Any]) -> tuple[Example, Example]:
    command = str(entry.get("command", ""))
    return _example(entry["wrong"], command), _example(entry["right"], command)


def _example(given: str | Mapping[str, str], command: str) -> Example:
    """A text alone is a script, or words where its entry says so by `words: true`."""
    if isinstance(given, str):
        return Example({SCRIPT: given}, command or f"check {SCRIPT}")
    if "words" in given:
        return Example({}, "", given["words"])
    files = {name: text for name, text in given.items() if name != "command"}
    return Example(files, given.get("command", command) or command_for(files))


def command_for(files: Mapping[str, str]) -> str:
    """The command that shows what is wrong with these files."""
    rule = next((name for name in files if name.endswith(".tick")), SCRIPT)
    options = [
        option
        for name, option in (("kapacitor.conf", "--config kapacitor.conf"), ("handler.yaml", "--handlers handler.yaml"))
        if name in files
    ]
    verb = f"run {rule} --dry-run --points points.lp" if "points.lp" in files else f"check {rule}"
    return " ".join([verb, *options])


_PAGE = re.compile(r"(?P<title>.+?)\n\n(?P<meaning>.*?)Bad::\n(?P<wrong>.*?)\nGood::\n(?P<right>.*)", re.S)


def _of_rule(rule: Any) -> Code:
    """The code of a lint rule, out of its docstring."""
    page = _PAGE.fullmatch(inspect.cleandoc(rule.__doc__ or "") + "\n")
    if page is None:
        raise ValueError(f"the docstring of {rule.__name__} is no page of the manual")
    wrong, right = (Example({SCRIPT: _script(page[name])}, f"check {SCRIPT}") for name in ("wrong", "right"))
    return Code(cast("str", rule.CODE), page["title"].rstrip("."), page["meaning"].strip(), LINT, wrong, right)


def _script(block: str) -> str:
    return inspect.cleandoc(block) + "\n"


__all__ = ["LINT", "UNKNOWN", "USELESS", "Code", "Example", "codes", "subjects", "unknown_code"]
