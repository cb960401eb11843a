"""Says what is wrong with a script that does not parse, and what its author most likely meant."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tickdiscord.diagnostics import Diagnostic, Span, nearest
from tickdiscord.syntax.literals import shown, span
from tickdiscord.syntax.numbers import misspelt
from tickdiscord.syntax.scanner import END, UNCLOSED, UNKNOWN, Token

UNEXPECTED = "TD001"
UNKNOWN_CHARACTER = "TD002"
UNCLOSED_QUOTE = "TD003"
UNCLOSED_BRACKET = "TD010"
NO_EXPRESSION = "TD011"

LINKS = frozenset({"VBAR", "DOT", "AT"})


class Trouble(NamedTuple):
    """A token that cannot stand where it stands, and what is known of the place."""

    token: Token
    before: Sequence[Token]
    open: Sequence[Token]
    """The brackets that are not closed yet, the innermost last."""
    accepted: frozenset[str]
    """The types of token that could stand here."""
    rule: str

    @property
    def script(self) -> str:
        return self.token.script

    @property
    def rest(self) -> str:
        """The script from the token on, as far as a slip may reach."""
        return self.script[self.token.start : self.token.start + 80]

    def back(self, count: int) -> Token:
        """A token before the one in question: the last for 1; one of type `END` where there is none."""
        return self.before[-count] if len(self.before) >= count else Token(END, "", 0, 0, self.script)

    @property
    def adjacent(self) -> bool:
        """Whether the token touches the one before it."""
        return self.back(1).end == self.token.start


def explain(trouble: Trouble) -> Diagnostic:
    """The diagnostic for a token that the grammar does not accept."""
    for special in (
        _quote,
        _number,
        _misspelt_lambda,
        _dbrp,
        _end,
        _closing_bracket,
        _unclosed_bracket,
        _no_parentheses,
    ):
        found = special(trouble)
        if found:
            return found
    hint = next(_hints(trouble), "")
    token = trouble.token
    if token.type == UNKNOWN:
        return Diagnostic(UNKNOWN_CHARACTER, f"unexpected {_character(token.text)}", span(token), hint)
    return Diagnostic(UNEXPECTED, f"unexpected {_found(token)}, expected {expected(trouble)}", span(token), hint)


# --- what the parser could have gone on with ---

NAMES_OF = {
    "LPAR": "`(`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "EQUAL": "`=`",
    "VBAR": "`|`",
    "DOT": "`.`",
    "STRING": "a string in single quotes",
    "REFERENCE": "a name in double quotes",
    "NAME": "a name",
    "STAR": "`*`",
}


def expected(trouble: Trouble) -> str:
    """What could stand there, in words: 'an operator, `,` or `)`'."""
    accepted = set(trouble.accepted)
    words: list[str] = []
    if "VAR" in accepted:
        words.append("a statement")
        accepted -= {"STRING", "REFERENCE", "NAME", "STAR", "LPAR"}
    elif "INTEGER" in accepted:
        words.append("an argument" if {"LAMBDA", "RPAR"} <= accepted else "a value")
        accepted -= {"STRING", "REFERENCE", "NAME", "STAR", "LPAR"}
    if "AND" in accepted:
        words.append("an operator")
    words += [word for type, word in NAMES_OF.items() if type in accepted]
    if END in accepted and trouble.rule == "formula":
        words.append("the end of the expression")
    *most, last = words or ["the end"]
    return f"{', '.join(most)} or {last}" if most else last


def _found(token: Token) -> str:
    kind = {
        "STRING": "string ",
        "REFERENCE": "name ",
        "REGEX": "regex ",
        "INTEGER": "number ",
        "FLOAT": "number ",
        "DURATION": "duration ",
    }.get(token.type, "")
    return "end of the script" if token.type == END else f"{kind}`{shown(token.text)}`"


def _character(character: str) -> str:
    if character.isprintable() and not character.isspace():
        return f"character `{character}`"
    return f"character U+{ord(character):04X} ({unicodedata.name(character, 'control character').lower()})"


# --- mistakes that have a place or words of their own ---


def _quote(trouble: Trouble) -> Diagnostic | None:
    """A quote that is missing shows itself only where the next one stands: say so at the first."""
    token, before = trouble.token, trouble.back(1)
    if token.type == UNCLOSED:
        what, hint = {
            "'": ("this string has no closing `'`", "inside a string a `'` is written `\\'`"),
            '"': ('this name has no closing `"`', "a text stands in single quotes, a field or tag in double quotes"),
            "/": ("this regex has no closing `/`", "a comment begins with `//`"),
        }[token.text]
        if token.text == "/" and not {"REGEX", END} & trouble.accepted:
            return None
        return Diagnostic(UNCLOSED_QUOTE, what, span(token), "" if before.type == "EQUALITY" else hint)
    for suspect in (before, token):
        touching = trouble.adjacent if suspect is before else True
        if suspect.type in ("STRING", "REFERENCE") and "\n" in suspect.text and touching:
            if suspect.text.startswith("'''"):
                continue
            end = trouble.script.count("\n", 0, suspect.end) + 1
            message = f"a quote is missing: this one is closed only by the quote in line {end}"
            return Diagnostic(UNCLOSED_QUOTE, message, Span(suspect.start, suspect.start + 1))
    return None


def _number(trouble: Trouble) -> Diagnostic | None:
    before = trouble.back(1)
    if before.type not in ("INTEGER", "FLOAT", "DURATION"):
        return None
    if not trouble.adjacent and trouble.token.type != "NAME":
        return None
    return misspelt(trouble.script, before.start)


def _misspelt_lambda(trouble: Trouble) -> Diagnostic | None:
    before = trouble.back(1)
    if trouble.token.text != ":" or not trouble.adjacent or not _is_like_lambda(before):
        return None
    whole = span(before).to(span(trouble.token))
    return Diagnostic(UNEXPECTED, f"`{before.text}:` begins no lambda", whole, "did you mean `lambda:`?")


def _dbrp(trouble: Trouble) -> Diagnostic | None:
    """A retention policy that is missing shows itself only in the next line: say so behind the database."""
    database = trouble.back(1)
    if trouble.back(2).type != "DBRP" or database.type != "REFERENCE" or trouble.token.type == "DOT":
        return None
    hint = f'a dbrp names both: `dbrp {shown(database.text)}."autogen"`'
    return Diagnostic(UNEXPECTED, "the retention policy is missing", span(database), hint)


def _no_parentheses(trouble: Trouble) -> Diagnostic | None:
    """`.measurement 'cpu'`: what stands behind it is taken for a statement, so the next link begins nowhere."""
    argument, name, operator = trouble.back(1), trouble.back(2), trouble.back(3)
    if trouble.token.type not in LINKS or argument.type not in ("STRING", "INTEGER", "FLOAT", "DURATION", "REFERENCE"):
        return None
    if name.type != "NAME" or operator.type not in LINKS or "\n" in trouble.script[name.end : argument.start]:
        return None
    hint = f"arguments stand in parentheses: `{operator.text}{name.text}({shown(argument.text)})`"
    return Diagnostic(UNEXPECTED, f"unexpected {_found(argument)}, expected `(`", span(argument), hint)


def _end(trouble: Trouble) -> Diagnostic | None:
    token = trouble.token
    if token.type != END or trouble.open:
        return None
    if not trouble.before:
        return Diagnostic(NO_EXPRESSION, "an expression is missing", span(token), 'for example "usage_idle" < 10')
    end = trouble.back(1).end
    what = "expression" if trouble.rule == "formula" else "script"
    return Diagnostic(
        UNEXPECTED, f"the {what} ends here, expected {expected(trouble)}", Span(end, end), next(_hints(trouble), "")
    )


def _closing_bracket(trouble: Trouble) -> Diagnostic | None:
    token = trouble.token
    if token.type not in ("RPAR", "RSQB"):
        return None
    if not trouble.open:
        return _missing_opening(trouble) or Diagnostic(
            UNCLOSED_BRACKET, f"this `{token.text}` closes nothing", span(token)
        )
    opening = trouble.open[-1]
    if {opening.text, token.text} in ({"(", ")"}, {"[", "]"}):
        return None
    line = trouble.script.count("\n", 0, opening.start) + 1
    return Diagnostic(
        UNCLOSED_BRACKET, f"this `{token.text}` does not fit the `{opening.text}` in line {line}", span(token)
    )


def _missing_opening(trouble: Trouble) -> Diagnostic | None:
    """The last name of a link in the line that has no `(` behind it."""
    line_start = trouble.script.rfind("\n", 0, trouble.token.start)
    for operator, name, after in zip(trouble.before, trouble.before[1:], trouble.before[2:], strict=False):
        if operator.start > line_start and operator.type in LINKS and after.type not in (*LINKS, "LPAR"):
            hint = f"arguments stand in parentheses: `{operator.text}{name.text}(…)`"
            return Diagnostic(UNEXPECTED, f"unexpected {_found(after)}, expected `(`", span(after), hint)
    return None


def _unclosed_bracket(trouble: Trouble) -> Diagnostic | None:
    """Where a new line or the end of the script comes before a bracket is closed, the bracket is the culprit."""
    token = trouble.token
    if not trouble.open or not {"RPAR", "RSQB"} & trouble.accepted:
        return None
    new_line = "\n" in trouble.script[trouble.back(1).end : token.start]
    if token.type != END and not (new_line and token.type in ("VBAR", "DOT", "AT", "VAR", "DBRP", "NAME")):
        return None
    opening = trouble.open[-1]
    closing = ")" if opening.text == "(" else "]"
    at = "at the end" if token.type == END else f"before `{shown(token.text)}`"
    line = trouble.script.count("\n", 0, token.start) + 1
    return Diagnostic(
        UNCLOSED_BRACKET,
        f"this `{opening.text}` is never closed",
        span(opening),
        f"a `{closing}` is missing {at} of line {line}"
        if token.type == END
        else f"a `{closing}` is missing {at} in line {line}",
    )


# --- hints ---


def _hints(trouble: Trouble) -> Iterator[str]:
    """What the author may have meant, the surest guess first."""
    for guess in (_spelling, _lambda, _comment, _parentheses, _assignment, _quotes, _link, _word):
        hint = guess(trouble)
        if hint:
            yield hint


KEYWORDS = frozenset({"VAR", "DBRP", "AND", "OR", "TRUE", "FALSE", "LAMBDA"})

SPELLINGS = [
    (re.compile(pattern), hint)
    for pattern, hint in (
        ("&", "and is written `AND`"),
        (r"\|\s*\|", "or is written `OR`"),
        ("===?", "equality is `==`"),
        ("[“”„‟«»‘’‚‛`´]", "use straight quotes: 'text' for a string, \"name\" for a field or tag"),
        ("\ufeff", "save the file without a byte order mark"),
        ("[\u200b-\u200f\u2060\u00ad]", "delete this invisible character"),
        (";", "statements need no separator; delete it"),
        ("#", "a comment begins with `//`"),
        (r"/\s*\*", "a comment begins with `//`"),
        (">", "unequal is `!=`"),
        ("[{}]", "TICKscript has no braces; a template's `{{ … }}` stands inside a string"),
        ("[–—−]", "minus is `-`"),
        ("≠", "unequal is `!=`"),
        ("[≤≥]", "write `<=` or `>=`"),
        (r"\$", "a var is written without `$`"),
        (r"\?", "write `if(condition, a, b)`"),
        (r"\^", "a power is written `pow(x, y)`"),
        (r"\+", "a number needs no `+`"),
        ("_", "a name begins with a letter"),
        ("~", "a regex is compared with `=~` or `!~`"),
    )
]


def _spelling(trouble: Trouble) -> str:
    if trouble.token.type == UNKNOWN and trouble.before and trouble.token.text in "=<>+%" and _behind_comment(trouble):
        return ""
    if trouble.token.type not in (UNKNOWN, "VBAR", "SLASH", "REGEX", UNCLOSED):
        return ""
    return next((hint for pattern, hint in SPELLINGS if pattern.match(trouble.rest)), "")


def _lambda(trouble: Trouble) -> str:
    before = trouble.back(1)
    if before.type != "NAME":
        return ""
    colon = trouble.token.text == ":"
    if before.text == "lambda":
        return "write `lambda:`, with nothing before the colon" if colon else "a colon belongs to it: `lambda:`"
    return "did you mean `lambda:`?" if trouble.token.type == "REFERENCE" and _is_like_lambda(before) else ""


def _is_like_lambda(token: Token) -> bool:
    return token.type == "NAME" and token.text != "lambda" and nearest(token.text, ["lambda"]) is not None


def _comment(trouble: Trouble) -> str:
    if trouble.token.type == "REGEX" and trouble.token.text == "//":
        return f"right behind `{trouble.back(1).text}` Kapacitor reads `//` as an empty regex: move the comment"
    if _behind_comment(trouble) and trouble.token.text[:1] in "=<>+%*/!":
        return "Kapacitor finds no operator right behind a comment: put the operator, or the comment, elsewhere"
    return ""


def _behind_comment(trouble: Trouble) -> bool:
    return "//" in trouble.script[trouble.back(1).end : trouble.token.start]


def _parentheses(trouble: Trouble) -> str:
    name, operator = trouble.back(1), trouble.back(2)
    if name.type == "NAME" and operator.type in LINKS and "LPAR" in trouble.accepted:
        return f"arguments stand in parentheses: `{operator.text}{name.text}()`"
    return ""


def _assignment(trouble: Trouble) -> str:
    token, before = trouble.token, trouble.back(1)
    if token.text == "=" and before.type in ("COMPARISON", "BANG"):
        return f"write `{before.text}=`, without a space"
    if trouble.rest.startswith("=!"):
        return "unequal is `!=`"
    if trouble.back(2).type == "VAR" and token.text in ("==", ":"):
        return f"write `var {before.text} = …`"
    if token.text != "=":
        return ""
    if trouble.open or trouble.rule == "formula":
        return "equality is `==`"
    return f"write `var {before.text} = …`" if before.type == "NAME" else ""


def _word(trouble: Trouble) -> str:
    token, before = trouble.token, trouble.back(1)
    if token.type == "NAME" and token.text.upper() in ("AND", "OR") and "AND" in trouble.accepted:
        return f"write `{token.text.upper()}`, in capitals"
    if before.type == "NAME" and before.text.lower() == "not":
        return "not is written `!`"
    if token.type in KEYWORDS and trouble.accepted <= {"NAME", "LPAR", "EQUAL"}:
        return f"`{token.text}` is a word of the language and cannot be a name"
    if token.type == "LAMBDA" and "AND" not in trouble.accepted and "INTEGER" in trouble.accepted:
        return "one `lambda:` is enough"
    if token.text == "/" and "INTEGER" in trouble.accepted:
        return 'a regex stands right behind `=~` or `!~`: "host" =~ /web/'
    if before.type == "LSQB" or (before.type == "COMMA" and trouble.open[-1:] and trouble.open[-1].type == "LSQB"):
        return "a list holds strings, vars and `*`"
    return ""


def _link(trouble: Trouble) -> str:
    token, before = trouble.token, trouble.back(1)
    if token.type not in LINKS:
        return ""
    if before.type in LINKS:
        return f"write `{token.text}` alone" if token.type == "AT" or token.text == before.text else ""
    if token.type == "DOT" and before.type == "NAME" and "AND" in trouble.accepted:
        return f'a field or tag is named in double quotes: "{before.text}.…"'
    if "VAR" in trouble.accepted:
        return "a chain begins with `stream`, `batch` or a var"
    return ""


def _quotes(trouble: Trouble) -> str:
    token, before = trouble.token, trouble.back(1)
    if token.type == "REFERENCE" and before.text == '""' and trouble.adjacent:
        return "a long text stands between three single quotes: '''text'''"
    if token.type == "REFERENCE" and "STRING" in trouble.accepted:
        return f"a text stands in single quotes: '{shown(token.text[1:-1])}'"
    if token.type == "STRING" and "REFERENCE" in trouble.accepted:
        return f'write it in double quotes: "{shown(token.text[1:-1])}"'
    return ""
