"""Reads TICKscripts: the text of a script, or of a lone lambda expression, to its syntax tree."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, NamedTuple, cast

from lark import UnexpectedToken
from lark.lexer import Lexer

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, Span, error
from tickdiscord.syntax import checks, tree
from tickdiscord.syntax.builder import Builder, Callbacks
from tickdiscord.syntax.grammar import machine
from tickdiscord.syntax.literals import span
from tickdiscord.syntax.mistakes import UNCLOSED_QUOTE, Trouble, explain
from tickdiscord.syntax.scanner import END, Scanner, Token

NOT_TEXT = "TD012"

MOST_ERRORS = 20
"""After so many errors the rest of a script is not looked at."""
MOST_STATES = 20 * checks.MOST_LEVELS
"""The parser's stack is this deep only where operators before an operand, `!!!…`, are nested far too deeply."""
OPENING, CLOSING = frozenset({"LPAR", "LSQB"}), frozenset({"RPAR", "RSQB"})
LINKS = frozenset({"VBAR", "DOT", "AT"})
LINK = re.compile(r"[|.@]\s*[^\W\d_]")
CHAIN = re.compile(r"\w+\s*[|.@]")


def parse(text: str, name: str = "<script>") -> tree.Program:
    """The syntax tree of a script.

    Raises:
        DiagnosticError: with every syntax error that is not the consequence of another.
    """
    source = Source(name, text)
    _refuse_what_is_no_text(source)
    problems: list[Diagnostic] = []
    attempt = _attempt(_Place(text, 0), "program")
    while attempt.problems:
        problems += attempt.problems
        if attempt.resume is None or len(problems) >= MOST_ERRORS:
            break
        attempt = _attempt(attempt.resume, "program")
    program = cast(tree.Program, attempt.result)
    _raise_any(problems or list(islice(checks.problems_of(program, text), MOST_ERRORS)), source)
    return tree.Program(program.statements, trailing=attempt.trailing, span=Span(0, len(text)))


def parse_expression(text: str, name: str = "<lambda>") -> tree.Expression:
    """The syntax tree of a lambda expression, given without its `lambda:`.

    Raises:
        DiagnosticError: with its syntax errors.
    """
    source = Source(name, text)
    _refuse_what_is_no_text(source)
    attempt = _attempt(_Place(text, 0), "formula")
    _raise_any(attempt.problems, source)
    expression = cast(tree.Expression, attempt.result)
    _raise_any(list(checks.problems_of_lambda(expression)), source)
    return expression


class _Place(NamedTuple):
    """Where reading begins; in the middle of a chain a link is read as if a name stood before it."""

    script: str
    offset: int
    link: bool = False


class _Attempt(NamedTuple):
    """What came of reading up to the end or the first error, and where to go on after that."""

    result: tree.Program | tree.Expression | None = None
    trailing: tree.Comment | None = None
    problems: Sequence[Diagnostic] = ()
    resume: _Place | None = None


class _NoLexer(Lexer):
    """Tokens are given to Lark's parser one by one."""

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, lexer_state: object, parser_state: object) -> Iterator[Any]:
        return iter(())


@cache
def _machine() -> tuple[Any, Scanner]:
    lark = machine(
        "tickscript.lark",
        Callbacks(Builder()),
        lexer=_NoLexer,
        start=["program", "formula"],
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
    return lark, Scanner(lark.terminals)


def _attempt(place: _Place, rule: str) -> _Attempt:
    lark, scanner = _machine()
    parser = lark.parse_interactive(start=rule)
    if place.link:
        parser.feed_token(Token("NAME", "", place.offset, place.offset, place.script))
    tokens = scanner.scan(place.script, place.offset)
    seen: list[Token] = []
    brackets: list[Token] = []
    state = parser.parser_state
    for token in tokens:
        stack = state.state_stack.copy()
        if len(stack) > MOST_STATES:
            return _Attempt(problems=[checks.nested_too_deeply(span(token))])
        try:
            result = parser.feed_token(token)
        except UnexpectedToken:
            # A wrong token can make the parser finish what stands before it; what was possible is known before that.
            state.state_stack = stack
            trouble = Trouble(token, seen, brackets, frozenset(parser.accepts()), rule)
            return _failed([explain(trouble)], seen, token, tokens)
        except DiagnosticError as refused:
            return _failed(refused.diagnostics, seen, token, tokens)
        if token.type == END:
            return _Attempt(result, token.comment)
        if token.type in OPENING:
            brackets.append(token)
            if len(brackets) > checks.MOST_LEVELS:
                return _Attempt(problems=[checks.nested_too_deeply(span(token))])
        elif token.type in CLOSING:
            brackets.pop()
        seen.append(token)
    raise AssertionError("the scanner ends with END")


def _failed(problems: Sequence[Diagnostic], seen: list[Token], token: Token, rest: Iterator[Token]) -> _Attempt:
    return _Attempt(problems=problems, resume=_resume(problems[0], seen[-1] if seen else None, token, rest))


def _resume(problem: Diagnostic, before: Token | None, token: Token, rest: Iterator[Token]) -> _Place | None:
    """The next place where a statement or a link of a chain seems to begin, at the beginning of a line."""
    script, end = token.script, before.end if before else 0
    tokens = chain((token,), rest)
    if problem.code == UNCLOSED_QUOTE and problem.span is not None:
        end = script.find("\n", problem.span.start)
        tokens = _machine()[1].scan(script, end) if end >= 0 else iter(())
    for candidate in tokens:
        if "\n" in script[end : candidate.start] or end == 0:
            if candidate.type in LINKS and LINK.match(script, candidate.start):
                return _Place(script, candidate.start, link=True)
            begins = candidate.type == "NAME" and CHAIN.match(script, candidate.start)
            if candidate.type in ("VAR", "DBRP") or (begins and script[candidate.start - 1] == "\n"):
                return _Place(script, candidate.start)
        end = candidate.end
    return None


def _refuse_what_is_no_text(source: Source) -> None:
    """Bytes that are not UTF-8 come as lone surrogates, which can be neither printed nor sent."""
    try:
        source.text.encode()
    except UnicodeEncodeError as problem:
        place = Span(problem.start, problem.start + 1)
        shown = Source(source.name, source.text.encode("utf-8", "replace").decode())
        raise error(NOT_TEXT, "the text is not UTF-8", place, "save the file as UTF-8", shown) from None


def _raise_any(problems: Sequence[Diagnostic], source: Source) -> None:
    if problems:
        raise DiagnosticError(*problems).within(source)
