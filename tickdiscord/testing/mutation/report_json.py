"""The report of mutants for programs: a line of JSON for each file, and one for all of them."""

import json
from dataclasses import asdict
from typing import TextIO

from tickdiscord.diagnostics import as_json
from tickdiscord.testing.mutation.results import Broken, FileReport, Totals, Verdict


class Json:
    """Keys stay as they are; new ones may come."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def file(self, report: FileReport | Broken) -> None:
        """A file is done."""
        if isinstance(report, Broken):
            found = [json.loads(as_json(each)) for each in report.diagnostics]
            self._write({"file": str(report.path), "outcome": "broken", "diagnostics": found})
            return
        self._write(
            {
                "file": str(report.path),
                "tests": report.tests,
                "failing": [asdict(each) for each in report.failing],
                "not_loading": report.not_loading,
                "streams": report.streams,
                "mutants": [_verdict(each) for each in report.verdicts],
            }
        )

    def end(self, totals: Totals, threshold: float, seconds: float) -> None:
        """All files are done."""
        counts = {**asdict(totals), "score": round(totals.score, 2), "threshold": threshold}
        self._write({"summary": {**counts, "seconds": round(seconds, 3)}})

    def _write(self, value: object) -> None:
        self._out.write(f"{json.dumps(value, ensure_ascii=False)}\n")


def _verdict(verdict: Verdict) -> dict[str, object]:
    mutant, found = verdict.mutant, verdict.suggestion
    told: dict[str, object] = {
        "mutation": mutant.kind,
        "line": mutant.line,
        "outcome": verdict.outcome,
        "diff": "\n".join(mutant.diff),
    }
    if verdict.kill is not None:
        told |= {"killed_by" if verdict.outcome == "killed" else "suggested": verdict.kill.test}
        told |= {"because": verdict.kill.title}
    if found is not None:
        told |= {"points": found.points, "rule": list(found.rule), "mutant": list(found.mutant)}
        told |= {"test": found.test or None, "beside": str(found.beside)}
    return told
