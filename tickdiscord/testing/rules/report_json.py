"""The report for programs: a line of JSON for each test, and one for all of them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from tickdiscord.diagnostics import as_json
from tickdiscord.testing.rules.results import Failure, FileResult, Result, Totals


def report(out: TextIO, coloured: bool) -> "Json":
    """The report on a stream."""
    return Json(out)


class Json:
    """Keys stay as they are; new ones may come."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def file(self, result: FileResult) -> None:
        if result.broken:
            found = [json.loads(as_json(each)) for each in result.broken]
            self._write({"file": str(result.path), "outcome": "broken", "diagnostics": found})
        for each in result.results:
            self._write(_test(result.path, each))

    def end(self, totals: Totals, seconds: float) -> None:
        self._write({"summary": {**asdict(totals), "seconds": round(seconds, 3)}})

    def _write(self, value: object) -> None:
        self._out.write(f"{json.dumps(value, ensure_ascii=False)}\n")


def _test(path: Path, result: Result) -> dict[str, object]:
    return {
        "file": str(path),
        "name": result.name,
        "line": result.line,
        "outcome": result.outcome,
        **({"todo": result.todo} if result.outcome == "todo" else {}),
        "failures": [_failure(each) for each in result.failures],
        "notes": list(result.notes),
        "warnings": [json.loads(as_json(each)) for each in result.warnings],
        **({"near": asdict(result.near)} if result.near else {}),
        "seconds": round(result.seconds, 6),
    }


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "title": failure.title,
        "line": failure.line,
        "rows": [asdict(row) for row in failure.rows],
        "explanation": list(failure.explanation),
        "hint": failure.hint,
        "diagnostics": [json.loads(as_json(each)) for each in failure.diagnostics],
    }
