"""The report in JUnit's XML, as CI systems read it."""

import re
from collections.abc import Iterator
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from tickdiscord.testing.rules.report_lines import broken_text, plain_text, summary
from tickdiscord.testing.rules.results import FileResult, Result, Totals

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(out: TextIO, coloured: bool) -> "JUnit":
    """The report on a stream."""
    return JUnit(out)


class JUnit:
    """A suite a file; a file that is broken is a suite with one error."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._suites: list[str] = []

    def file(self, result: FileResult) -> None:
        self._suites.append("\n".join(_suite(result)))

    def end(self, totals: Totals, seconds: float) -> None:
        number = totals.passed + totals.failed + totals.todo + totals.broken
        head = (
            f'<testsuites name="tickdiscord" tests="{number}" failures="{totals.failed}" errors="{totals.broken}" '
            f'skipped="{totals.todo}" time="{seconds:.3f}">'
        )
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', head, *self._suites, "</testsuites>"]
        self._out.write("\n".join(lines) + "\n")


def _suite(result: FileResult) -> Iterator[str]:
    totals = Totals.of([result])
    number = len(result.results) + totals.broken
    path = _attribute(str(result.path))
    yield (
        f'  <testsuite name={path} tests="{number}" failures="{totals.failed}" errors="{totals.broken}" '
        f'skipped="{totals.todo}" time="{result.seconds:.3f}">'
    )
    if result.broken:
        message = _attribute(result.broken[0].message)
        yield f'    <testcase name="the file" classname={path} file={path}>'
        yield f"      <error message={message}>{_text(broken_text(result))}</error>"
        yield "    </testcase>"
    for each in result.results:
        yield from _case(each, path)
    yield "  </testsuite>"


def _case(result: Result, path: str) -> Iterator[str]:
    head = f'<testcase name={_attribute(result.name)} classname={path} file={path} line="{result.line}"'
    head += f' time="{result.seconds:.3f}"'
    match result.outcome:
        case "passed":
            yield f"    {head}/>"
        case "todo":
            yield f"    {head}>"
            yield f"      <skipped message={_attribute(result.todo or 'todo')}/>"
            yield "    </testcase>"
        case "failed":
            yield f"    {head}>"
            text = "\n\n".join(map(plain_text, result.failures))
            yield f"      <failure message={_attribute(summary(result))}>{_text(text)}</failure>"
            yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
