"""Texts and questions on stdin, for the commands that are no stream of points."""

import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO

import click

from tickdiscord.cli.terminal import Terminal
from tickdiscord.diagnostics import error

STDIN = "-"
"""What a command line calls stdin where it names files."""
NAME = "<stdin>"
"""What messages call it."""


def stdin_text(terminal: Terminal) -> str:
    """The whole of stdin; a byte order mark in front is dropped.

    Raises:
        DiagnosticError: it is closed, or not UTF-8.
    """
    content = _stdin(terminal).read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise error("TD406", f"stdin is not UTF-8: byte {content[problem.start]:#04x} in line {line}") from None


def answer_lines(answer: Callable[[str], str], terminal: Terminal) -> None:
    """Answer each line of stdin by one of stdout, at once; empty lines are passed over.

    Bytes that are not UTF-8 reach `answer` as lone surrogates.

    Raises:
        DiagnosticError: stdin is closed.
        BrokenPipeError: nobody reads the answers any more.
    """
    for line in _lines(_stdin(terminal)):
        click.echo(answer(line))


def _lines(stream: BinaryIO) -> Iterator[str]:
    for line in stream:
        if stripped := line.strip():
            yield stripped.decode("utf-8", "surrogateescape")


def _stdin(terminal: Terminal) -> BinaryIO:
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison]  (None when it is closed)
        raise error("TD640", "stdin is closed", hint="name a file instead")
    if sys.stdin.isatty():
        terminal.note("reading from the terminal; Ctrl-D ends it")
    return sys.stdin.buffer
