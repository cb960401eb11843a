"""Diagnostics for other programs: GitHub's workflow commands, and SARIF."""

import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from tickdiscord.diagnostics import Diagnostic, Severity

GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def github(diagnostics: Iterable[Diagnostic]) -> str:
    """A workflow command a finding: GitHub shows it beside the line."""
    return "".join(f"{_command(each)}\n" for each in diagnostics)


def _command(found: Diagnostic) -> str:
    properties: dict[str, object] = {}
    if found.source is not None:
        properties["file"] = found.source.name
    if found.source is not None and found.span is not None:
        properties["line"], properties["col"] = found.source.place(found.span.start)
        properties["endLine"], properties["endColumn"] = found.source.place(found.span.end)
    properties["title"] = found.code
    shown = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items())
    return f"::{GITHUB_LEVELS[found.severity]} {shown}::{_escaped(_text(found))}"


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(each):02X}" if each in f"%\r\n{more}" else each for each in text)


def sarif(diagnostics: Sequence[Diagnostic], version: str, titles: Mapping[str, str]) -> str:
    """A SARIF 2.1.0 log with all findings; `titles` says what each code means."""
    codes = sorted({each.code for each in diagnostics})
    rules = [{"id": code, "shortDescription": {"text": titles.get(code, code)}} for code in codes]
    driver = {"name": "tickdiscord", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in diagnostics],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _result(found: Diagnostic) -> Mapping[str, object]:
    result: dict[str, object] = {
        "ruleId": found.code,
        "level": SARIF_LEVELS[found.severity],
        "message": {"text": _text(found)},
    }
    if found.source is not None:
        place: dict[str, object] = {"artifactLocation": {"uri": quote(found.source.name.replace("\\", "/"))}}
        if found.span is not None:
            line, column = found.source.place(found.span.start)
            end_line, end_column = found.source.place(found.span.end)
            place["region"] = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
        result["locations"] = [{"physicalLocation": place}]
    return result


def _text(found: Diagnostic) -> str:
    return f"{found.message}\n{found.hint}" if found.hint else found.message
