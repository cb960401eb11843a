"""What the literals of a script mean: numbers, durations, strings, references, regexes."""

from tickdiscord import regex
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Span
from tickdiscord.syntax import tree
from tickdiscord.syntax.scanner import Token

BAD_NUMBER = "TD004"
BAD_DURATION = "TD005"
BAD_REGEX = "TD006"

MAX_INT = 2**63 - 1
LONGEST_NUMBER = 400
"""More digits than any float has; Python refuses to read very long ones."""

UNITS = {
    "u": 1_000,
    "µ": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
    "w": 604_800_000_000_000,
}
"""Nanoseconds of each unit of a duration literal."""


def integer(token: Token) -> tree.Integer:
    """An int literal; one with a leading zero is octal, as in Kapacitor.

    Raises:
        DiagnosticError: beyond 64 bits, or not an octal number.
    """
    octal = token.text.startswith("0") and len(token.text) > 1
    if octal and not set(token.text) <= set("01234567"):
        decimal = token.text.lstrip("0")
        raise _refused(BAD_NUMBER, token, "is not an octal number", f"a leading 0 means octal: write {decimal}")
    value = int(token.text, 8 if octal else 10) if len(token.text) <= LONGEST_NUMBER else MAX_INT + 1
    if value > MAX_INT:
        raise _refused(BAD_NUMBER, token, "does not fit into an int", f"the largest int is {MAX_INT}")
    return tree.Integer(value, octal, span=span(token), comment=token.comment)


def float_(token: Token) -> tree.Float:
    """A float literal.

    Raises:
        DiagnosticError: larger than any float.
    """
    value = float(token.text)
    if value == float("inf"):
        raise _refused(BAD_NUMBER, token, "does not fit into a float", "the largest float has 309 digits")
    return tree.Float(value, token.text, span=span(token), comment=token.comment)


def duration(token: Token) -> tree.Duration:
    """A duration literal, in nanoseconds.

    Raises:
        DiagnosticError: beyond 64 bits (Kapacitor wraps some of these silently to nonsense).
    """
    unit = "ms" if token.text.endswith("ms") else token.text[-1]
    digits = token.text.removesuffix(unit)
    value = int(digits) * UNITS[unit] if len(digits) <= LONGEST_NUMBER else MAX_INT + 1
    if value > MAX_INT:
        longest = f"{MAX_INT // UNITS[unit]}{unit}"
        raise _refused(BAD_DURATION, token, "is too long for a duration", f"the longest is {longest}")
    return tree.Duration(value, token.text, span=span(token), comment=token.comment)


def string(token: Token) -> tree.String:
    """A string literal, in single quotes or in three of them."""
    triple = token.text.startswith("'''")
    value = token.text[3:-3] if triple else token.text[1:-1].replace("\\'", "'")
    return tree.String(value, triple, span=span(token), comment=token.comment)


def reference(token: Token) -> tree.Reference:
    """A name in double quotes."""
    return tree.Reference(token.text[1:-1].replace('\\"', '"'), span=span(token), comment=token.comment)


def regex_(token: Token) -> tree.Regex:
    """A regex literal.

    Raises:
        DiagnosticError: a pattern that RE2, and so Go, does not accept.
    """
    pattern = token.text[1:-1].replace("\\/", "/")
    try:
        regex.compile(pattern)
    except regex.RegexError as problem:
        raise _refused(BAD_REGEX, token, f"is no regex: {problem}", _regex_hint(pattern)) from None
    return tree.Regex(pattern, span=span(token), comment=token.comment)


def span(token: Token) -> Span:
    """Where a token stands."""
    return Span(token.start, token.end)


def shown(text: str, longest: int = 40) -> str:
    """A piece of a script as messages quote it: on one line, and not too long."""
    line = "".join(c if c.isprintable() else "…" for c in text)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _regex_hint(pattern: str) -> str:
    if "(?=" in pattern or "(?!" in pattern or "(?<=" in pattern or "(?<!" in pattern:
        return "regexes are those of Go (RE2), which have no look-ahead and no look-behind"
    if pattern.startswith("*"):
        return (
            "a comment begins with `//`" if pattern.endswith("*") else "`*` repeats what stands before it: write `.*`"
        )
    return "regexes are those of Go (RE2)"


def _refused(code: str, token: Token, reason: str, hint: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(code, f"`{shown(token.text)}` {reason}", span(token), hint))
