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
MOST_TOKENS = 100_000
"""A rule of some hundred lines has a few thousand."""
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
    program, problems = read(text, name)
    if problems:
        raise DiagnosticError(*problems)
    return program


def read(text: str, name: str = "<script>") -> tuple[tree.Program, Sequence[Diagnostic]]:
    """What can be read of a script, and the syntax errors of the rest, none of them the consequence of another.

    With errors, the program has the statements that stand whole and in lines without an error. A chain of which only
    the end could be read begins with a name without letters.

    Raises:
        DiagnosticError: the text is none.
    """
    source = Source(name, text)
    _refuse_what_is_no_text(source)
    problems: list[Diagnostic] = []
    attempt = _attempt(_Place(text, 0), "program")
    statements = list(attempt.statements)
    while attempt.problems:
        problems += attempt.problems
        if attempt.resume is None or len(problems) >= MOST_ERRORS:
            break
        attempt = _attempt(attempt.resume, "program")
        statements += attempt.statements
    problems += islice(checks.problems_of(statements, text), MOST_ERRORS)
    if problems:
        statements = _unharmed(statements, problems, text)
    program = tree.Program(tuple(statements), trailing=attempt.trailing, span=Span(0, len(text)))
    return program, [each.within(source) for each in problems]


def _unharmed(
    statements: Sequence[tree.Statement], problems: Sequence[Diagnostic], script: str
) -> list[tree.Statement]:
    """The statements of which no line has an error: what stands beside one may be left of what was meant."""
    bad: list[Span] = []
    for place in (each.span for each in problems if each.span):
        end = script.find("\n", place.end)
        bad.append(Span(script.rfind("\n", 0, place.start) + 1, end if end >= 0 else len(script)))
    return [each for each in statements if not any(each.span.start < b.end and b.start < each.span.end for b in bad)]


def parse_expression(text: str, name: str = "<lambda>") -> tree.Expression:
    """The syntax tree of a lambda expression, given without its `lambda:`.

    Raises:
        DiagnosticError: with its syntax errors.
    """
    source = Source(name, text)
    _refuse_what_is_no_text(source)
    attempt = _attempt(_Place(text, 0), "formula")
    expression = attempt.expression
    problems = attempt.problems if expression is None else list(checks.problems_of_lambda(expression))
    if problems or expression is None:
        raise DiagnosticError(*problems).within(source)
    return expression


class _Place(NamedTuple):
    """Where reading begins; in the middle of a chain a link is read as if a name stood before it."""

    script: str
    offset: int
    link: bool = False


class _Attempt(NamedTuple):
    """What came of reading up to the end or the first error, and where to go on after that."""

    statements: Sequence[tree.Statement] = ()
    expression: tree.Expression | None = None
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
            return _Attempt(_whole(state), problems=[checks.nested_too_deeply(span(token))])
        if len(seen) > MOST_TOKENS:
            return _Attempt(_whole(state), problems=[checks.too_many_words(MOST_TOKENS, span(token))])
        try:
            result = parser.feed_token(token)
        except UnexpectedToken:
            # A wrong token can make the parser finish what stands before it; what was possible is known before that.
            state.state_stack = stack
            trouble = Trouble(token, seen, brackets, frozenset(parser.accepts()), rule)
            return _failed([explain(trouble)], _whole(state), seen, token, tokens)
        except DiagnosticError as refused:
            return _failed(refused.diagnostics, _whole(state), seen, token, tokens)
        if token.type == END:
            if rule == "formula":
                return _Attempt(expression=cast(tree.Expression, result))
            return _Attempt(cast(tree.Program, result).statements, trailing=token.comment)
        if token.type in OPENING:
            brackets.append(token)
            if len(brackets) > checks.MOST_LEVELS:
                return _Attempt(_whole(state), problems=[checks.nested_too_deeply(span(token))])
        elif token.type in CLOSING:
            brackets.pop()
        seen.append(token)
    raise AssertionError("the scanner ends with END")


def _whole(state: Any) -> list[tree.Statement]:
    """The statements that stood whole before the place the parser has come to."""
    # Lark makes one value of them, of a rule that it has made of `statement*`.
    first: Any = state.value_stack[0] if state.value_stack else None
    return [each for each in getattr(first, "children", ()) if isinstance(each, tree.Statement)]


def _failed(
    problems: Sequence[Diagnostic],
    whole: Sequence[tree.Statement],
    seen: list[Token],
    token: Token,
    rest: Iterator[Token],
) -> _Attempt:
    resume = _resume(problems[0], seen[-1] if seen else None, token, rest)
    return _Attempt(whole, problems=problems, resume=resume)


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
