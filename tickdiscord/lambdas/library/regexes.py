"""Functions that take a regex."""

from tickdiscord.lambdas.library.entry import Function, Signature, shows
from tickdiscord.lambdas.patterns import Regex
from tickdiscord.lambdas.types import Type


def _replace(pattern: Regex, text: str, replacement: str) -> str:
    return pattern.replace(text, replacement)


FUNCTIONS = (
    Function(
        "regexReplace",
        "The text with every match replaced; in the replacement, `$1` and `${name}` are groups and `$$` is a dollar.",
        ("regex", "text", "replacement"),
        (Signature((Type.REGEX, Type.STRING, Type.STRING), Type.STRING, _replace, fails=True),),
        (
            shows("regexReplace(/x/, 'axbx', 'y')", "ayby"),
            shows(r"regexReplace(/(?P<w>\w+)@(\w+)/, 'me@host', '${w} at $2')", "me at host"),
            shows("regexReplace(/(a)/, 'a', '$1x')", ""),
            shows("regexReplace(/a/, 'a', '$$1')", "$1"),
            shows("regexReplace(/x*/, 'abc', '-')", "-a-b-c-"),
        ),
    ),
)
